import { randomFillSync } from 'node:crypto'
import { recordId, RECORD_ID_RANDOM_BYTES } from '../audit/record-id.ts'
import { clock } from '../base/clock.ts'

/** Random bytes from a pool: one system call for many ids. */
export function recordIds(): () => string {
  const pool = new Uint8Array(RECORD_ID_RANDOM_BYTES * 512)
  let at = pool.byteLength
  return () => {
    if (at + RECORD_ID_RANDOM_BYTES > pool.byteLength) {
      randomFillSync(pool)
      at = 0
    }
    const random = pool.subarray(at, at + RECORD_ID_RANDOM_BYTES)
    at += RECORD_ID_RANDOM_BYTES
    return recordId(clock.nowMicros(), random)
  }
}
