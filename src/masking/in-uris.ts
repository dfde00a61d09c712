import { encodeUtf8 } from '../base/bytes.ts'
import type { Act } from './acts.ts'
import type { Document } from './document.ts'
import type { EntityName } from './entities.ts'
import { isWordOfProtocol } from './protocol-words.ts'
import type { Located } from './structure/locate.ts'
import type { Book } from './surrogates/book.ts'
import { isOfWeb } from './surrogates/sinks.ts'
import { valueOf } from './value-of.ts'

const TILDE = 0x7e

/**
 * What stands for a value in the URI of a resource: where the URI spells it otherwise than the book, a mark behind its stand-in
 * says how, or the server would not know its own URI when it comes back.
 */
export function markInUri(document: Document, act: Act, entity: EntityName, book: Book): Uint8Array {
  const { start, end, at, value } = act
  if (book.spell === undefined || at === undefined || !isResourceUri(document, at)) return NOTHING
  const row = book.mint(entity, value)
  if (row === undefined) return NOTHING
  const spelling = valueOf(document, { start, end, at })
  // What the server wrote behind the value must not be taken for a mark of ours.
  if (spelling === row.value && document.bytes[end] !== TILDE) return NOTHING
  return encodeUtf8(book.spell(row, spelling) ?? '')
}

const NOTHING = new Uint8Array(0)

/** A member `uri` of the protocol. Those of the web come back from nobody. */
function isResourceUri(document: Document, { structure, token }: Located): boolean {
  const key = structure.kind(token) === 'string' ? structure.keyOf(token) : -1
  // Most values stand under other names: those are not read.
  if (key < 0 || structure.innerEnd(key) - structure.innerStart(key) !== 'uri'.length) return false
  if (structure.keyText(key) !== 'uri') return false
  return isWordOfProtocol(document, { structure, token: key }) && !isOfWeb(structure.text(token))
}
