import type { Word } from '../reader.ts'

/** `flag`: no value. `value`: a value, attached or as the next word. `attached`: a value only where it is attached. */
export type OptionKind = 'flag' | 'value' | 'attached'
export type OptionTable = ReadonlyMap<string, OptionKind>

/**
 * Options as words: `-a` is a flag, `--name=` has a value, `--color=?` may have an attached one, `-#` is a number such as
 * `-5`. Manuals are written that way, so a table can be held against one.
 */
export function options(...specs: readonly string[]): OptionTable {
  const table = new Map<string, OptionKind>()
  for (const word of specs.join(' ').split(/\s+/)) {
    if (word.endsWith('=?')) table.set(word.slice(0, -2), 'attached')
    else if (word.endsWith('=')) table.set(word.slice(0, -1), 'value')
    else if (word !== '') table.set(word, 'flag')
  }
  return table
}

export interface FoundOption {
  readonly name: string
  /** Undefined where there is none. */
  readonly value: string | undefined
}

export interface Scanned {
  /** Words that are no options; not those after `--`. */
  readonly words: readonly string[]
  readonly found: readonly FoundOption[]
  /** What stands after `--`, undefined where there is no `--`. */
  readonly rest: readonly Word[] | undefined
  /** Options as written that are in no table: they may do anything. */
  readonly strange: readonly string[]
  /** A word that is only known at run time, and so may be an option. */
  readonly dynamic: boolean
  /** Place of the first word that was not read. */
  readonly end: number
}

export interface ScanHow {
  readonly from?: number
  /** Stop before the first word that is no option. */
  readonly stopAtWord?: boolean
  /** `-name` is a long option, as Go's flag package and older tools write it; no clusters of letters. */
  readonly singleDash?: boolean
}

/** Reads words against tables of options; a word that only looks like one of them is `strange`. Never abbreviates. */
export function scan(words: readonly Word[], tables: readonly OptionTable[], how: ScanHow = {}): Scanned {
  const scanner = new Scanner(words, tables, how)
  scanner.run()
  return scanner
}

class Scanner implements Scanned {
  readonly words: string[] = []
  readonly found: FoundOption[] = []
  readonly strange: string[] = []
  rest: readonly Word[] | undefined
  dynamic = false
  end: number
  readonly #all: readonly Word[]
  readonly #tables: readonly OptionTable[]
  readonly #how: ScanHow

  constructor(all: readonly Word[], tables: readonly OptionTable[], how: ScanHow) {
    this.#all = all
    this.#tables = tables
    this.#how = how
    this.end = how.from ?? 0
  }

  run(): void {
    for (; this.end < this.#all.length; this.end += 1) {
      const word = this.#all[this.end]
      if (word === '--') {
        this.rest = this.#all.slice(this.end + 1)
        this.end = this.#all.length
        return
      }
      const isOption = word?.startsWith('-') === true && word !== '-'
      if (!isOption && this.#how.stopAtWord === true) return
      if (word === undefined) this.dynamic = true
      else if (isOption) this.#option(word)
      else this.words.push(word)
    }
  }

  #option(word: string): void {
    if (/^-\d+$/.test(word) && this.#kind('-#') !== undefined) {
      this.found.push({ name: '-#', value: word.slice(1) })
      return
    }
    const isLong = word.startsWith('--') || this.#how.singleDash === true
    if (isLong) this.#long(word)
    else this.#cluster(word)
  }

  #long(word: string): void {
    const at = word.indexOf('=')
    const written = at < 0 ? word : word.slice(0, at)
    const name = this.#how.singleDash === true && written.startsWith('--') ? written.slice(1) : written
    const value = at < 0 ? undefined : word.slice(at + 1)
    const kind = this.#kind(name)
    if (kind === 'value' && value === undefined) this.#next(name, word)
    else if (kind === undefined || (kind === 'flag' && value !== undefined && !isBoolean(value)))
      this.strange.push(word)
    else this.found.push({ name, value })
  }

  /** `-abc` is `-a -b -c`, or `-a` with the value `bc`. */
  #cluster(word: string): void {
    for (let i = 1; i < word.length; i += 1) {
      const name = `-${word.charAt(i)}`
      const kind = this.#kind(name)
      const after = word.slice(i + 1)
      if (kind === undefined) {
        this.strange.push(word)
        return
      }
      if (kind === 'value' && after === '') return this.#next(name, word)
      if (kind !== 'flag') {
        this.found.push({ name, value: after === '' ? undefined : after.replace(/^=/, '') })
        return
      }
      this.found.push({ name, value: undefined })
    }
  }

  #next(name: string, word: string): void {
    this.end += 1
    const value = this.#all[this.end]
    if (this.end >= this.#all.length) this.strange.push(word)
    else if (value === undefined) this.dynamic = true
    // Were a table wrong about one option, its "value" could hide another: a value that looks like an option is none.
    else if (/^--?[a-zA-Z]|^--$/.test(value)) this.strange.push(value)
    else this.found.push({ name, value })
  }

  #kind(name: string): OptionKind | undefined {
    for (const table of this.#tables) {
      const kind = table.get(name)
      if (kind !== undefined) return kind
    }
    return undefined
  }
}

/** Go's flag packages take these as the value of a flag. */
function isBoolean(value: string): boolean {
  return ['true', 'false', '1', '0', 't', 'f', 'T', 'F', 'TRUE', 'FALSE', 'True', 'False'].includes(value)
}

/** Whether one of the options stands there and is not switched off. */
export function has(scanned: Scanned, ...names: readonly string[]): boolean {
  return scanned.found.some(({ name, value }) => names.includes(name) && !isOff(value))
}

function isOff(value: string | undefined): boolean {
  return value !== undefined && ['false', '0', 'f', 'F', 'FALSE', 'False'].includes(value)
}

/** The last value of one of the options, empty where there is none. */
export function valueOf(scanned: Scanned, ...names: readonly string[]): string {
  return scanned.found.findLast(({ name }) => names.includes(name))?.value ?? ''
}

/** Whether a word is one of the long options, shortened or with a value: `--forc`, `--force=x`. */
export function isShortFor(word: Word, ...names: readonly string[]): boolean {
  if (word === undefined || !word.startsWith('--') || word.length < 4) return false
  const written = word.split('=', 1)[0] ?? word
  return names.some((name) => name.startsWith(written))
}
