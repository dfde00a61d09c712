import { concat, encodeUtf8 } from '../base/bytes.ts'
import type { Known } from './spread.ts'
import { findFurther } from './views/propagate.ts'
import type { Place } from './views/search.ts'

/** Between two texts: no value and no base64 goes on over it. */
const BETWEEN = encodeUtf8('\n.\n')

/**
 * Which of some values stand in each of some texts, in whatever spelling, and perhaps a few more. All are looked for at once,
 * so that many texts and many values cost no more than their sum. Undefined where they are made to be slow.
 */
export function valuesInEach(texts: readonly Uint8Array[], known: readonly Known[]): readonly Known[][] | undefined {
  const all = [...new Map(known.map((one) => [one.value, one])).values()]
  const joined = concat(texts.flatMap((text) => [text, BETWEEN]))
  const values = all.map(({ value }) => value)
  const found = texts.map(() => new Set<Known>())
  // Where a text is JSON, a value with a quote in it is another one than where it is none, and may hold one that stands in both.
  for (const isJson of [true, false]) {
    const places = findFurther(joined, values, { isJson, inBase64: true })
    if (places === undefined) return undefined
    addFound(found, texts, { places, all })
  }
  return found.map((one) => [...one])
}

function addFound(
  found: readonly Set<Known>[],
  texts: readonly Uint8Array[],
  { places, all }: { places: readonly Place[]; all: readonly Known[] },
): void {
  let text = 0
  let textEnd = texts[0]?.length ?? 0
  for (const { start, index } of places) {
    while (text < texts.length && start >= textEnd + BETWEEN.length) {
      text += 1
      textEnd += BETWEEN.length + (texts[text]?.length ?? 0)
    }
    const one = all[index]
    if (one !== undefined) found[text]?.add(one)
  }
}
