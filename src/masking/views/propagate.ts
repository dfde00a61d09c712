import { Base64Search } from './base64-search.ts'
import type { Place } from './search.ts'
import { Search } from './search.ts'
import { textsOf } from './searchable.ts'

/** Shorter values stand everywhere by chance. */
const CHARACTERS_MIN = 4

/**
 * Every place of some values in a message, in order and apart from each other; `index` says which value it is. Values are
 * texts without escapes; they are found as words of their own, in JSON escapes of three levels, percent-encoded, as character
 * references of HTML, and, where they are numbers, without separators. Common words and small numbers are not looked for.
 * Undefined where the message is made to be slow: it must not pass. `inBase64`: also runs of base64 that hold one.
 */
export function findFurther(
  bytes: Uint8Array,
  values: readonly string[],
  { isJson = true, inBase64 = false }: { readonly isJson?: boolean; readonly inBase64?: boolean } = {},
): readonly Place[] | undefined {
  const texts = textsOf(values, CHARACTERS_MIN)
  if (texts.length === 0) return NONE
  const places: Place[] = []
  const search = new Search(texts, bytes)
  const base64 = inBase64 ? new Base64Search(search) : undefined
  search.all(
    bytes,
    isJson,
    (place) => places.push(place),
    (layer, toBytes) => base64?.look(layer, toBytes),
  )
  return search.isSpent ? undefined : apart(places)
}

/** Whether a value is looked for at all. */
export function isFoundFurther(value: string): boolean {
  return textsOf([value], CHARACTERS_MIN).length > 0
}

const NONE: readonly Place[] = []

/** Of places that overlap, the first; of those that begin together, the longest. */
function apart(places: readonly Place[]): Place[] {
  const kept: Place[] = []
  for (const place of places.toSorted((a, b) => a.start - b.start || b.end - a.end))
    if (place.start >= (kept.at(-1)?.end ?? 0)) kept.push(place)
  return kept
}
