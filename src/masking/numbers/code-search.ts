import type { Run, Sink } from '../find/finding.ts'
import type { View } from '../find/view.ts'
import { DIGIT, LOWER, UPPER, isEscapeLetter, startsWord } from '../scan/bytes-tables.ts'
import { type GluedWords, gluedWord, isEndOfNumber, isInUuid, isJoinedAfter, isJoinedBefore } from './edges.ts'
import type { CodeRule } from './rule.ts'
import type { Wanted } from './wanted.ts'

/** The longest id of letters and digits: an IBAN may have 34. */
export const CODE_LENGTH_MAX = 34
/** Parts of an id that is written in parts; an IBAN of 34 in groups of four has nine. */
const PARTS_MAX = 10
const SPACE = 0x20

/** Letters and digits from `start` to `end`, with one separator between each two parts. Used again for each place. */
interface Parts {
  start: number
  end: number
  /** Without separators. */
  length: number
  letters: number
  small: number
  /** How many parts there are, their sizes, and the separators after them. */
  count: number
  readonly sizes: Uint8Array
  readonly separators: Uint8Array
}

/** Looks for ids of letters and digits in runs and in the letters that touch them, in one word or in parts. */
export class CodeSearch {
  readonly #byLength: readonly (readonly CodeRule[])[]
  readonly #glued: GluedWords
  readonly #wanted: Wanted
  readonly #separators = new Uint8Array(256)
  #wantedByLength: readonly (readonly CodeRule[])[] = []
  #longest = -1
  #shortest = CODE_LENGTH_MAX
  // Scratch: this class is its only writer.
  readonly #code = new Uint8Array(CODE_LENGTH_MAX)
  readonly #parts: Parts = {
    start: 0,
    end: 0,
    length: 0,
    letters: 0,
    small: 0,
    count: 0,
    sizes: new Uint8Array(PARTS_MAX),
    separators: new Uint8Array(PARTS_MAX),
  }

  constructor(rules: readonly CodeRule[], glued: GluedWords, wanted: Wanted) {
    this.#byLength = Array.from({ length: CODE_LENGTH_MAX + 1 }, (_, length) =>
      rules.filter((rule) => rule.lengths.includes(length)),
    )
    this.#glued = glued
    this.#wanted = wanted
    for (const rule of rules) wanted.indexOf({ entity: rule.entity, score: scoreOf(rule) })
  }

  /** Only what is wanted now is looked for. */
  select(): void {
    this.#wantedByLength = this.#byLength.map((rules) =>
      rules.filter((rule) => this.#wanted.has(this.#wanted.indexOf({ entity: rule.entity, score: scoreOf(rule) }))),
    )
    this.#longest = this.#wantedByLength.findLastIndex((rules) => rules.length > 0)
    this.#shortest = this.#wantedByLength.findIndex((rules) => rules.length > 0)
    this.#separators.fill(0)
    for (const rules of this.#wantedByLength)
      for (const { separators } of rules) for (const byte of bytesOf(separators)) this.#separators[byte] = 1
  }

  search(run: Run, sink: Sink): void {
    const { view } = run
    const start = this.#reachesLeft(run) ? wordStart(view, run.start - 1) : wordStart(view, run.start)
    const end = this.#reachesRight(run) ? wordEnd(view, run.end + 1) : wordEnd(view, run.end)
    if (this.#longest < 0 || end - start < this.#shortest) return
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
    const parts = this.#parts
    parts.start = at
    parts.end = at
    parts.length = 0
    parts.letters = 0
    parts.small = 0
    for (parts.count = 1; parts.count <= PARTS_MAX; parts.count += 1) {
      const from = parts.end
      if (!this.#append(bytes, end)) return
      parts.sizes[parts.count - 1] = parts.end - from
      const hasBoth = parts.letters > 0 && parts.letters < parts.length
      if (hasBoth && (this.#wantedByLength[parts.length] ?? []).length > 0) this.#try(view, sink)
      const separator = bytes[parts.end] ?? 0
      if (this.#separators[separator] === 0 || parts.end + 1 >= end || !isWordByte(bytes[parts.end + 1])) return
      parts.separators[parts.count - 1] = separator
      parts.end += 1
    }
  }

  /** Adds the next letters and digits as capitals; false where they are too many. */
  #append(bytes: Uint8Array, end: number): boolean {
    const parts = this.#parts
    for (; parts.end < end && isWordByte(bytes[parts.end]); parts.end += 1) {
      if (parts.length >= this.#longest) return false
      const byte = bytes[parts.end] ?? 0
      const small = LOWER[byte] ?? 0
      this.#code[parts.length] = small === 1 ? byte - 32 : byte
      parts.length += 1
      parts.small += small
      if (DIGIT[byte] === 0) parts.letters += 1
    }
    return true
  }

  #try(view: View, sink: Sink): void {
    const parts = this.#parts
    let edges: { isFree: boolean; word: string } | undefined
    for (const rule of this.#wantedByLength[parts.length] ?? []) {
      if ((parts.small > 0 && !rule.anyCase) || !isWrittenSo(rule, parts)) continue
      edges ??= edgesOf(view, parts)
      if (!edges.isFree && !this.#glued.has(rule.entity, edges.word)) continue
      if (!isPartOfLonger(view.bytes, parts, rule.separators)) this.#judge(rule, parts, sink)
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

function isWrittenSo({ separators, groups, onlyGrouped }: CodeRule, parts: Parts): boolean {
  if (parts.count === 1) return onlyGrouped !== true
  for (let i = 0; i < parts.count - 1; i += 1)
    if (!separators.includes(String.fromCharCode(parts.separators[i] ?? 0))) return false
  return (
    groups === undefined ||
    groups.some((group) => group.length === parts.count && group.every((size, i) => size === parts.sizes[i]))
  )
}

function scoreOf({ score }: CodeRule): number {
  return Math.max(score.passed, score.none)
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

function isWordByte(byte: number | undefined): boolean {
  return byte !== undefined && (DIGIT[byte] === 1 || UPPER[byte] === 1 || LOWER[byte] === 1)
}

function bytesOf(text: string): readonly number[] {
  return Array.from(text, (character) => character.charCodeAt(0))
}
