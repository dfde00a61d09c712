import { assert } from '../../base/assert.ts'
import { mayBeOption, SPLIT } from './marks.ts'

/** What the value of an option is: text, a file that is read, a file that is written. */
export type ValueUse = 'text' | 'read' | 'write'

export interface OptionKind {
  /** `flag`: none. `value`: attached or the next words. `attached`: none, or attached. */
  readonly kind: 'flag' | 'value' | 'attached'
  readonly use: ValueUse
  /** Words that the value takes; jq's `--arg name value` takes two. */
  readonly words: number
}
export type OptionTable = ReadonlyMap<string, OptionKind>

/**
 * Options as words: `-abc` are three flags, `-n:` has a value, `--color:?` may have an attached one, `-f:r` reads the file
 * of that name, `-o:w` writes it, `--arg:2` takes two words, `-#` is a number such as `-5`, and so is `+#`.
 * With `isSingle`, `-name` is one option, as in `java -version`.
 */
export function optionTable(text: string, isSingle = false): OptionTable {
  const table = new Map<string, OptionKind>()
  for (const token of text.split(/\s+/)) {
    if (token === '') continue
    const at = token.indexOf(':')
    const name = at < 0 ? token : token.slice(0, at)
    const kind = kindOf(at < 0 ? undefined : token.slice(at + 1))
    if (isSingle || name.startsWith('--') || name.endsWith('#')) table.set(name, kind)
    else {
      assert(at < 0 || name.length === 2, `one letter may have a value: ${token}`)
      for (const letter of name.slice(1)) table.set(`-${letter}`, kind)
    }
  }
  return table
}

function kindOf(suffix: string | undefined): OptionKind {
  if (suffix === undefined) return { kind: 'flag', use: 'text', words: 0 }
  if (suffix === '?') return { kind: 'attached', use: 'text', words: 0 }
  const use = suffix.includes('r') ? 'read' : suffix.includes('w') ? 'write' : 'text'
  return { kind: 'value', use, words: suffix.includes('2') ? 2 : 1 }
}

export interface FoundOption {
  readonly name: string
  readonly value: string
  readonly use: ValueUse
}

export interface Scan {
  readonly operands: string[]
  readonly options: FoundOption[]
  /** Options as written that are in no table: they may do anything. Long options are never completed. */
  readonly strange: string[]
  /** A word that may turn out to be an option. */
  injectable: boolean
  /** Place of the first word that was not looked at. */
  end: number
}

export interface ScanHow {
  /** Stop before the first word that is no option: what follows is a command. */
  readonly stopAtOperand?: boolean
  readonly isSingle?: boolean
  readonly from?: number
}

/** Reads the words after a program's name against its table. */
export function scan(words: readonly string[], table: OptionTable, how: ScanHow = {}): Scan {
  const result: Scan = { operands: [], options: [], strange: [], injectable: false, end: how.from ?? 0 }
  while (result.end < words.length) {
    const word = words[result.end] ?? ''
    if (word === '--') {
      result.end += 1
      if (how.stopAtOperand !== true) {
        result.operands.push(...words.slice(result.end))
        result.end = words.length
      }
      return result
    }
    const isOption = isWrittenAsOption(word, table)
    if (!isOption && how.stopAtOperand === true) return result
    result.end += 1
    if (isOption) readOption(word, words, { result, table, isSingle: how.isSingle === true })
    else addOperand(word, result)
  }
  return result
}

function isWrittenAsOption(word: string, table: OptionTable): boolean {
  return (word.startsWith('-') && word !== '-') || (table.has('+#') && /^\+\d+$/.test(word))
}

function addOperand(word: string, result: Scan): void {
  if (mayBeOption(word) || word.includes(SPLIT)) result.injectable = true
  result.operands.push(word)
}

interface At {
  readonly result: Scan
  readonly table: OptionTable
  readonly isSingle: boolean
}

function readOption(word: string, words: readonly string[], at: At): void {
  const { result, table } = at
  if (/^[-+]\d+$/.test(word) && table.has(word.charAt(0) === '-' ? '-#' : '+#')) {
    result.options.push({ name: '-#', value: word.slice(1), use: 'text' })
  } else if (word.startsWith('--') || at.isSingle) {
    readLong(word, words, at)
  } else {
    readCluster(word, words, at)
  }
}

function readLong(word: string, words: readonly string[], { result, table }: At): void {
  const equals = word.indexOf('=')
  const name = equals < 0 ? word : word.slice(0, equals)
  const kind = table.get(name)
  if (kind === undefined || (equals >= 0 && kind.kind === 'flag')) result.strange.push(word)
  else takeValue({ name, kind, attached: equals < 0 ? undefined : word.slice(equals + 1) }, words, result)
}

/** `-abc` is `-a -b -c`, or `-a` with the value `bc`. */
function readCluster(word: string, words: readonly string[], { result, table }: At): void {
  for (let i = 1; i < word.length; i += 1) {
    const name = `-${word.charAt(i)}`
    const kind = table.get(name)
    if (kind === undefined) {
      result.strange.push(word)
      return
    }
    const after = word.slice(i + 1)
    if (kind.kind !== 'flag') {
      return takeValue({ name, kind, attached: after === '' ? undefined : after }, words, result)
    }
    takeValue({ name, kind, attached: undefined }, words, result)
  }
}

interface Written {
  readonly name: string
  readonly kind: OptionKind
  readonly attached: string | undefined
}

function takeValue({ name, kind, attached }: Written, words: readonly string[], result: Scan): void {
  if (kind.kind !== 'value' || attached !== undefined) {
    // More words than one only ever stand on their own.
    if (kind.words > 1) result.strange.push(name)
    if (attached?.includes(SPLIT) === true) result.injectable = true
    result.options.push({ name, value: attached ?? '', use: kind.use })
    return
  }
  const values = words.slice(result.end, result.end + kind.words)
  if (values.length < kind.words) result.strange.push(name)
  result.end += kind.words
  if (values.some((value) => value.includes(SPLIT))) result.injectable = true
  result.options.push({ name, value: values.at(-1) ?? '', use: kind.use })
}

/** The last value of one of the options; undefined where none of them stands there. */
export function valueOf(found: Scan, ...names: readonly string[]): string | undefined {
  return found.options.findLast(({ name }) => names.includes(name))?.value
}

export function has(found: Scan, ...names: readonly string[]): boolean {
  return found.options.some(({ name }) => names.includes(name))
}
