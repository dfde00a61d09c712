import type { View } from '../find/view.ts'

/** Shannon entropy of the bytes, in bits for each: 0 for `aaaa`, 4 for sixteen different ones, 3 to 3.9 for random hexadecimal. */
export function entropyOf(bytes: View['bytes'], start: number, end: number): number {
  const counts = new Uint16Array(256)
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0
    counts[byte] = (counts[byte] ?? 0) + 1
  }
  const length = end - start
  let bits = 0
  for (const count of counts) if (count > 0) bits -= (count / length) * Math.log2(count / length)
  return bits
}
