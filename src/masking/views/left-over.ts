import type { Span } from '../decoded-view.ts'
import { Base64Search } from './base64-search.ts'
import { type OnPlace, Search } from './search.ts'
import { textsOf } from './searchable.ts'

/** Shorter values may stand in a masked message by chance. */
const CHARACTERS_MIN = 6

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
  const base64 = new Base64Search(search)
  search.all(output, isJson, onPlace, (layer, toBytes) => {
    if (left === undefined) base64.look(layer, toBytes)
  })
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
