import { encodeUtf8 } from '../../base/bytes.ts'
import type { Span } from '../decoded-view.ts'
import { base64Value, decodeSextets, readRun, type Sextets } from './base64.ts'
import { type OnPlace, Search } from './search.ts'
import { textsOf } from './searchable.ts'
import type { IndexedText } from './value-index.ts'

/** Shorter values may stand in a masked message by chance. */
const CHARACTERS_MIN = 6
/** Six bytes in base64: what is shorter holds no value. */
const RUN_CHARS_MIN = 8

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
  if (left === undefined) searchBase64(output, { search, texts, allowed }, onPlace)
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
  readonly texts: readonly IndexedText[]
  readonly allowed: readonly Span[]
}

function searchBase64(bytes: Uint8Array, { search, texts, allowed }: Base64Search, onPlace: OnPlace): void {
  let groups: Groups | undefined
  for (let last = RUN_CHARS_MIN - 1; last < bytes.length; last += RUN_CHARS_MIN) {
    if (base64Value(bytes[last] ?? 0) > VALUE_MAX) continue
    const run = runAround(bytes, last)
    last = Math.max(last, run.end)
    if (run.end - run.start < RUN_CHARS_MIN || isWithin(allowed, run)) continue
    groups ??= new Groups(texts)
    const sextets = readRun(bytes, run, Infinity)
    last = Math.max(last, sextets.end - 1)
    for (const phase of groups.phasesOf(sextets))
      search.plain(decodeSextets(sextets, phase), false, ({ index }) => onPlace({ ...run, index }))
  }
}

const VALUE_MAX = 63

function runAround(bytes: Uint8Array, at: number): Span {
  let start = at
  let end = at + 1
  while (start > 0 && base64Value(bytes[start - 1] ?? 0) <= VALUE_MAX) start--
  while (end < bytes.length && base64Value(bytes[end] ?? 0) <= VALUE_MAX) end++
  return { start, end }
}

/**
 * Groups of four characters that occur in base64 of a text. Wherever the text begins in its group of three bytes, the first
 * whole group of its own begins at its first, second or third byte.
 */
class Groups {
  readonly #bits = new Uint8Array(2 ** (GROUP_BITS - 3))

  constructor(texts: readonly IndexedText[]) {
    for (const { text } of texts) {
      const bytes = encodeUtf8(text.slice(0, GROUP_UNITS))
      for (let i = 0; i < 3; i++) this.#add(((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0))
    }
  }

  /** Where a first group must begin (0 to 3) so that what is decoded may hold a text. */
  phasesOf({ values, count }: Sextets): readonly number[] {
    let found = 0
    let group = 0
    for (let at = 0; at < count; at++) {
      group = ((group << 6) | (values[at] ?? 0)) & 0xffffff
      if (at >= 3 && this.#has(group)) found |= 1 << ((at - 3) & 3)
    }
    return found === 0 ? NO_PHASES : PHASES.filter((phase) => (found & (1 << phase)) !== 0)
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
/** UTF-16 units that make the five bytes of the three groups, no pair of them cut. */
const GROUP_UNITS = 6
const PHASES: readonly number[] = [0, 1, 2, 3]
const NO_PHASES: readonly number[] = []

function bitOf(group: number): number {
  return Math.imul(group, 0x9e3779b1) >>> (32 - GROUP_BITS)
}
