import { Document } from './document.ts'
import type { Structure } from './structure/structure.ts'

/** Characters that are asked about at once: a service takes a text whole. */
const TEXT_CHARS_MAX = 20_000
/** Shorter texts hold no name with anything around it that would say so. */
export const LEAF_CHARS_MIN = 4

/** The texts of a message, for a service that reads prose: one to a line, in pieces of bounded length. */
export function textsOf(bytes: Uint8Array): readonly string[] {
  const document = new Document(bytes)
  const { structure } = document
  const leaves = structure === undefined ? [document.text(0, bytes.length)] : [...leafTexts(structure)]
  const texts: string[] = []
  let piece = ''
  for (const leaf of leaves)
    for (let from = 0; from < leaf.length; from += TEXT_CHARS_MAX) {
      const part = leaf.slice(from, from + TEXT_CHARS_MAX)
      if (piece.length + part.length >= TEXT_CHARS_MAX && piece !== '') {
        texts.push(piece)
        piece = ''
      }
      piece = piece === '' ? part : `${piece}\n${part}`
    }
  return piece === '' ? texts : [...texts, piece]
}

function* leafTexts(structure: Structure): Generator<string> {
  for (let token = 0; token < structure.length; token++) {
    if (structure.kind(token) !== 'string') continue
    const inner = structure.inner(token)
    if (inner !== undefined) yield* leafTexts(inner)
    else {
      const text = structure.text(token)
      if (text.length >= LEAF_CHARS_MIN && /\p{L}/u.test(text)) yield text
    }
  }
}
