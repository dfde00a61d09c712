import type { EntityName } from '../entities.ts'
import type { Run, RunDetector, Sink } from '../find/finding.ts'
import { DIGIT, LOWER } from '../scan/bytes-tables.ts'
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
/** What is left of a run after its date is a number that is looked for only if it has so many bytes. */
const REST_BYTES_MIN = 7

/** A detector that is no table of numbers or codes, run where what it wants is wanted. */
export interface RunPart {
  readonly detect: RunDetector
  readonly wants: readonly Want[]
  /** What a run must have: letters in it or next to it, or what a phone number begins with. `dates`: dates count too. */
  readonly needs: 'letters' | 'mark' | 'nothing' | 'dates'
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
  /** The sink that was asked what it wants; a weak reference, so that what it found does not outlive its message. */
  #asked: WeakRef<Sink> | undefined

  constructor(from: Required<RunParts> & { rules: readonly NumberRule[]; codes: readonly CodeRule[] }) {
    const glued = new GluedWords(from.context)
    this.#table = new NumberTable(from.rules, this.#wanted)
    this.#numbers = new NumberSearch(this.#table, glued, this.#groups)
    this.#codes = new CodeSearch(from.codes, glued, this.#wanted)
    this.#parts = from.parts
    for (const { wants } of from.parts) for (const want of wants) this.#wanted.indexOf(want)
  }

  search(run: Run, sink: Sink): void {
    if (this.#asked?.deref() !== sink) this.#ask(sink)
    const { view } = run
    for (const part of this.#openWithDates) part.detect(run, sink)
    const start = afterTimestamp(view.bytes, run.start, run.end)
    const isCut = start !== run.start
    if (isCut && run.end - start < REST_BYTES_MIN) return
    const others = this.#groups.read(view.bytes, start, run.end)
    this.#numbers.search(view, sink)
    const hasLetters = (others & LETTER) !== 0 || isLetterNear(run, start)
    const rest = isCut ? { ...run, start } : run
    if (hasLetters) this.#codes.search(rest, sink)
    for (const part of this.#open) {
      if (part.needs === 'nothing' || (part.needs === 'letters' ? hasLetters : (others & MARK) !== 0))
        part.detect(rest, sink)
    }
  }

  #ask(sink: Sink): void {
    this.#asked = new WeakRef(sink)
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
  while (at < end && DIGIT[bytes[at] ?? 0] === 0) at += 1
  if (bytes[at + 4] !== DASH || bytes[at + 7] !== DASH || at + 10 > end) return start
  const century = bytes[at]
  if ((century !== 0x31 && century !== 0x32) || isDigit(bytes[at - 1])) return start
  if (!areDigits(bytes, at + 1, 3) || !areDigits(bytes, at + 5, 2) || !areDigits(bytes, at + 8, 2)) return start
  const after = at + 10
  if (isDigit(bytes[after])) return start
  const isTime = (bytes[after] === LETTER_T || bytes[after] === SPACE) && areDigits(bytes, after + 1, 2)
  return isTime && after + 3 === end ? end : after
}

/** Letters that touch the run, right away or with one separator between: `de89…`, `de 136 695 976`. */
function isLetterNear({ view: { bytes }, end }: Run, start: number): boolean {
  return isSmall(bytes[start - 1]) || isSmall(bytes[end])
}

function areDigits(bytes: Uint8Array, from: number, count: number): boolean {
  for (let at = from; at < from + count; at += 1) if (!isDigit(bytes[at])) return false
  return true
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && DIGIT[byte] === 1
}

function isSmall(byte: number | undefined): boolean {
  return byte !== undefined && LOWER[byte] === 1
}
