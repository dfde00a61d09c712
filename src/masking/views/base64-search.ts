import type { Span } from '../decoded-view.ts'
import {
  Base64Reader,
  type Base64Text,
  decodeSextets,
  isTooShort,
  readRun,
  type Sextets,
  withoutLastLine,
} from './base64.ts'
import { tableOf } from '../scan/bytes-tables.ts'
import { Spans } from '../scan/spans.ts'
import { Base64Groups } from './base64-groups.ts'
import { Base64Machine } from './base64-machine.ts'
import { nextMark } from './marks.ts'
import type { OnPlace, Search } from './search.ts'

interface Candidate extends Span {
  readonly mayBegin: boolean
}

/** Looks for the texts of a search in base64: what holds one is a place of it as a whole. */
export class Base64Search {
  readonly #search: Search

  constructor(search: Search) {
    this.#search = search
  }

  /** `hidden`: places of the bytes that need no look. */
  look(bytes: Uint8Array, onPlace: OnPlace, hidden = NOWHERE): void {
    const reader = new Base64Reader(bytes)
    let done = 0
    for (const { start, end, mayBegin } of this.#candidates(bytes, hidden)) {
      if (this.#search.isSpent) return
      if (mayBegin) done = this.#inRun(bytes, { start, end }, { done, onPlace })
      else if (start >= done) for (const text of reader.read(start, end)) this.#inOtherSpelling(text, onPlace)
    }
  }

  /** Runs that need a look: a text may begin in them, or they may be text that is spelled in another way. */
  #candidates(bytes: Uint8Array, hidden: Spans): readonly Candidate[] {
    const candidates: Candidate[] = []
    let groups: Base64Groups | undefined
    let next = 0
    Base64Machine.one.runs(bytes, (run) => {
      const { start, end } = run
      while (hidden.end(next) < end) next++
      if (hidden.start(next) <= start && !mayGoOn(bytes, end)) return
      groups ??= new Base64Groups(this.#search.heads)
      const mayBegin = groups.mayBegin(bytes, run)
      if (mayBegin || !isTooShort(bytes, start, end)) candidates.push({ start, end, mayBegin })
    })
    return candidates
  }

  /**
   * Lines that follow each other are read as one, and each by itself: what stands in the line before may be no part of the
   * text. `done`: where the lines end that were read as one. Returns the same, with these.
   */
  #inRun(bytes: Uint8Array, run: Span, { done, onPlace }: { done: number; onPlace: OnPlace }): number {
    if (run.start < done) {
      this.#inEach([readRun(bytes.subarray(0, run.end), run)], run, onPlace)
      return done
    }
    const whole = readRun(bytes, run, Infinity)
    // What begins the next line belongs to the place only where nothing is found without it.
    const shorter = withoutLastLine(whole)
    const alone = shorter.length === 0 ? [] : [readRun(bytes.subarray(0, run.end), run)]
    this.#inEach([...alone, ...shorter, whole], run, onPlace)
    return whole.end
  }

  /** Looks into what may be meant by a run, one after the other until something is found. */
  #inEach(texts: readonly Sextets[], { start }: Span, onPlace: OnPlace): void {
    let isFound = false
    for (const sextets of texts) {
      if (isFound) return
      for (const phase of PHASES)
        this.#search.all(decodeSextets(sextets, phase), false, ({ index }) => {
          isFound = true
          onPlace({ start, end: sextets.end, index, inBase64: true })
        })
    }
  }

  /** Of a text with escapes and the like, what a value begins with is none of its groups. */
  #inOtherSpelling({ bytes, start, end }: Base64Text, onPlace: OnPlace): void {
    if (nextMark(bytes, 0) < 0) return
    this.#search.all(bytes, false, ({ index }) => onPlace({ start, end, index, inBase64: true }))
  }
}

const NOWHERE = Spans.of([])

/** Whether a run may be only the beginning of what is read as one: padding follows, an escaped slash or a line break. */
function mayGoOn(bytes: Uint8Array, end: number): boolean {
  let at = end
  while (bytes[at] === BACKSLASH) at++
  return (at === end ? GOES_ON : GOES_ON_ESCAPED)[bytes[at] ?? 0] === 1
}

const BACKSLASH = 0x5c
const GOES_ON = tableOf('=\n\r')
const GOES_ON_ESCAPED = tableOf('/nr')

/** Where the first group of four may begin. */
const PHASES: readonly number[] = [0, 1, 2, 3]
