import type { Span } from '../decoded-view.ts'
import { tableOf } from '../scan/bytes-tables.ts'
import { base64Value } from './base64.ts'
import { tableBits } from './grams.ts'
import { HEAD_BYTES } from './value-index.ts'

/**
 * Groups of four characters that occur in base64 of a text. Wherever the text begins in its group of three bytes, the first
 * whole group of its own begins at its first, second or third byte.
 */
export class Base64Groups {
  readonly #bits: Uint8Array
  /** Of two groups, one after the other; the second one has no bits where the text is shorter. */
  readonly #pairs: Uint8Array
  readonly #shift: number
  #hasShort = false

  constructor(heads: Uint8Array) {
    const groups = (heads.length / HEAD_BYTES) * PHASES
    const bits = tableBits(groups * BITS_PER_GROUP, GROUP_BITS_MAX)
    this.#shift = 32 - bits
    this.#bits = new Uint8Array(2 ** (bits - 3))
    this.#pairs = new Uint8Array(2 ** (bits - 3))
    for (let from = 0; from < heads.length; from += HEAD_BYTES) {
      // A text that ends within its head has no second group that is known.
      if (heads[from + HEAD_BYTES - 1] === 0) this.#hasShort = true
      for (let at = from; at < from + PHASES; at++) this.#add(groupOf(heads, at), groupOf(heads, at + 3))
    }
  }

  #add(first: number, second: number): void {
    add(this.#bits, bitOf(first, this.#shift))
    add(this.#pairs, bitOf(pairOf(first, second), this.#shift))
  }

  /** Whether a text may begin in the run, wherever groups begin in it. */
  mayBegin(bytes: Uint8Array, { start, end }: Span): boolean {
    const bits = this.#bits
    const shift = this.#shift
    let group = 0
    for (let at = start; at < start + 3; at++) group = (group << 6) | (base64Value(bytes[at] ?? 0) & VALUE_MAX)
    for (let at = start + 3; at < end; at++) {
      group = ((group << 6) | (base64Value(bytes[at] ?? 0) & VALUE_MAX)) & 0xffffff
      const bit = Math.imul(group, GOLDEN) >>> shift
      if (((bits[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0 && this.#goesOn(bytes, group, { start: at + 1, end }))
        return true
    }
    return false
  }

  #goesOn(bytes: Uint8Array, group: number, { start, end }: Span): boolean {
    if (this.#hasShort || start + 4 > end) return true
    let next = 0
    for (let at = start; at < start + 4; at++) next = (next << 6) | (base64Value(bytes[at] ?? 0) & VALUE_MAX)
    return has(this.#pairs, bitOf(pairOf(group, next), this.#shift)) || mayBeSpelled(next)
  }
}

/** Where a text may begin in its group of three bytes. */
const PHASES = 3
const VALUE_MAX = 63

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

function add(bits: Uint8Array, bit: number): void {
  bits[bit >> 3] = (bits[bit >> 3] ?? 0) | (1 << (bit & 7))
}

function has(bits: Uint8Array, bit: number): boolean {
  return ((bits[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0
}

/** 2^32 divided by the golden ratio (Knuth, 6.4). */
const GOLDEN = 0x9e3779b1
const GROUP_BITS_MAX = 18
/** So many bits for each that is set: a run that hits one by chance is decoded. */
const BITS_PER_GROUP = 2_048

function bitOf(group: number, shift: number): number {
  return Math.imul(group, GOLDEN) >>> shift
}
