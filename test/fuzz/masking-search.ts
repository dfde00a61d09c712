// Looks for values in a message the slow way: everything that a reader could make of it is made, and searched. It shares
// nothing with the search that masking itself does.
import { Buffer } from 'node:buffer'

/** No message of the fuzzer has more. */
const READINGS_MAX = 4_000

export interface Reading {
  readonly text: string
  /** How one gets there: `json`, `base64`. */
  readonly ways: readonly Way[]
}

type Way = 'json' | 'percent' | 'references' | 'base64' | 'cut base64' | 'folded'

/** JSON in JSON in JSON in JSON, percent signs written twice, base64: what is hidden deeper is not promised to be found. */
const TIMES_MAX: Readonly<Record<Way, number>> = {
  json: 4,
  percent: 2,
  references: 2,
  base64: 1,
  'cut base64': 1,
  folded: 1,
}

const WEB: ReadonlySet<Way> = new Set<Way>(['percent', 'references'])
const ENDS: ReadonlySet<Way | undefined> = new Set<Way | undefined>(['folded', 'cut base64'])
/** Thirty bytes are forty characters. */
const BASE64_BYTES_MIN = 30

/** Every text that a reader can make of a message, itself included. */
export function readingsOf(message: string): readonly Reading[] {
  const readings: Reading[] = []
  const seen = new Set<string>()
  let next: Reading[] = [{ text: message, ways: [] }]
  while (next.length > 0 && readings.length < READINGS_MAX) {
    const fresh = next.filter(({ text }) => text !== '' && !seen.has(text) && seen.add(text))
    readings.push(...fresh)
    next = fresh.flatMap((reading) => WAYS.flatMap(([way, read]) => further(reading, way, read)))
  }
  return readings
}

function further({ text, ways }: Reading, way: Way, read: (text: string) => string[]): Reading[] {
  const isSpent = ways.filter((one) => one === way || (WEB.has(one) && WEB.has(way))).length >= TIMES_MAX[way]
  // Something may be read in another way by chance, and then no further; in what stood in a URL, JSON has no escapes.
  if (
    isSpent ||
    (way === 'cut base64' && ways.includes('base64')) ||
    ENDS.has(ways.at(-1)) ||
    (way === 'json' && ways.some((one) => WEB.has(one)))
  )
    return []
  // A short row of letters is looked at for what it says, not for what that could say in turn.
  if (ways.at(-1) === 'base64' && text.length < BASE64_BYTES_MIN) return []
  return read(text).map((one) => ({ text: one, ways: [...ways, way] }))
}

const WAYS: readonly (readonly [way: Way, read: (text: string) => string[]])[] = [
  ['json', stringsOf],
  [
    'percent',
    (text) => [
      text.replaceAll(/(?:%[0-9a-fA-F]{2})+/g, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8')),
    ],
  ],
  ['references', (text) => [withoutReferences(text)]],
  ['base64', (text) => runsOf(text).flatMap((run) => decoded(run, 0))],
  ['cut base64', (text) => runsOf(text).flatMap((run) => [1, 2, 3].flatMap((from) => decoded(run, from)))],
  [
    'folded',
    (text) => [
      text
        .normalize('NFKC')
        .replaceAll(/[\u200b-\u200d\u2060\u00ad\ufeff]/g, '')
        .replaceAll(/[\u2010-\u2015\u2212]/g, '-')
        .replaceAll(/[\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) - 0x660)),
    ],
  ],
]

/** All strings and keys of a JSON text, and numbers as they are written. */
function stringsOf(text: string): string[] {
  if (!/^\s*[{["]/.test(text)) return []
  try {
    const found: string[] = []
    collect(JSON.parse(text), found)
    return found
  } catch {
    return []
  }
}

function collect(value: unknown, into: string[]): void {
  if (typeof value === 'string') into.push(value)
  if (typeof value !== 'object' || value === null) return
  for (const [key, one] of Object.entries(value)) {
    if (!Array.isArray(value)) into.push(key)
    collect(one, into)
  }
}

const NAMES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  commat: '@',
  colon: ':',
  period: '.',
}

function withoutReferences(text: string): string {
  return text
    .replaceAll(/&#(\d{1,7});?/g, (_, code: string) => character(Number(code)))
    .replaceAll(/&#[xX]([0-9a-fA-F]{1,6});?/g, (_, code: string) => character(parseInt(code, 16)))
    .replaceAll(/&([a-z]+);/g, (whole, name: string) => NAMES[name] ?? whole)
}

function character(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : ''
}

function runsOf(text: string): readonly string[] {
  return text.match(/[A-Za-z0-9+/_-]{16,}={0,2}/g) ?? []
}

/** What else stands in a row of letters makes so many characters of nothing. */
const CUT_MAX = 4

/** Only what is text, but for a few bytes at its ends. */
function decoded(run: string, from: number): string[] {
  const text = Buffer.from(run.slice(from), 'base64url').toString('utf8')
  return /[^\P{C}\n\r\t]|\ufffd/u.test(text.slice(CUT_MAX, -CUT_MAX)) ? [] : [text]
}

/** How one of the values can still be read, and which; undefined where none can. As part of a longer word it is another one. */
export function findReadable(message: string, values: readonly string[]): { value: string; way: string } | undefined {
  if (values.length === 0) return undefined
  const readings = readingsOf(message)
  for (const value of values) {
    const reading = readings.find(({ text }) => stands(text, value))
    if (reading !== undefined) return { value, way: reading.ways.join(', ') }
  }
  return undefined
}

/** Half a character is taken for a letter. */
const IN_WORD = /[\p{L}\p{M}\p{N}_\ufffd]/u

export function stands(text: string, value: string): boolean {
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1))
    if (!goesOn(text, at, -1) && !goesOn(text, at + value.length, 1)) return true
  return false
}

/** Whether the word that the value ends, or begins, goes on there. */
function goesOn(text: string, at: number, step: 1 | -1): boolean {
  const inside = text.charAt(step === 1 ? at - 1 : at)
  const outside = text.charAt(step === 1 ? at : at - 1)
  if (IN_WORD.test(inside) && (IN_WORD.test(outside) || /[\ud800-\udfff]/.test(outside))) return true
  // The point of a fraction belongs to a number.
  return outside === '.' && /\d/.test(inside) && /\d/.test(text.charAt(step === 1 ? at + 1 : at - 2))
}
