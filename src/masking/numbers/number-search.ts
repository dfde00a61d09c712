import { entityId } from '../entities.ts'
import type { Finding, Sink } from '../find/finding.ts'
import type { View } from '../find/view.ts'
import { DIGIT } from '../scan/bytes-tables.ts'
import {
  type Edge,
  type GluedWords,
  edgeBefore,
  gluedWord,
  hasFraction,
  isEndOfNumber,
  isInUuid,
  isJoinedAfter,
  isJoinedBefore,
} from './edges.ts'
import { gapKey, NO_GAPS } from './gaps.ts'
import type { Groups } from './groups.ts'
import { isListed } from './listings.ts'
import { isInParcel } from './parcels.ts'
import type { NumberTable, TriedNumber } from './number-table.ts'
import type { Verdict } from './rule.ts'
import { GROUP_SIZE_MAX } from './shape-tree.ts'

const CREDIT_CARD = entityId('credit_card')
const SPACE = 0x20
const DASH = 0x2d
/** From so many digits on, a card whose check passes is taken out of a longer row of groups. */
const CARD_IN_ROW_DIGITS_MIN = 14

/** What no number is glued to; an empty word is of letters that are no word. */
const NO_WORD = ' '

/** A number that could be one: groups `first` to `last`, with what stands around them. */
interface Candidate {
  readonly view: View
  readonly first: number
  readonly last: number
  readonly edge: Edge
  /** The word it is glued to; NO_WORD where there is none. */
  readonly word: string
  /** More groups follow or come before, with the same separator: it may be a part of something longer. */
  readonly inRow: boolean
}

type Scored = Pick<Finding, 'start' | 'end' | 'score'>

/** Looks for numbers in runs: one group alone, and groups with separators. */
export class NumberSearch {
  readonly #table: NumberTable
  readonly #glued: GluedWords
  readonly #groups: Groups
  readonly #digits = new Uint8Array(GROUP_SIZE_MAX)
  #gapKey = NO_GAPS
  #sameGap = 0

  /** `groups` are those of the run that is searched. */
  constructor(table: NumberTable, glued: GluedWords, groups: Groups) {
    this.#table = table
    this.#glued = glued
    this.#groups = groups
  }

  search(view: View, sink: Sink): void {
    const groups = this.#groups
    for (let first = 0; first < groups.count; first += 1) {
      const size = groups.size(first)
      const rules = this.#table.bare(size, view.bytes[groups.start(first)] ?? 0)
      if (rules.length > 0) this.#tryBare(view, first, rules, sink)
      if (this.#table.grouped.next(0, size) === 0) continue
      if (this.#isDate(view.bytes, first)) first += 2
      else this.#tryGrouped(view, first, sink)
    }
  }

  /** A date as in ISO 8601: its parts are no groups of a number. */
  #isDate(bytes: Uint8Array, first: number): boolean {
    const groups = this.#groups
    if (groups.size(first) !== 4 || groups.separator(first + 1) !== DASH || groups.size(first + 1) !== 2) return false
    if (groups.separator(first + 2) !== DASH || groups.size(first + 2) !== 2) return false
    const century = bytes[groups.start(first)]
    return (century === 0x31 || century === 0x32) && groups.separator(first) !== DASH
  }

  #tryBare(view: View, first: number, rules: readonly TriedNumber[], sink: Sink): void {
    const groups = this.#groups
    const digits = groups.size(first)
    const start = groups.start(first)
    const end = groups.end(first)
    if (!isEndOfNumber(view, end)) return
    const edge = edgeBefore(view, start, digits)
    if (edge === 'blocked' || isPartOfUuid(view.bytes, start, end)) return
    const word = edge === 'glued' ? gluedWord(view, start) : NO_WORD
    if (word === '') return
    const candidate = { view, first, last: first, edge, word, inRow: false }
    const isFraction = hasFraction(view.bytes, end)
    this.#copy(view.bytes, first, first)
    for (const rule of rules) if (!isFraction || rule.entity === CREDIT_CARD) this.#try(rule, candidate, sink)
  }

  #tryGrouped(view: View, first: number, sink: Sink): void {
    const groups = this.#groups
    let node = this.#table.grouped.next(0, groups.size(first))
    let digits = groups.size(first)
    for (let last = first + 1; node !== 0 && last < groups.count; last += 1) {
      if (groups.separator(last) === 0) return
      node = this.#table.grouped.next(node, groups.size(last))
      digits += groups.size(last)
      const rules = node === 0 ? undefined : this.#table.grouped.endsAt(node)
      if (rules !== undefined && rules.length > 0 && this.#readGaps(rules, first, last))
        this.#tryRules(rules, { view, first, last, digits }, sink)
    }
  }

  /** `#readGaps` has read what stands between the groups. */
  #tryRules(
    rules: readonly TriedNumber[],
    place: { view: View; first: number; last: number; digits: number },
    sink: Sink,
  ): void {
    const groups = this.#groups
    const { view, first, last, digits } = place
    const start = groups.start(first)
    const end = groups.end(last)
    if (!isEndOfNumber(view, end)) return
    const edge = edgeBefore(view, start, digits)
    if (edge === 'blocked' || isPartOfUuid(view.bytes, start, end)) return
    const inRow = this.#isInRow(view.bytes, first, last)
    if (inRow && isInParcel(view.bytes, groups, first)) return
    const isInId = this.#isInId(view.bytes, first, last)
    const word = edge === 'glued' ? gluedWord(view, start) : NO_WORD
    if (word === '') return
    this.#copy(view.bytes, first, last)
    const candidate = { view, first, last, edge, word, inRow }
    // What is cheap to ask comes first: most rules are done with then.
    for (const rule of rules)
      if (mayCount(rule, { inRow, isInId }, sink) && rule.gaps.allow(this.#gapKey, this.#sameGap))
        this.#try(rule, candidate, sink)
  }

  #try(rule: TriedNumber, candidate: Candidate, sink: Sink): void {
    const { first, last, inRow } = candidate
    const score = first === last ? rule.bare : groupedScore(rule, inRow)
    if (candidate.edge === 'glued' && !this.#glued.has(rule.entity, candidate.word)) return
    const verdict = rule.check(this.#digits)
    if (verdict === undefined || (verdict === 'failed' && !sink.may(rule.entity, 0))) return
    if (first !== last && isListed(candidate.view, this.#groups, first, last)) return
    const found = { start: this.#groups.start(first), end: this.#groups.end(last), score }
    this.#add(rule, verdict, found, sink)
  }

  /** All findings are of one build: they are read thousands of times. A wrong check counts only with a word near it. */
  #add({ entity, name }: TriedNumber, verdict: Verdict, { start, end, score }: Scored, sink: Sink): void {
    if (verdict === 'failed') sink.add({ entity, start, end, score: 0, by: 'shape', rule: name, lacks: 'checksum' })
    else sink.add({ entity, start, end, score, by: verdict === 'passed' ? 'checksum' : 'shape', rule: name })
  }

  /** Whether any of the rules allows what stands in the gaps, which is kept for whoever asks of one of them. */
  #readGaps(rules: readonly TriedNumber[], first: number, last: number): boolean {
    const groups = this.#groups
    let same = groups.separator(first + 1)
    let key = NO_GAPS
    for (let gap = first + 1; gap <= last; gap += 1) {
      const separator = groups.separator(gap)
      if (separator !== same) same = 0
      key = gapKey(key, separator)
    }
    this.#gapKey = key
    this.#sameGap = same
    for (let i = 0; i < rules.length; i += 1) if (rules[i]?.gaps.allow(key, same) === true) return true
    return false
  }

  /** The same separator joins it to another group on a side, with a space: a row of numbers, perhaps. */
  #isInRow(bytes: Uint8Array, first: number, last: number): boolean {
    const groups = this.#groups
    if (groups.separator(first + 1) !== SPACE) return false
    return (
      (groups.separator(first) === SPACE && bytes[groups.start(first) - 1] === SPACE) ||
      groups.separator(last + 1) === SPACE
    )
  }

  /** Its own separator joins it to more of a longer id on a side. */
  #isInId(bytes: Uint8Array, first: number, last: number): boolean {
    const groups = this.#groups
    const inner = groups.separator(first + 1)
    if (inner === SPACE) return false
    const start = groups.start(first)
    const end = groups.end(last)
    const before = bytes[start - 1]
    if ((before === inner || before === DASH) && isJoinedBefore(bytes, start)) return true
    return bytes[end] === inner && isJoinedAfter(bytes, end)
  }

  #copy(bytes: Uint8Array, first: number, last: number): void {
    const digits = this.#digits
    const end = this.#groups.end(last)
    let length = 0
    for (let at = this.#groups.start(first); at < end; at += 1) {
      const byte = bytes[at] ?? 0
      digits[length] = byte & 0x0f
      length += DIGIT[byte] ?? 0
    }
  }
}

/** In a row of more groups it counts as digits alone, unless it is a card. */
function groupedScore(rule: TriedNumber, inRow: boolean): number {
  return !inRow || isLongCard(rule) ? rule.grouped : rule.bare
}

/** Of what is a part of a longer id or row, only some counts. */
function mayCount(rule: TriedNumber, { inRow, isInId }: { inRow: boolean; isInId: boolean }, sink: Sink): boolean {
  if (isInId && !isLongCard(rule)) return false
  return !inRow || sink.may(rule.entity, groupedScore(rule, inRow))
}

function isLongCard(rule: TriedNumber): boolean {
  return rule.entity === CREDIT_CARD && rule.digits >= CARD_IN_ROW_DIGITS_MIN && !rule.onlyGrouped
}

function isPartOfUuid(bytes: Uint8Array, start: number, end: number): boolean {
  return (bytes[start - 1] === DASH || bytes[end] === DASH) && isInUuid(bytes, start, end)
}
