import { entityId } from '../entities.ts'
import type { Hit, Sink, WordDetector } from '../find/finding.ts'
import { HEX, WORD, startsWord } from '../scan/bytes-tables.ts'

const MAC_ADDRESS = entityId('mac_address')
const SCORE = 0.7
const HEX_DIGITS = '0123456789abcdef'
const DOT = 0x2e
/** Twelve hexadecimal digits: six pairs, or three groups of four with dots. */
const DIGITS = 12

/** Addresses of network cards (IEEE 802): `00:1a:2b:3c:4d:5e`, `00-1A-2B-3C-4D-5E`, `001a.2b3c.4d5e`. */
export const MAC: WordDetector = {
  words: [':', '-', '.'].flatMap((separator) => Array.from(HEX_DIGITS, (digit) => digit + separator)),
  verify,
}

function verify({ view, end }: Hit, sink: Sink): void {
  if (!sink.may(MAC_ADDRESS, SCORE)) return
  const { bytes } = view
  const separator = bytes[end - 1] ?? 0
  const size = separator === DOT ? 4 : 2
  const start = end - 1 - size
  const to = start + DIGITS + DIGITS / size - 1
  if (start < 0 || !isInGroups(bytes, { start, to, size, separator })) return
  if (!startsWord(view, start) || bytes[start - 1] === separator || !isEnd(bytes, to, separator)) return
  if (!isOneDigit(bytes, start, to))
    sink.add({ entity: MAC_ADDRESS, start, end: to, score: SCORE, by: 'shape', rule: 'mac' })
}

function isEnd(bytes: Uint8Array, to: number, separator: number): boolean {
  const after = bytes[to] ?? 0
  return WORD[after] === 0 && !(after === separator && isHex(bytes[to + 1]))
}

function isInGroups(
  bytes: Uint8Array,
  { start, to, size, separator }: { start: number; to: number; size: number; separator: number },
): boolean {
  if (to > bytes.length) return false
  for (let at = start; at < to; at += 1) {
    const isGap = (at - start) % (size + 1) === size
    if (isGap ? bytes[at] !== separator : !isHex(bytes[at])) return false
  }
  return true
}

/** All zeros and all ones are no card's: nothing, and everybody. */
function isOneDigit(bytes: Uint8Array, start: number, to: number): boolean {
  const first = (bytes[start] ?? 0) | 0x20
  if (first !== 0x30 && first !== 0x66) return false
  for (let at = start; at < to; at += 1) if (isHex(bytes[at]) && ((bytes[at] ?? 0) | 0x20) !== first) return false
  return true
}

function isHex(byte: number | undefined): boolean {
  return byte !== undefined && HEX[byte] === 1
}
