import { toHex } from '../base/bytes.ts'
import type { Micros } from '../base/clock.ts'

/** Random bytes of a record's id; the caller brings them. */
export const RECORD_ID_RANDOM_BYTES = 10

/** UUIDv7 (RFC 9562, 5.7): 48 bits of milliseconds, then random. Sorts by time and names a record before it has a seq. */
export function recordId(time: Micros, random: Uint8Array): string {
  const ms = Math.floor(time / 1000)
    .toString(16)
    .padStart(12, '0')
  const hex = toHex(random)
  const variant = ((random[2] ?? 0) & 0x3f) | 0x80
  return `${ms.slice(0, 8)}-${ms.slice(8, 12)}-7${hex.slice(1, 4)}-${variant.toString(16)}${hex.slice(6, 8)}-${hex.slice(8, 20)}`
}
