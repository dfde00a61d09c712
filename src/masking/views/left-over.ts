import type { Spans } from '../scan/spans.ts'
import { Base64Search } from './base64-search.ts'
import { type OnPlace, Search } from './search.ts'
import { textsOf } from './searchable.ts'

/** Shorter values may stand in a masked message by chance. */
const CHARACTERS_MIN = 6

/**
 * The index of a value that can still be read in a masked message, or undefined where none can: as it is, without separators,
 * in escapes, percent-encoded, or in base64 wherever a group begins. What lies in `allowed`
 * counts as hidden. -1 where the message is made to be slow; it must not pass either.
 */
export function findLeftOver(
  output: Uint8Array,
  values: readonly string[],
  { allowed, isJson = true }: { readonly allowed?: Spans; readonly isJson?: boolean } = {},
): number | undefined {
  const texts = textsOf(values, CHARACTERS_MIN)
  if (texts.length === 0) return undefined
  let left: number | undefined
  const search = new Search(texts, output)
  const onPlace: OnPlace = (place) => {
    if (allowed?.has(place.start, place.end) !== true) left ??= place.index
  }
  const base64 = new Base64Search(search)
  search.all(output, isJson, onPlace, (layer, toBytes) => {
    if (left === undefined) base64.look(layer, toBytes, layer === output ? allowed : undefined)
  })
  return search.isSpent ? SPENT : left
}

const SPENT = -1
