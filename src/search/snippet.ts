import { shownText } from './document.ts'
import type { Query, Regex } from './query.ts'
import { placesOf } from './regex.ts'
import { fold } from './words.ts'

/** A piece of a text around what was searched for; marks are places in it. */
export interface Snippet {
  readonly text: string
  readonly marks: readonly (readonly [start: number, end: number])[]
}

const TOKEN = /[\p{L}\p{N}\p{M}]+/gu
/** Shown before and behind the first place. */
const BEFORE = 30
const BEHIND = 120
/** What is behind this is found all the same; it is only not shown. */
const LOOKED_THROUGH = 200_000

/** Places of one regular expression that are looked for. */
const PLACES_MAX = 20

/** Where the words of a query stand in the text; the beginning of the text where they do not. */
export function snippetOf(text: string, query: Query): Snippet {
  const tokens = [...text.slice(0, LOOKED_THROUGH).matchAll(TOKEN)].map((found) => ({
    word: fold(found[0]),
    start: found.index,
    end: found.index + found[0].length,
  }))
  const wanted = wantedAtoms(query)
  const spots = wanted.flatMap((one) =>
    one.kind === 'regex' ? placesOf(one, text.slice(0, LOOKED_THROUGH), PLACES_MAX) : [],
  )
  const finds = wanted.flatMap((one) => (one.kind === 'words' ? [one.find] : []))
  const ofWords = finds.flatMap(({ words, prefix }) =>
    tokens.flatMap((token, i): [number, number][] => {
      const fits = words.every((word, j) => {
        const here = tokens[i + j]?.word
        return here === word || (prefix && j === words.length - 1 && here?.startsWith(word) === true)
      })
      return fits ? [[token.start, tokens[i + words.length - 1]?.end ?? token.end]] : []
    }),
  )
  const places = [...ofWords, ...spots]
  const first = Math.min(...places.map(([start]) => start))
  const start = first === Infinity ? 0 : Math.max(0, first - BEFORE)
  const end = start + BEFORE + BEHIND
  const marks = places.filter(([from, to]) => from >= start && to <= end).toSorted((a, b) => a[0] - b[0])
  return {
    text: shownText(text).slice(start, end),
    marks: apart(marks).map(([from, to]) => [from - start, to - start] as const),
  }
}

/** What is looked for in the text, not what is left out. */
function wantedAtoms(query: Query): readonly (Extract<Query, { kind: 'words' }> | Regex)[] {
  switch (query.kind) {
    case 'words':
    case 'regex':
      return [query]
    case 'and':
    case 'or':
      return query.items.flatMap(wantedAtoms)
    case 'all':
    case 'not':
    case 'field':
      return []
  }
}

function apart(marks: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const kept: (readonly [number, number])[] = []
  for (const mark of marks) if (mark[0] >= (kept.at(-1)?.[1] ?? 0)) kept.push(mark)
  return kept
}
