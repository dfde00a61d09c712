import type { EntityName } from '../entities.ts'
import type { Run, RunDetector, Sink } from '../find/finding.ts'
import { ALNUM, DIGIT, LOWER } from '../scan/bytes-tables.ts'
import { CodeSearch } from './code-search.ts'
import { GluedWords } from './edges.ts'
import { Groups, LETTER, MARK } from './groups.ts'
import { NumberSearch } from './number-search.ts'
import { NumberTable } from './number-table.ts'
import type { CodeRule, NumberRule } from './rule.ts'
import { type Want, Wanted } from './wanted.ts'

const DASH = 0x2d
const LETTER_T = 0x54
const SPACE = 0x20
const ONE = 0x31
const TWO = 0x32
const DATE_BYTES = '2026-08-01'.length
/** Ids in hexadecimal seldom have so many digits in a row. */
const GLUED_DIGITS_MIN = 8
/** What is left of a run after its date is a number that is looked for only if it has so many bytes. */
const REST_BYTES_MIN = 7

/** A detector that is no table of numbers or codes, run where what it wants is wanted. */
export interface RunPart {
  readonly detect: RunDetector
  readonly wants: readonly Want[]
  /** What a run must have: what a phone number begins with, or nothing; `dates`: it is handed dates and times too. */
  readonly needs: 'mark' | 'nothing' | 'dates'
}

export interface RunParts {
  /** Words that a value may be glued to, as in `ssn078051123`. */
  readonly context?: Readonly<Partial<Record<EntityName, readonly string[]>>>
  readonly parts?: readonly RunPart[]
}

/** Tries numbers, codes and other parts on every run. The detector keeps scratch space, so it is for one caller at a time. */
export function numberDetector(
  rules: readonly NumberRule[],
  codes: readonly CodeRule[],
  { context = {}, parts = [] }: RunParts = {},
): RunDetector {
  const search = new RunSearch({ rules, codes, context, parts })
  return (run, sink) => search.search(run, sink)
}

class RunSearch {
  readonly #wanted = new Wanted()
  readonly #groups = new Groups()
  readonly #table: NumberTable
  readonly #numbers: NumberSearch
  readonly #codes: CodeSearch
  readonly #parts: readonly RunPart[]
  #open: readonly RunPart[] = []
  #openWithDates: readonly RunPart[] = []
  /** The sink that was asked last. It is kept until the next message: it holds places of values, never values. */
  #asked: Sink | undefined

  constructor(from: Required<RunParts> & { rules: readonly NumberRule[]; codes: readonly CodeRule[] }) {
    const glued = new GluedWords(from.context)
    this.#table = new NumberTable(from.rules, this.#wanted)
    this.#numbers = new NumberSearch(this.#table, glued, this.#groups)
    this.#codes = new CodeSearch(from.codes, glued, this.#wanted)
    this.#parts = from.parts
    for (const { wants } of from.parts) for (const want of wants) this.#wanted.indexOf(want)
  }

  search(run: Run, sink: Sink): void {
    if (this.#asked !== sink) this.#ask(sink)
    for (const part of this.#openWithDates) part.detect(run, sink)
    const start = afterTimestamp(run.view.bytes, run.start, run.end)
    if (start === run.start) this.#searchRest(run, sink)
    else if (run.end - start >= REST_BYTES_MIN) this.#searchRest({ ...run, start }, sink)
  }

  #searchRest(run: Run, sink: Sink): void {
    const others = this.#groups.read(run.view.bytes, run.start, run.end)
    this.#numbers.search(run.view, sink)
    if ((others & LETTER) !== 0 || this.#touchesCode(run)) this.#codes.search(run, sink)
    for (const part of this.#open) if (part.needs === 'nothing' || (others & MARK) !== 0) part.detect(run, sink)
  }

  /**
   * Small letters make a code of a run that they touch if it has as many digits as hardly an id in hexadecimal has in a
   * row, or if they are few: `de89370400440532013000`, `de 136 695 976`, `131052-308t`.
   */
  #touchesCode({ view: { bytes }, start, end }: Run): boolean {
    if (isSmall(bytes[end]) && (this.#groups.largest >= GLUED_DIGITS_MIN || !isLetterOrDigit(bytes[end + 1])))
      return true
    return isSmall(bytes[start - 1]) && (this.#groups.largest >= GLUED_DIGITS_MIN || !isLetterOrDigit(bytes[start - 3]))
  }

  #ask(sink: Sink): void {
    this.#asked = sink
    if (!this.#wanted.refresh(sink)) return
    this.#table.select()
    this.#codes.select()
    const open = this.#parts.filter(({ wants }) => wants.some((want) => this.#wanted.has(this.#wanted.indexOf(want))))
    this.#open = open.filter(({ needs }) => needs !== 'dates')
    this.#openWithDates = open.filter(({ needs }) => needs === 'dates')
  }
}

/** Most runs of a message are times as in ISO 8601, and they are nothing else: `2026-08-01T10`, `2026-08-01 10`. */
function afterTimestamp(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end && !isDigit(bytes[at])) at += 1
  if (bytes[at + 4] !== DASH || bytes[at + 7] !== DASH || at + DATE_BYTES > end || !isDate(bytes, at)) return start
  const after = at + DATE_BYTES
  const isTime = (bytes[after] === LETTER_T || bytes[after] === SPACE) && areDigits(bytes, after + 1, 2)
  return isTime && after + 3 === end ? end : after
}

function isDate(bytes: Uint8Array, at: number): boolean {
  if ((bytes[at] !== ONE && bytes[at] !== TWO) || isDigit(bytes[at - 1]) || isDigit(bytes[at + DATE_BYTES]))
    return false
  return areDigits(bytes, at + 1, 3) && areDigits(bytes, at + 5, 2) && areDigits(bytes, at + 8, 2)
}

function areDigits(bytes: Uint8Array, from: number, count: number): boolean {
  for (let at = from; at < from + count; at += 1) if (!isDigit(bytes[at])) return false
  return true
}

function isLetterOrDigit(byte: number | undefined): boolean {
  return byte !== undefined && ALNUM[byte] === 1
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && DIGIT[byte] === 1
}

function isSmall(byte: number | undefined): boolean {
  return byte !== undefined && LOWER[byte] === 1
}
