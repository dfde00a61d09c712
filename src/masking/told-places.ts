import { encodeUtf8, indexOf } from '../base/bytes.ts'
import type { Act } from './acts.ts'
import type { Document } from './document.ts'
import { endsWord, startsWord } from './scan/bytes-tables.ts'
import type { Known } from './spread.ts'
import { isStructural } from './structural.ts'
import type { Located } from './structure/locate.ts'
import type { Structure } from './structure/structure.ts'

/** A text of the message, between its quotes. */
interface Leaf {
  readonly start: number
  readonly end: number
  readonly text: string
  readonly at: Located | undefined
}

/**
 * Places of values that are too short or too common to be hidden wherever they stand, such as `Bo` or `Will`: as whole words in
 * the lines that they were told of. Where a text writes them in escapes, all of it is hidden.
 */
export function placesTold(document: Document, known: readonly Known[]): readonly Act[] {
  const told = known.filter(({ lines }) => lines !== undefined)
  if (told.length === 0) return []
  return [...leavesOf(document)].flatMap((leaf) =>
    told
      .filter(({ lines = [] }) => lines.some((line) => leaf.text.includes(line)))
      .flatMap((one) => actsIn(document, leaf, one)),
  )
}

function actsIn({ bytes, isJson }: Document, leaf: Leaf, { entity, action, value, by }: Known): Act[] {
  const needle = encodeUtf8(value)
  const view = { bytes, raw: isJson }
  const about = { entity, action, by, rule: 'told', score: 1, kind: 'string', value, at: leaf.at } as const
  const acts: Act[] = []
  let isSeen = false
  for (let at = indexOf(bytes, needle, leaf.start); at >= 0; at = indexOf(bytes, needle, at + 1)) {
    const end = at + needle.length
    if (end > leaf.end) break
    isSeen = true
    if (startsWord(view, at) && endsWord(view, end)) acts.push({ start: at, end, ...about })
  }
  return isSeen ? acts : [{ start: leaf.start, end: leaf.end, ...about, value: leaf.text }]
}

function* leavesOf(document: Document): Generator<Leaf> {
  const { bytes, structure } = document
  if (structure === undefined)
    yield { start: 0, end: bytes.length, text: document.text(0, bytes.length), at: undefined }
  else yield* leavesIn(document, structure)
}

function* leavesIn(document: Document, structure: Structure): Generator<Leaf> {
  for (let token = 0; token < structure.length; token++) {
    if (structure.kind(token) !== 'string') continue
    const inner = structure.inner(token)
    if (inner !== undefined) yield* leavesIn(document, inner)
    else if (!isStructural(document, { structure, token }))
      yield {
        start: structure.innerStart(token),
        end: structure.innerEnd(token),
        text: structure.text(token),
        at: { structure, token },
      }
  }
}
