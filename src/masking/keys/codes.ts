// Codes of a few digits just behind their name, where no sign says that they are of it: "exp 08/27 CVV 545", "OTP 692901".
import { decodeLatin1 } from '../../base/bytes.ts'
import { entityId } from '../entities.ts'
import type { KeyKind } from './dictionary.ts'
import { addFound, type Look, type Span } from './look.ts'
import { byteAt, isDigit, SPACE } from './text-bytes.ts'

const VERIFICATION = entityId('card_verification')
/** Bytes before the name in which the card stands. */
const CARD_MAX = 96
const CARD = /\d(?:[ -]?\d){12,18}(?!\d)|\b(?:exp|valid|expir)\w{0,6}[^\d]{1,12}\d\d ?\/ ?\d\d/i
/** Codes of cards have three digits or four; those that are sent to people are longer than years and ports. */
const CARD_DIGITS = { least: 3, most: 4 }
const SENT_DIGITS = { least: 6, most: 8 }
const DIGITS_MAX = 9
/** Codes of countries have the same name. */
const PIN = /^pin/
/** Behind a number that goes on, that counts or measures something, or that is of a version: `OTP 202611 release`. A code "releases" what is paid. */
const GOES_ON =
  /^(?:[\w%]|[-.,:/]\w| ?[-\u2013] ?\d| (?:digits?|ms|sec\w*|min\w*|bytes?|bits?|release|versions?|builds?)\b)/

const BEHIND_MAX = 12

export function isNumberBehind(bytes: Uint8Array, end: number): boolean {
  return bytes[end] === SPACE && isDigit(byteAt(bytes, end + 1))
}

/** Reports the number behind such a name; false where it can be any other. */
export function addCode(look: Look, kind: KeyKind, name: Span): boolean {
  const { bytes } = look.view
  const isOfCard = kind.entity === VERIFICATION
  if (kind.demand !== 'pin' || (!isOfCard && PIN.test(kind.word))) return false
  const start = name.end + 1
  let end = start
  while (end - start < DIGITS_MAX && isDigit(byteAt(bytes, end))) end++
  const { least, most } = isOfCard ? CARD_DIGITS : SENT_DIGITS
  if (end - start < least || end - start > most || GOES_ON.test(decodeLatin1(bytes, end, end + BEHIND_MAX)))
    return false
  if (isOfCard && !CARD.test(decodeLatin1(bytes, Math.max(0, name.start - CARD_MAX), name.start))) return false
  addFound(look, kind, { start, end })
  return true
}
