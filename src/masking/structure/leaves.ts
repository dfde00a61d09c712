import type { Structure } from './structure.ts'
import type { Token } from './tokens.ts'

/** The texts, numbers and literals of a value: itself, or all that stand below it. Keys are none, and `null` holds nothing. */
export function leafTokens(structure: Structure, value: Token): Token[] {
  if (value < 0) return []
  const leaves: Token[] = []
  for (let token = value; token < structure.after(value); token++) if (isLeaf(structure, token)) leaves.push(token)
  return leaves
}

const LETTER_N = 0x6e

function isLeaf(structure: Structure, token: Token): boolean {
  const kind = structure.kind(token)
  if (kind === 'string') return structure.innerEnd(token) > structure.innerStart(token)
  return kind === 'number' || (kind === 'literal' && structure.bytes[structure.start(token)] !== LETTER_N)
}

/** The value that these keys lead to, from the message down; -1 where there is none. */
export function pathAt(structure: Structure, path: readonly string[]): Token {
  let token = 0
  for (const key of path) {
    token = structure.kind(token) === 'object' ? memberOf(structure, token, key) : -1
    if (token < 0) return -1
  }
  return token
}

/** The value of a member of an object; -1 where it has none of the name. */
export function memberOf(structure: Structure, object: Token, name: string): Token {
  for (let value = structure.firstChild(object); value >= 0; value = structure.nextSibling(value)) {
    const key = structure.keyOf(value)
    if (key >= 0 && structure.keyText(key) === name) return value
  }
  return -1
}
