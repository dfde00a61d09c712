import { isObject } from '../base/json.ts'
import { beside } from './wrap.ts'

type Members = Readonly<Record<string, unknown>>

/** `short`: without what is false and what names the parser. */
interface Wanted {
  readonly short: boolean
}

/** Facts for people: one each line, without those that say nothing. */
export function factLines(facts: Members, wanted: Wanted = { short: false }): string[] {
  const rows = Object.entries(facts).flatMap(([kind, of]) => (isObject(of) ? rowsOf(kind, of, wanted) : []))
  const width = Math.max(0, ...rows.map(([name]) => name.length)) + 2
  return rows.flatMap(([name, value]) => beside(name.padEnd(width), value))
}

type Row = readonly [name: string, value: string]

function rowsOf(kind: string, facts: Members, wanted: Wanted): Row[] {
  return Object.entries(facts).flatMap(([name, value]) => rowsAt(`${kind}.${name}`, value, wanted))
}

function rowsAt(path: string, value: unknown, wanted: Wanted): Row[] {
  const name = path.slice(path.lastIndexOf('.') + 1)
  if (name === 'present' || saysNothing(value)) return []
  if (wanted.short && (value === false || PARSERS.includes(name)) && name !== 'parsed') return []
  if (!Array.isArray(value)) return [[path, shown(value)]]
  if (!value.some(isObject)) return [[path, value.map(shown).join(', ')]]
  return value.flatMap((one, i) => (isObject(one) ? nested(`${path}[${i}]`, one, wanted) : []))
}

const PARSERS = ['parser', 'fingerprint', 'dialect']

function nested(path: string, one: Members, wanted: Wanted): Row[] {
  const { program, args, via } = one
  if (typeof program !== 'string' || !Array.isArray(args)) return rowsOf(path, one, wanted)
  const words = [program, ...args.map((word) => (word === '\0' ? UNKNOWN : quoted(String(word))))]
  return [[path, `${words.join(' ')}${typeof via === 'string' && via !== '' ? `  (in ${via})` : ''}`]]
}

function saysNothing(value: unknown): boolean {
  return value === '' || value === -1 || value === 'n/a' || (Array.isArray(value) && value.length === 0)
}

/** A word that is only known at run time is a NUL in facts. */
function shown(value: unknown): string {
  return value === '\0' ? UNKNOWN : String(value)
}

const UNKNOWN = '(known at run time only)'

function quoted(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word}'`
}
