import { DIGIT, tableOf, union, UPPER } from './bytes-tables.ts'

/** Bytes of the shortest shape that must be found, `1.1.1.1`: every run as long as that covers one of the places looked at. */
const STRIDE = 7
/** Fewer digits are no number that is looked for. */
const DIGITS_MIN = 4

/** Small letters are none of them, and so no letter of an escape: `\n4111…` is a run from the 4 on. */
const KIND = union(DIGIT, tableOf(' .()/-+'), UPPER)

/**
 * Reports every run of digits, separators (space `. ( ) / - +`) and capitals with seven bytes and four digits at least, in
 * order. A run may begin and end with separators, and it is as long as it is.
 */
export function scanRuns(bytes: Uint8Array, onRun: (start: number, end: number, digits: number) => void): void {
  const kind = KIND
  let at = STRIDE - 1
  while (at < bytes.length) {
    if (kind[bytes[at] ?? 0] === 0) {
      at += STRIDE
      continue
    }
    // To the left this ends at the latest where the run before ended, so that no byte is walked over twice.
    let start = at
    while (start > 0 && kind[bytes[start - 1] ?? 0] === 1) start -= 1
    let end = at + 1
    while (end < bytes.length && kind[bytes[end] ?? 0] === 1) end += 1
    if (end - start >= STRIDE) {
      const digits = countDigits(bytes, start, end)
      if (digits >= DIGITS_MIN) onRun(start, end, digits)
    }
    at = end + STRIDE
  }
}

function countDigits(bytes: Uint8Array, start: number, end: number): number {
  let digits = 0
  for (let i = start; i < end; i += 1) digits += DIGIT[bytes[i] ?? 0] ?? 0
  return digits
}
