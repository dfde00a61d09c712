import { GOLDEN } from '../byte-hash.ts'
import { tableOf } from '../scan/bytes-tables.ts'
import { base64Value } from './base64.ts'
import { Base64Machine, type LoadedRun } from './base64-machine.ts'
import { GROUP_BITS_MAX } from './base64-runs-wat.ts'
import { tableBits } from './grams.ts'
import { HEAD_BYTES } from './value-index.ts'

/**
 * Groups of four characters that occur in base64 of a text. Wherever the text begins in its group of three bytes, the first
 * whole group of its own begins at its first, second or third byte.
 */
export class Base64Groups {
  readonly #machine = Base64Machine.one
  readonly #shift: number
  #hasShort = false

  /** Its tables are those of the machine: only the groups that were made last may be asked. */
  constructor(heads: Uint8Array) {
    const groups = (heads.length / HEAD_BYTES) * PHASES
    const bits = tableBits(groups * BITS_PER_GROUP, GROUP_BITS_MAX)
    this.#shift = 32 - bits
    this.#machine.groups.fill(0, 0, 2 ** (bits - 3))
    this.#machine.pairs.fill(0, 0, 2 ** (bits - 3))
    for (let from = 0; from < heads.length; from += HEAD_BYTES) {
      // A text that ends within its head has no second group that is known.
      if (heads[from + HEAD_BYTES - 1] === 0) this.#hasShort = true
      for (let at = from; at < from + PHASES; at++) this.#add(groupOf(heads, at), groupOf(heads, at + 3))
    }
  }

  #add(first: number, second: number): void {
    add(this.#machine.groups, bitOf(first, this.#shift))
    add(this.#machine.pairs, bitOf(pairOf(first, second), this.#shift))
  }

  /** Whether a text may begin in the run, wherever groups begin in it. `bytes`: those that the run was found in. */
  mayBegin(bytes: Uint8Array, run: LoadedRun): boolean {
    for (let at = this.#next(bytes, run, run.start + 3); at >= 0; at = this.#next(bytes, run, at + 1))
      if (this.#goesOn(bytes, at, run.end)) return true
    return false
  }

  /** The next place at which a group of the table may end: behind what is loaded, each. */
  #next(bytes: Uint8Array, run: LoadedRun, from: number): number {
    const at = from < run.known ? this.#machine.group(run, from, this.#shift) : -1
    if (at >= 0) return at
    for (let place = Math.max(from, run.known); place < run.end; place++)
      if (has(this.#machine.groups, bitOf(charsAt(bytes, place - 3), this.#shift))) return place
    return -1
  }

  #goesOn(bytes: Uint8Array, last: number, end: number): boolean {
    if (this.#hasShort || last + 5 > end) return true
    const next = charsAt(bytes, last + 1)
    const bit = bitOf(pairOf(charsAt(bytes, last - 3), next), this.#shift)
    return has(this.#machine.pairs, bit) || mayBeSpelled(next)
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

/** Three bytes, as four characters write them. */
function charsAt(bytes: Uint8Array, from: number): number {
  let group = 0
  for (let at = from; at < from + 4; at++) group = (group << 6) | (base64Value(bytes[at] ?? 0) & VALUE_MAX)
  return group
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

/** So many bits for each that is set: a run that hits one by chance is decoded. */
const BITS_PER_GROUP = 1_024

function bitOf(group: number, shift: number): number {
  return Math.imul(group, GOLDEN) >>> shift
}
