import { piecesOf } from './document.ts'
import type { Query, Regex } from './query.ts'

/** Whether it is found in a request, a reply or a reason: each is a text of its own, with a beginning and an end. */
export function hasRegex({ compiled }: Regex, text: string): boolean {
  return piecesOf(text).some(({ piece }) => compiled.test(piece))
}

/** Where it stands in a text; the first so many places. */
export function placesOf({ compiled }: Regex, text: string, most: number): [number, number][] {
  const places: [number, number][] = []
  for (const { piece, start } of piecesOf(text)) {
    const matcher = compiled.matcher(piece)
    while (places.length < most && matcher.find()) places.push([start + matcher.start(), start + matcher.end()])
  }
  return places.filter(([from, to]) => to > from)
}

/** Whether anything of a query can only be told by reading what was recorded: no index has the text. */
export function asksForRegex(query: Query): boolean {
  switch (query.kind) {
    case 'regex':
      return true
    case 'and':
    case 'or':
      return query.items.some(asksForRegex)
    case 'not':
      return asksForRegex(query.item)
    case 'all':
    case 'words':
    case 'field':
      return false
  }
}
