import type { Span } from '../decoded-view.ts'
import { Base64Reader, type Base64Text, base64Value, decodeSextets, readRun, withoutLastLine } from './base64.ts'
import { tableOf } from '../scan/bytes-tables.ts'
import { Spans } from '../scan/spans.ts'
import { Base64Groups } from './base64-groups.ts'
import { nextMark } from './marks.ts'
import type { OnPlace, Search } from './search.ts'

/** Twelve bytes in base64, as a short name and password have. Most words are shorter, and need no look. */
const RUN_CHARS_MIN = 16

/** Looks for the texts of a search in base64: what holds one is a place of it as a whole. */
export class Base64Search {
  readonly #search: Search
  #groups: Base64Groups | undefined

  constructor(search: Search) {
    this.#search = search
  }

  /** `hidden`: places of the bytes that need no look. */
  look(bytes: Uint8Array, onPlace: OnPlace, hidden = NOWHERE): void {
    const reader = new Base64Reader(bytes)
    let next = 0
    for (let run = nextRun(bytes, 0); run !== undefined && !this.#search.isSpent; run = nextRun(bytes, run.end)) {
      while (hidden.end(next) < run.end) next++
      if (hidden.start(next) <= run.start && !mayGoOn(bytes, run.end)) continue
      this.#groups ??= new Base64Groups(this.#search.heads)
      if (this.#groups.mayBegin(bytes, run)) run = this.#inRun(bytes, run, onPlace)
      else for (const text of reader.read(run.start, run.end)) this.#inOtherSpelling(text, onPlace)
    }
  }

  #inRun(bytes: Uint8Array, run: Span, onPlace: OnPlace): Span {
    const whole = readRun(bytes, run, Infinity)
    let isFound = false
    for (const sextets of [...withoutLastLine(whole), whole]) {
      // What begins the next line belongs to the place only where nothing is found without it.
      if (isFound) break
      for (const phase of PHASES)
        this.#search.all(decodeSextets(sextets, phase), false, ({ index }) => {
          isFound = true
          onPlace({ start: run.start, end: sextets.end, index, inBase64: true })
        })
    }
    return { start: run.start, end: whole.end }
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
const VALUE_MAX = 63

/** The next run of base64 at or after a place: one of sixteen characters has its sixteenth in the alphabet and all before it. */
function nextRun(bytes: Uint8Array, from: number): Span | undefined {
  let start = from
  for (let last = from + RUN_CHARS_MIN - 1; last < bytes.length; last = start + RUN_CHARS_MIN - 1) {
    let at = last
    while (at >= start && base64Value(bytes[at] ?? 0) <= VALUE_MAX) at--
    if (at >= start) {
      start = at + 1
      continue
    }
    let end = last + 1
    while (end < bytes.length && base64Value(bytes[end] ?? 0) <= VALUE_MAX) end++
    return { start, end }
  }
  return undefined
}
