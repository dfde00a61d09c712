import type { Run, Sink } from '../find/finding.ts'
import type { View } from '../find/view.ts'
import { LOWER, UPPER, startsWord } from '../scan/bytes-tables.ts'
import { codeEnd, codeStart, isPartOfLonger } from './code-edges.ts'
import { type GluedWords, gluedWord, isEndOfNumber, isInUuid } from './edges.ts'
import { Groups, WORD_BYTES } from './groups.ts'
import type { CodeRule } from './rule.ts'
import { GROUP_SIZE_MAX, ShapeTree, type Written } from './shape-tree.ts'
import type { Wanted } from './wanted.ts'

const NOTHING = GROUP_SIZE_MAX + 1
const NONE: readonly CodeRule[] = []
/** Parts of an id whose rule does not say in which it is written. */
const LOOSE_PARTS_MAX = 6

/** Looks for ids of letters and digits in runs and in the letters that touch them, in one word or in parts. */
export class CodeSearch {
  readonly #rules: readonly CodeRule[]
  readonly #tree: ShapeTree<CodeRule>
  readonly #glued: GluedWords
  readonly #wanted: Wanted
  /** Wanted rules that say nothing of the sizes of their parts, by length; and whether there are any. */
  #loose: readonly (readonly CodeRule[])[] = []
  #hasLoose = false
  #longest = 0
  #shortest = NOTHING
  // Scratch: this class is its only writer.
  readonly #words = new Groups(WORD_BYTES)
  readonly #code = new Uint8Array(GROUP_SIZE_MAX)

  constructor(rules: readonly CodeRule[], glued: GluedWords, wanted: Wanted) {
    this.#rules = rules
    this.#tree = new ShapeTree(rules.flatMap(waysOf))
    this.#glued = glued
    this.#wanted = wanted
    for (const rule of rules) wanted.indexOf({ entity: rule.entity, score: scoreOf(rule) })
  }

  /** Only what is wanted now is looked for. */
  select(): void {
    const isWanted = (rule: CodeRule): boolean =>
      this.#wanted.has(this.#wanted.indexOf({ entity: rule.entity, score: scoreOf(rule) }))
    this.#tree.select(isWanted)
    const rules = this.#rules.filter(isWanted)
    const loose = rules.filter(({ groups, separators }) => groups === undefined && separators !== '')
    this.#loose = Array.from({ length: NOTHING }, (_, length) => loose.filter((rule) => rule.lengths.includes(length)))
    this.#hasLoose = loose.length > 0
    const lengths = rules.flatMap((rule) => rule.lengths)
    this.#longest = Math.max(0, ...lengths)
    this.#shortest = Math.min(NOTHING, ...lengths)
  }

  /** The fewest letters and digits of what is wanted; more than any id has where nothing is. */
  get shortest(): number {
    return this.#shortest
  }

  search(run: Run, sink: Sink): void {
    const words = this.#words
    const start = codeStart(run, this.#longest)
    const end = codeEnd(run, this.#longest)
    if (end - start < this.#shortest) return
    // One word of digits and small letters, such as a digest: no id is as long.
    if (run.digits === run.end - run.start && end - start > this.#longest) return
    words.read(run.view.bytes, start, end)
    for (let first = 0; first < words.count; first += 1) this.#tryFrom(run.view, first, sink)
  }

  /** Tries a word, then the word with the next one, and so on, as long as something that is wanted is written so. */
  #tryFrom(view: View, first: number, sink: Sink): void {
    const words = this.#words
    let node = this.#tree.next(0, words.size(first))
    let length = words.size(first)
    for (let last = first; length <= this.#longest;) {
      const rules = this.#tree.endsAt(node) ?? NONE
      if (rules.length > 0) this.#try(view, { rules, first, last, length }, sink)
      if (last > first && this.#hasLoose)
        this.#try(view, { rules: this.#loose[length] ?? NONE, first, last, length }, sink)
      if (node === 0 && (!this.#hasLoose || last - first >= LOOSE_PARTS_MAX)) return
      last += 1
      if (words.separator(last) === 0) return
      node = node === 0 ? 0 : this.#tree.next(node, words.size(last))
      length += words.size(last)
    }
  }

  #try(view: View, place: Place, sink: Sink): void {
    const { first, last, length } = place
    if (place.rules.length === 0) return
    const small = this.#copy(view.bytes, first, last)
    if (small < 0) return
    const span = { start: this.#words.start(first), end: this.#words.end(last) }
    let edges: { isFree: boolean; word: string } | undefined
    for (const rule of place.rules) {
      if ((small > 0 && !rule.anyCase) || !rule.lengths.includes(length)) continue
      if (!this.#isWrittenSo(rule, first, last)) continue
      edges ??= edgesOf(view, span)
      if (!edges.isFree && !this.#glued.has(rule.entity, edges.word)) continue
      if (!isPartOfLonger(view.bytes, span, rule.separators)) this.#judge(rule, { ...span, length }, sink)
    }
  }

  #judge(rule: CodeRule, { start, end, length }: { start: number; end: number; length: number }, sink: Sink): void {
    if (!sink.may(rule.entity, scoreOf(rule))) return
    const verdict = rule.check(this.#code, length)
    if (verdict === undefined) return
    const found = { entity: rule.entity, start, end, rule: rule.name }
    if (verdict === 'passed') sink.add({ ...found, score: rule.score.passed, by: 'checksum' })
    else if (verdict === 'none') sink.add({ ...found, score: rule.score.none, by: 'shape' })
    else if (sink.may(rule.entity, 0)) sink.add({ ...found, score: 0, by: 'shape', lacks: 'checksum' })
  }

  #isWrittenSo({ separators, onlyGrouped }: CodeRule, first: number, last: number): boolean {
    if (first === last) return onlyGrouped !== true
    for (let at = first + 1; at <= last; at += 1)
      if (!separators.includes(String.fromCharCode(this.#words.separator(at)))) return false
    return true
  }

  /** Copies the letters and digits as capitals; returns how many small ones there were, or -1 for letters or digits only. */
  #copy(bytes: Uint8Array, first: number, last: number): number {
    let length = 0
    let small = 0
    let letters = 0
    for (let word = first; word <= last; word += 1)
      for (let at = this.#words.start(word); at < this.#words.end(word); at += 1) {
        const byte = bytes[at] ?? 0
        const isSmall = LOWER[byte] ?? 0
        this.#code[length] = byte - 32 * isSmall
        small += isSmall
        letters += isSmall + (UPPER[byte] ?? 0)
        length += 1
      }
    return letters === 0 || letters === length ? -1 : small
  }
}

interface Place {
  readonly rules: readonly CodeRule[]
  readonly first: number
  readonly last: number
  readonly length: number
}

/** In one word, and in its groups. */
function waysOf(rule: CodeRule): readonly Written<CodeRule>[] {
  const words = rule.onlyGrouped === true ? [] : rule.lengths.map((length) => ({ rule, sizes: [length] }))
  return [...words, ...(rule.groups ?? []).map((sizes) => ({ rule, sizes }))]
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
