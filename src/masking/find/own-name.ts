import type { Span } from '../decoded-view.ts'
import { ALNUM, LOWER, UPPER } from '../scan/bytes-tables.ts'
import type { View } from './view.ts'

const EQUALS = 0x3d
const COLON = 0x3a
const SPACE = 0x20
const UNDERSCORE = 0x5f
const BACKSLASH = 0x5c
const NAME_BYTES_MAX = 64

/**
 * The name right before a value in a text: `order_id=…`, `order_id: …`, `orderId: …`. Before a colon it must be one that only
 * machines write, for people write `order: …` and then the card that it was paid with.
 */
export function ownName({ bytes, raw }: View, { start: value }: Span): Span | undefined {
  const end = nameEnd(bytes, value)
  if (end < 0) return undefined
  let start = end
  while (end - start < NAME_BYTES_MAX && isOfName(bytes[start - 1])) start--
  if (raw && bytes[start - 1] === BACKSLASH) start++
  const isName = start < end && (bytes[end] === EQUALS || isJoined(bytes, start, end))
  return isName ? { start, end } : undefined
}

function nameEnd(bytes: Uint8Array, value: number): number {
  if (bytes[value - 1] === EQUALS) return value - 1
  const colon = bytes[value - 1] === SPACE ? value - 2 : value - 1
  return bytes[colon] === COLON ? colon : -1
}

function isOfName(byte: number | undefined): boolean {
  return byte !== undefined && (ALNUM[byte] === 1 || byte === UNDERSCORE)
}

/** Of several words: `order_id`, `orderId`. */
function isJoined(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start + 1; at < end; at++) {
    if (bytes[at] === UNDERSCORE) return true
    if (UPPER[bytes[at] ?? 0] === 1 && LOWER[bytes[at - 1] ?? 0] === 1) return true
  }
  return false
}
