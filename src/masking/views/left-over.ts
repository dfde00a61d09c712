import type { Span } from '../decoded-view.ts'
import { base64Value, decodeSextets, readRun } from './base64.ts'
import { type OnPlace, Search } from './search.ts'
import { textsOf } from './searchable.ts'
import { HEAD_BYTES } from './value-index.ts'

/** Shorter values may stand in a masked message by chance. */
const CHARACTERS_MIN = 6
/** Twelve bytes in base64, as a short name and password have. Most words are shorter, and need no look. */
const RUN_CHARS_MIN = 16

/**
 * The index of a value that can still be read in a masked message, or undefined where none can: as it is, without separators,
 * in escapes, percent-encoded, or in base64 wherever a group begins. What lies in `allowed` (in order, apart from each other)
 * counts as hidden. -1 where the message is made to be slow; it must not pass either.
 */
export function findLeftOver(
  output: Uint8Array,
  values: readonly string[],
  { allowed = [], isJson = true }: { readonly allowed?: readonly Span[]; readonly isJson?: boolean } = {},
): number | undefined {
  const texts = textsOf(values, CHARACTERS_MIN)
  if (texts.length === 0) return undefined
  let left: number | undefined
  const search = new Search(texts, output)
  const onPlace: OnPlace = (place) => {
    if (!isWithin(allowed, place)) left ??= place.index
  }
  search.all(output, isJson, onPlace)
  if (left === undefined) searchBase64(output, { search, allowed }, onPlace)
  return search.isSpent ? SPENT : left
}

const SPENT = -1

function isWithin(allowed: readonly Span[], { start, end }: Span): boolean {
  let low = 0
  let high = allowed.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((allowed[middle]?.end ?? 0) < end) low = middle + 1
    else high = middle
  }
  return (allowed[low]?.start ?? Infinity) <= start
}

interface Base64Search {
  readonly search: Search
  readonly allowed: readonly Span[]
}

function searchBase64(bytes: Uint8Array, { search, allowed }: Base64Search, onPlace: OnPlace): void {
  let run = nextRun(bytes, 0)
  if (run === undefined) return
  const groups = new Groups(search.heads)
  for (; run !== undefined; run = nextRun(bytes, run.end)) {
    if (isWithin(allowed, run) || !groups.mayBegin(bytes, run)) continue
    const sextets = readRun(bytes, run, Infinity)
    const { start } = run
    const { end } = sextets
    for (const phase of PHASES)
      search.plain(decodeSextets(sextets, phase), false, ({ index }) => onPlace({ start, end, index }))
    if (search.isSpent) return
    run = { start, end }
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

  constructor(heads: Uint8Array) {
    for (let from = 0; from < heads.length; from += HEAD_BYTES)
      for (let at = from; at < from + 3; at++)
        this.#add(((heads[at] ?? 0) << 16) | ((heads[at + 1] ?? 0) << 8) | (heads[at + 2] ?? 0))
  }

  /** Whether a text may begin in the run, wherever groups begin in it. */
  mayBegin(bytes: Uint8Array, { start, end }: Span): boolean {
    let group = 0
    for (let at = start; at < end; at++) {
      group = ((group << 6) | (base64Value(bytes[at] ?? 0) & VALUE_MAX)) & 0xffffff
      if (at - start >= 3 && this.#has(group)) return true
    }
    return false
  }

  #add(group: number): void {
    const bit = bitOf(group)
    this.#bits[bit >> 3] = (this.#bits[bit >> 3] ?? 0) | (1 << (bit & 7))
  }

  #has(group: number): boolean {
    const bit = bitOf(group)
    return ((this.#bits[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0
  }
}

const GROUP_BITS = 18

function bitOf(group: number): number {
  return Math.imul(group, 0x9e3779b1) >>> (32 - GROUP_BITS)
}
