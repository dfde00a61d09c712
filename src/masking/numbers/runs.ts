import type { EntityName } from '../entities.ts'
import type { Run, RunDetector, Sink } from '../find/finding.ts'
import { DIGIT, UPPER } from '../scan/bytes-tables.ts'
import { touchesCode } from './code-edges.ts'
import { CodeSearch } from './code-search.ts'
import { GluedWords, isPieceOfUuid } from './edges.ts'
import { Groups, MARK } from './groups.ts'
import { NumberSearch } from './number-search.ts'
import { NumberTable } from './number-table.ts'
import type { CodeRule, NumberRule } from './rule.ts'
import { GROUP_SIZE_MAX } from './shape-tree.ts'
import { type Want, Wanted } from './wanted.ts'

const DASH = 0x2d
const LETTER_T = 0x54
const SPACE = 0x20
const ONE = 0x31
const TWO = 0x32
const DATE_BYTES = '2026-08-01'.length
/** What is left of a run after its date is looked at only if it has so many bytes. */
const REST_BYTES_MIN = 7
/** More than a run of digits has that a part could want. */
const NO_DIGITS = 2 ** 30
/** Digits alone that are more than the longest number are nothing but what a part may find in them. */
const ALONE_MAX = GROUP_SIZE_MAX + 1

/** A detector that is no table of numbers or codes, run where what it wants is wanted. */
export interface RunPart {
  readonly detect: RunDetector
  readonly wants: readonly Want[]
  /** Runs with fewer digits are not for it. */
  readonly digits: number
  /** Nor are those without letters in them or around them, which it looks for itself; or without a plus sign, `(` or 00. */
  readonly needs: 'letters' | 'mark' | 'nothing'
  /** What digits alone must begin with to be for it; anything where nothing is said. */
  readonly first?: string
  /** Dates and times are left out of what others are handed. */
  readonly takesDates: boolean
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
  const searches = new Searches({ rules, codes, context, parts })
  return (run, sink) => searches.of(sink).search(run, sink)
}

type RunRules = Required<RunParts> & { readonly rules: readonly NumberRule[]; readonly codes: readonly CodeRule[] }

/** Sets of what is wanted that are kept ready. A deployment has few rule sets, and each message has the words of few kinds. */
const SEARCHES_MAX = 32

/** One search for each set of what is wanted: messages take turns, and to choose anew for each would cost more than to search. */
class Searches {
  readonly #from: RunRules
  readonly #wanted = new Wanted()
  readonly #made = new Map<string, RunSearch>()
  /** The sink that was asked last. It is kept until the next message: it holds places of values, never values. */
  #asked: Sink | undefined
  #last: RunSearch

  constructor(from: RunRules) {
    this.#from = from
    // The first one only tells `wanted` what to ask for.
    this.#last = new RunSearch(from, this.#wanted)
  }

  of(sink: Sink): RunSearch {
    if (this.#asked === sink) return this.#last
    this.#asked = sink
    if (this.#wanted.refresh(sink)) this.#last = this.#chosen()
    return this.#last
  }

  #chosen(): RunSearch {
    const { key } = this.#wanted
    const known = this.#made.get(key)
    if (known !== undefined) return known
    const made = new RunSearch(this.#from, this.#wanted)
    if (this.#made.size >= SEARCHES_MAX) this.#made.clear()
    this.#made.set(key, made)
    return made
  }
}

/** Looks for what was wanted when it was made. */
class RunSearch {
  readonly #groups = new Groups(DIGIT)
  readonly #table: NumberTable
  readonly #numbers: NumberSearch
  readonly #codes: CodeSearch
  readonly #open: readonly RunPart[]
  readonly #openWithDates: readonly RunPart[]
  /** The fewest digits of a number, or of what a part looks for. */
  readonly #fewest: number
  /** By how many digits stand alone and the first of them: whether they may be something. */
  readonly #alone: Uint8Array

  constructor(from: RunRules, wanted: Wanted) {
    const glued = new GluedWords(from.context)
    this.#table = new NumberTable(from.rules, wanted)
    this.#numbers = new NumberSearch(this.#table, glued, this.#groups)
    this.#codes = new CodeSearch(from.codes, glued, wanted)
    const isOpen = (want: Want): boolean => wanted.has(wanted.indexOf(want))
    const open = from.parts.filter(({ wants }) => wants.map(isOpen).includes(true))
    this.#table.select()
    this.#codes.select()
    this.#open = open.filter(({ takesDates }) => !takesDates)
    this.#openWithDates = open.filter(({ takesDates }) => takesDates)
    this.#fewest = Math.min(NO_DIGITS, this.#table.shortest, ...this.#open.map(({ digits }) => digits))
    const parts = this.#open.filter(({ needs }) => needs === 'nothing')
    this.#alone = Uint8Array.from({ length: 10 * (ALONE_MAX + 1) }, (_, place) => {
      const [digits, first] = [Math.floor(place / 10), place % 10]
      const isForPart = (part: RunPart): boolean =>
        digits >= part.digits && (part.first ?? `${first}`).includes(`${first}`)
      return this.#table.bare(digits, first).length > 0 || parts.some(isForPart) ? 1 : 0
    })
  }

  search(run: Run, sink: Sink): void {
    for (const part of this.#openWithDates) part.detect(run, sink)
    // Most runs are counts, times and pieces of hexadecimal ids: a few comparisons tell them from all that is wanted.
    const hasNumber = this.#mayBeNumber(run)
    const hasCode = this.#mayBeCode(run)
    if ((!hasNumber && !hasCode) || isPieceOfUuid(run.view.bytes, run.start, run.end)) return
    const from = afterTimestamp(run)
    if (from > run.start && run.end - from < REST_BYTES_MIN) return
    if (from === run.start) this.#searchRest(run, hasNumber, hasCode, sink)
    else this.#searchAfterTime(restOf(run, from), sink)
  }

  #searchAfterTime(rest: Run, sink: Sink): void {
    this.#searchRest(rest, this.#mayBeNumber(rest), this.#mayBeCode(rest), sink)
  }

  #searchRest(run: Run, hasNumber: boolean, hasCode: boolean, sink: Sink): void {
    const marks = hasNumber ? this.#searchNumbers(run, sink) : 0
    if (hasCode) this.#codes.search(run, sink)
    const open = this.#open
    for (let i = 0; i < open.length; i += 1) {
      const part = open[i]
      if (part === undefined || run.digits < part.digits) continue
      const { needs } = part
      if (needs === 'letters' || (needs === 'mark' ? marks === MARK : hasNumber)) part.detect(run, sink)
    }
  }

  /** Letters in it or around it could make an id of it. */
  #mayBeCode(run: Run): boolean {
    return touchesCode(run) || (run.capitals > 0 && run.digits + run.capitals >= this.#codes.shortest)
  }

  #mayBeNumber({ view, start, end, digits }: Run): boolean {
    if (digits !== end - start) return digits >= this.#fewest
    return this.#alone[10 * Math.min(digits, ALONE_MAX) + ((view.bytes[start] ?? 0) & 0x0f)] === 1
  }

  #searchNumbers({ view, start, end, digits }: Run, sink: Sink): number {
    if (digits !== end - start) {
      const marks = this.#groups.read(view.bytes, start, end)
      // Fewer are enough for a part, and for none of the numbers.
      if (digits >= this.#table.shortest) this.#numbers.search(view, sink)
      return marks
    }
    // Most are times in milliseconds: no number that is wanted has so many digits.
    if (this.#table.bare(digits, view.bytes[start] ?? 0).length > 0) {
      this.#groups.readOne(start, end)
      this.#numbers.search(view, sink)
    }
    return 0
  }
}

function restOf({ view, end }: Run, start: number): Run {
  let digits = 0
  let capitals = 0
  for (let at = start; at < end; at += 1) {
    digits += DIGIT[view.bytes[at] ?? 0] ?? 0
    capitals += UPPER[view.bytes[at] ?? 0] ?? 0
  }
  return { view, start, end, digits, capitals }
}

/** Most runs of a message are times as in ISO 8601, and they are nothing else: `2026-08-01T10`, `2026-08-01 10`. */
function afterTimestamp({ view: { bytes }, start, end, digits }: Run): number {
  if (digits === end - start) return start
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

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && DIGIT[byte] === 1
}
