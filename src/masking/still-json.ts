import { decodeLatin1 } from '../base/bytes.ts'
import { Document } from './document.ts'
import { tableOf } from './scan/bytes-tables.ts'
import { afterEscape, endOfEscape } from './structure/escapes.ts'
import type { Structure } from './structure/structure.ts'
import type { Token } from './structure/tokens.ts'
import type { Edit } from './views/splice.ts'

/**
 * Whether what was made of JSON is JSON. Most edits cannot make anything else of it: letters and signs in a string, a number
 * where a number was. Where there are others, it is read again.
 */
export function isStillJson(out: Uint8Array, structure: Structure, edits: readonly Edit[]): boolean {
  let token = 0
  for (const edit of edits) {
    // Both are in order.
    while (token + 1 < structure.length && structure.start(token + 1) <= edit.start) token++
    if (!keepsJson(structure, token, edit)) return new Document(out).structure !== undefined
  }
  return true
}

function keepsJson(structure: Structure, token: Token, { start, end, put }: Edit): boolean {
  if (structure.isContainer(token)) return false
  const kind = structure.kind(token)
  if (kind === 'string' || kind === 'key') {
    const isInside = start >= structure.innerStart(token) && end <= structure.innerEnd(token)
    return isInside && isPlain(put) && !cutsEscape(structure.bytes, start, end)
  }
  const isWhole = start === structure.start(token) && end === structure.end(token)
  return isWhole && SCALAR.test(decodeLatin1(put))
}

/** RFC 8259, section 6, and a literal that says nothing. */
const SCALAR = /^(?:-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|null)$/

function cutsEscape(bytes: Uint8Array, start: number, end: number): boolean {
  return afterEscape(bytes, start, 0) !== start || endOfEscape(bytes, end, 0) !== end
}

/** Replacements are made of what needs no escape (masking.md, 3.7). */
function isPlain(put: Uint8Array): boolean {
  for (let i = 0; i < put.length; i++) if (NEEDS_NO_ESCAPE[put[i] ?? 0] !== 1) return false
  return true
}

const NEEDS_NO_ESCAPE = tableOf('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 _.:@+-/*=~')
