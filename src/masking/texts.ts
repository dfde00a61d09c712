import { Document } from './document.ts'
import { contentText } from './find/binary.ts'
import type { Structure } from './structure/structure.ts'

/** Characters that are asked about at once: a service takes a text whole. */
const TEXT_CHARS_MAX = 20_000
/** Shorter texts hold no name with anything around it that would say so. */
export const LEAF_CHARS_MIN = 4

/** The texts of a message, for a service that reads prose: one to a line, in pieces of bounded length. */
export function textsOf(bytes: Uint8Array): readonly string[] {
  const leaves = textsIn(new Document(bytes))
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

function textsIn(document: Document): readonly string[] {
  const { structure, bytes } = document
  if (structure === undefined) return [document.text(0, bytes.length)]
  // Rows have the same keys, and one word is no prose.
  const keys = new Set<string>()
  const leaves = [...leafTexts(structure, keys)]
  return [...keys, ...leaves]
}

function* leafTexts(structure: Structure, keys: Set<string>): Generator<string> {
  for (let token = 0; token < structure.length; token++) {
    const kind = structure.kind(token)
    if (kind === 'key') {
      const key = structure.keyText(token)
      if (/\p{L}\s+\p{L}/u.test(key)) keys.add(key)
    }
    if (kind !== 'string') continue
    const inner = structure.inner(token)
    const content = inner === undefined ? contentText(structure, token) : undefined
    if (inner !== undefined) yield* leafTexts(inner, keys)
    else if (content !== undefined) yield* textsIn(new Document(content))
    else {
      const text = structure.text(token)
      if (text.length >= LEAF_CHARS_MIN && /\p{L}/u.test(text)) yield text
    }
  }
}
