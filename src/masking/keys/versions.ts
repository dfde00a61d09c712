// Packages are called by words of secrets, and their values are versions: `"csrf-token": "^1.0.0"`.
import { decodeLatin1 } from '../../base/bytes.ts'
import type { Span } from './look.ts'
import { afterBackslashes, isDigit } from './text-bytes.ts'

/** Bytes of a version, and of the members beside one that are looked at. */
const VERSION_MAX = 40
const BESIDE_MAX = 120

const VERSION = String.raw`(?:[\^~]|[<>]=? ?)?\d{1,6}\.\d{1,6}(?:\.[\w.+-]{1,24})?`
const SURE = /^\\*"(?:[\^~]\d{1,6}(?:\.\d{1,6}){0,2}|\d{1,6}\.\d{1,6}\.\d{1,6})(?:[-+][\w.+-]{1,20})?\\*"/
const SPACE = String.raw`(?:\s|\\+[nrt])*`
const MEMBER = String.raw`\\*"([\w@/.-]{1,60})\\*"${SPACE}:${SPACE}\\*"${VERSION}\\*"`
const BEFORE = new RegExp(String.raw`${MEMBER}${SPACE},${SPACE}$`)
const BEHIND = new RegExp(String.raw`^${SPACE},${SPACE}${MEMBER}`)

/** Whether the string at `value` is a version and so is that of the member before or behind the one of `key`. */
export function isVersionOfMany(bytes: Uint8Array, key: Pick<Span, 'start'>, value: number): boolean {
  const first = bytes[afterBackslashes(bytes, value) + 1] ?? 0
  if (!isDigit(first) && first !== CARET && first !== TILDE) return false
  const version = SURE.exec(decodeLatin1(bytes, value, Math.min(bytes.length, value + VERSION_MAX)))?.[0]
  if (version === undefined) return false
  const behind = value + version.length
  return (
    isOther(BEFORE.exec(decodeLatin1(bytes, Math.max(0, key.start - BESIDE_MAX), key.start))) ||
    isOther(BEHIND.exec(decodeLatin1(bytes, behind, Math.min(bytes.length, behind + BESIDE_MAX))))
  )
}

const CARET = 0x5e
const TILDE = 0x7e

/** Not the version of the object itself. */
function isOther(member: RegExpExecArray | null): boolean {
  return member !== null && !/version/i.test(member[1] ?? '')
}
