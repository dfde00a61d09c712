import type { Run, Sink } from '../find/finding.ts'
import type { View } from '../find/view.ts'
import { DIGIT, LOWER, UPPER, isEscapeLetter, startsWord } from '../scan/bytes-tables.ts'
import { type GluedWords, gluedWord, isEndOfNumber, isInUuid, isJoinedAfter, isJoinedBefore } from './edges.ts'
import type { CodeRule } from './rule.ts'

/** The longest id of letters and digits: an IBAN may have 34. */
export const CODE_LENGTH_MAX = 34
/** Parts of an id that is written in parts; an IBAN of 34 in groups of four has nine. */
const PARTS_MAX = 10
const SPACE = 0x20

/** Letters and digits from `start` to `end`, with one separator between each two parts. */
interface Parts {
  readonly start: number
  readonly end: number
  /** Without separators. */
  readonly length: number
  readonly isSmall: boolean
  /** The separators, and the sizes of the parts. */
  readonly used: readonly number[]
  readonly sizes: readonly number[]
}

/** Looks for ids of letters and digits in runs and in the letters that touch them, in one word or in parts. */
export class CodeSearch {
  readonly #byLength: (readonly CodeRule[])[]
  readonly #separators = new Uint8Array(256)
  readonly #longest: number
  readonly #glued: GluedWords
  readonly #code = new Uint8Array(CODE_LENGTH_MAX)

  constructor(rules: readonly CodeRule[], glued: GluedWords) {
    this.#byLength = Array.from({ length: CODE_LENGTH_MAX + 1 }, (_, length) =>
      rules.filter((rule) => rule.lengths.includes(length)),
    )
    this.#longest = this.#byLength.findLastIndex((list) => list.length > 0)
    for (const rule of rules) for (const byte of bytesOf(rule.separators)) this.#separators[byte] = 1
    this.#glued = glued
  }

  search(run: Run, sink: Sink): void {
    const { view } = run
    const start = this.#reachesLeft(run) ? wordStart(view, run.start - 1) : wordStart(view, run.start)
    const end = this.#reachesRight(run) ? wordEnd(view, run.end + 1) : wordEnd(view, run.end)
    if (start === run.start && end === run.end && !hasCapital(run)) return
    for (let at = start; at < end; at += 1) {
      if (!isWordByte(view.bytes[at])) continue
      this.#tryFrom(view, { at, end }, sink)
      while (at < end && isWordByte(view.bytes[at])) at += 1
    }
  }

  /** Small letters before a separator that the run begins with: `de 136 695 976`. */
  #reachesLeft({ view: { bytes }, start }: Run): boolean {
    return this.#separators[bytes[start] ?? 0] === 1 && isWordByte(bytes[start + 1]) && isWordByte(bytes[start - 1])
  }

  #reachesRight({ view: { bytes }, end }: Run): boolean {
    return this.#separators[bytes[end - 1] ?? 0] === 1 && isWordByte(bytes[end - 2]) && isWordByte(bytes[end])
  }

  /** Tries the word at `at`, then the word with the next part, and so on. */
  #tryFrom(view: View, { at, end }: { at: number; end: number }, sink: Sink): void {
    const { bytes } = view
    const shape = { length: 0, letters: 0, small: 0 }
    const used: number[] = []
    const sizes: number[] = []
    let from = at
    for (let parts = 0; parts < PARTS_MAX; parts += 1) {
      const to = this.#append(bytes, { from, end }, shape)
      if (to < 0) return
      sizes.push(to - from)
      if (shape.letters > 0 && shape.letters < shape.length)
        this.#try(view, { start: at, end: to, length: shape.length, isSmall: shape.small > 0, used, sizes }, sink)
      const separator = bytes[to] ?? 0
      if (to + 1 >= end || this.#separators[separator] === 0 || !isWordByte(bytes[to + 1])) return
      used.push(separator)
      from = to + 1
    }
  }

  /** Adds the letters and digits from `from` on as capitals; returns where they end, or -1 where they are too many. */
  #append(
    bytes: Uint8Array,
    { from, end }: { from: number; end: number },
    shape: { length: number; letters: number; small: number },
  ): number {
    let at = from
    for (; at < end && isWordByte(bytes[at]); at += 1) {
      if (shape.length >= this.#longest) return -1
      const byte = bytes[at] ?? 0
      const isSmall = LOWER[byte] === 1
      this.#code[shape.length] = isSmall ? byte - 32 : byte
      shape.length += 1
      if (DIGIT[byte] === 0) shape.letters += 1
      if (isSmall) shape.small += 1
    }
    return at
  }

  #try(view: View, place: Parts, sink: Sink): void {
    let edges: { isFree: boolean; word: string } | undefined
    for (const rule of this.#byLength[place.length] ?? []) {
      if (place.isSmall && !rule.anyCase) continue
      if (!sink.may(rule.entity, Math.max(rule.score.passed, rule.score.none))) continue
      if (!isWrittenSo(rule, place)) continue
      edges ??= edgesOf(view, place)
      if (!edges.isFree && !this.#glued.has(rule.entity, edges.word)) continue
      if (isPartOfLonger(view.bytes, place, rule.separators)) continue
      this.#judge(rule, place, sink)
    }
  }

  #judge(rule: CodeRule, { start, end, length }: { start: number; end: number; length: number }, sink: Sink): void {
    const verdict = rule.check(this.#code, length)
    if (verdict === undefined) return
    const found = { entity: rule.entity, start, end, rule: rule.name }
    if (verdict === 'passed') sink.add({ ...found, score: rule.score.passed, by: 'checksum' })
    else if (verdict === 'none') sink.add({ ...found, score: rule.score.none, by: 'shape' })
    else if (sink.may(rule.entity, 0)) sink.add({ ...found, score: 0, by: 'shape', lacks: 'checksum' })
  }
}

function isWrittenSo({ separators, groups, onlyGrouped }: CodeRule, { used, sizes }: Parts): boolean {
  if (used.length === 0) return onlyGrouped !== true
  if (!used.every((byte) => separators.includes(String.fromCharCode(byte)))) return false
  return (
    groups === undefined ||
    groups.some((group) => group.length === sizes.length && group.every((size, i) => size === sizes[i]))
  )
}

/** Not free and without a word: no boundary at all. */
function edgesOf(view: View, { start, end }: { start: number; end: number }): { isFree: boolean; word: string } {
  if (!isEndOfNumber(view, end) || isInUuid(view.bytes, start, end)) return { isFree: false, word: '' }
  if (startsWord(view, start)) return { isFree: true, word: '' }
  return { isFree: false, word: gluedWord(view, start) }
}

/** A separator that its kind is written with joins it to more digits. */
function isPartOfLonger(
  bytes: Uint8Array,
  { start, end }: { start: number; end: number },
  separators: string,
): boolean {
  const before = bytes[start - 1]
  if (before !== undefined && before !== SPACE && separators.includes(String.fromCharCode(before)))
    if (isJoinedBefore(bytes, start)) return true
  const after = bytes[end]
  if (after === undefined || after === SPACE || !separators.includes(String.fromCharCode(after))) return false
  return isJoinedAfter(bytes, end)
}

/** Where the word begins that the run begins in the middle of. */
function wordStart({ bytes, raw }: View, start: number): number {
  if (!isWordByte(bytes[start])) return start
  let at = start
  while (at > 0 && start - at < CODE_LENGTH_MAX && isWordByte(bytes[at - 1])) {
    if (raw && isEscapeLetter(bytes, at - 1)) break
    at -= 1
  }
  return at
}

function wordEnd({ bytes }: View, end: number): number {
  if (!isWordByte(bytes[end - 1])) return end
  let at = end
  while (at - end < CODE_LENGTH_MAX && isWordByte(bytes[at])) at += 1
  return at
}

function hasCapital({ view: { bytes }, start, end }: Run): boolean {
  for (let at = start; at < end; at += 1) if (UPPER[bytes[at] ?? 0] === 1) return true
  return false
}

function isWordByte(byte: number | undefined): boolean {
  return byte !== undefined && (DIGIT[byte] === 1 || UPPER[byte] === 1 || LOWER[byte] === 1)
}

function bytesOf(text: string): readonly number[] {
  return Array.from(text, (character) => character.charCodeAt(0))
}
