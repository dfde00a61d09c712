import type { Span } from '../decoded-view.ts'
import { ALNUM, skipEscape, tableOf, union } from './bytes-tables.ts'

const AT_SIGN = 0x40
/** RFC 5321, 4.5.3.1.1: what stands before the sign. */
const LOCAL_BYTES_MAX = 64
/** RFC 5321, 4.5.3.1.2: what stands after it. */
const DOMAIN_BYTES_MAX = 255

/** RFC 5322, 3.2.3: `atext` and the dot. The slash is left out: it is the path of `https://host/@name` far more often. */
const LOCAL = union(ALNUM, tableOf("!#$%&'*+-=?^_`{|}~."))
const DOMAIN = union(ALNUM, tableOf('.-_'))

/** An at sign and what may stand around it. */
export interface AtSign extends Span {
  readonly at: number
}

/**
 * Reports what could be an address around every at sign, in order: as much as may stand before the sign and after it, 64
 * and 255 bytes at most, with a letter or digit at the end. `joe@localhost` too; a closer look decides.
 */
export function scanAts(bytes: Uint8Array, onAt: (sign: AtSign) => void): void {
  for (let at = bytes.indexOf(AT_SIGN); at >= 0; at = bytes.indexOf(AT_SIGN, at + 1)) {
    const end = domainEnd(bytes, at)
    if (end === at + 1) continue
    const start = localStart(bytes, at)
    if (start < at) onAt({ start, at, end })
  }
}

function localStart(bytes: Uint8Array, at: number): number {
  const least = Math.max(0, at - LOCAL_BYTES_MAX)
  let start = at
  while (start > least && LOCAL[bytes[start - 1] ?? 0] === 1) start -= 1
  // `\njoe@…`: the n is a newline's, and to replace it would break the text. What is decoded may be JSON itself.
  return skipEscape({ bytes, raw: true }, start, at)
}

function domainEnd(bytes: Uint8Array, at: number): number {
  const most = Math.min(bytes.length, at + 1 + DOMAIN_BYTES_MAX)
  let end = at + 1
  while (end < most && DOMAIN[bytes[end] ?? 0] === 1) end += 1
  while (end > at + 1 && ALNUM[bytes[end - 1] ?? 0] === 0) end -= 1
  return end
}
