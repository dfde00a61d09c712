import type { Span } from '../decoded-view.ts'
import { Base64Reader, type Base64Text, base64Value, decodeSextets, readRun, withoutLastLine } from './base64.ts'
import { tableOf } from '../scan/bytes-tables.ts'
import { nextMark } from './marks.ts'
import type { OnPlace, Search } from './search.ts'
import { HEAD_BYTES } from './value-index.ts'

/** Twelve bytes in base64, as a short name and password have. Most words are shorter, and need no look. */
const RUN_CHARS_MIN = 16

/** Looks for the texts of a search in base64: what holds one is a place of it as a whole. */
export class Base64Search {
  readonly #search: Search
  #groups: Groups | undefined

  constructor(search: Search) {
    this.#search = search
  }

  look(bytes: Uint8Array, onPlace: OnPlace): void {
    const reader = new Base64Reader(bytes)
    for (let run = nextRun(bytes, 0); run !== undefined && !this.#search.isSpent; run = nextRun(bytes, run.end)) {
      this.#groups ??= new Groups(this.#search.heads)
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

/**
 * Groups of four characters that occur in base64 of a text. Wherever the text begins in its group of three bytes, the first
 * whole group of its own begins at its first, second or third byte.
 */
class Groups {
  readonly #bits = new Uint8Array(2 ** (GROUP_BITS - 3))
  /** Of two groups, one after the other; the second one has no bits where the text is shorter. */
  readonly #pairs = new Uint8Array(2 ** (GROUP_BITS - 3))
  #hasShort = false

  constructor(heads: Uint8Array) {
    for (let from = 0; from < heads.length; from += HEAD_BYTES) {
      // A text that ends within its head has no second group that is known.
      if (heads[from + HEAD_BYTES - 1] === 0) this.#hasShort = true
      for (let at = from; at < from + 3; at++) {
        const first = groupOf(heads, at)
        add(this.#bits, first)
        add(this.#pairs, pairOf(first, groupOf(heads, at + 3)))
      }
    }
  }

  /** Whether a text may begin in the run, wherever groups begin in it. */
  mayBegin(bytes: Uint8Array, { start, end }: Span): boolean {
    let group = 0
    for (let at = start; at < end; at++) {
      group = ((group << 6) | (base64Value(bytes[at] ?? 0) & VALUE_MAX)) & 0xffffff
      if (at - start >= 3 && has(this.#bits, group) && this.#goesOn(bytes, group, { start: at + 1, end })) return true
    }
    return false
  }

  #goesOn(bytes: Uint8Array, group: number, { start, end }: Span): boolean {
    if (this.#hasShort || start + 4 > end) return true
    let next = 0
    for (let at = start; at < start + 4; at++) next = (next << 6) | (base64Value(bytes[at] ?? 0) & VALUE_MAX)
    return has(this.#pairs, pairOf(group, next)) || mayBeSpelled(next)
  }
}

/** Whether an escape may begin in three bytes, or a character beyond ASCII: the text may go on in another spelling there. */
function mayBeSpelled(group: number): boolean {
  const [first, second, third] = [group >> 16, (group >> 8) & 0xff, group & 0xff]
  if (SPELLS[first] === 1 || SPELLS[second] === 1 || SPELLS[third] === 1) return true
  const isContinued = (lead: number, next: number): boolean => lead >= LEAD_FIRST && (next & 0xc0) === 0x80
  return isContinued(first, second) || isContinued(second, third) || third >= LEAD_FIRST
}

const LEAD_FIRST = 0xc2
const SPELLS = tableOf('\\%&')

function groupOf(heads: Uint8Array, at: number): number {
  return ((heads[at] ?? 0) << 16) | ((heads[at + 1] ?? 0) << 8) | (heads[at + 2] ?? 0)
}

function pairOf(first: number, second: number): number {
  return Math.imul(first, 0x85ebca6b) ^ second
}

function add(bits: Uint8Array, group: number): void {
  const bit = bitOf(group)
  bits[bit >> 3] = (bits[bit >> 3] ?? 0) | (1 << (bit & 7))
}

function has(bits: Uint8Array, group: number): boolean {
  const bit = bitOf(group)
  return ((bits[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0
}

const GROUP_BITS = 18

function bitOf(group: number): number {
  return Math.imul(group, 0x9e3779b1) >>> (32 - GROUP_BITS)
}
