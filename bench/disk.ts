// What the disk under the data folder takes to make one record durable: the floor below every durable figure.
import { closeSync, fdatasyncSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { percentile } from './statistics.ts'

const WRITES = 200
const WRITE_BYTES = 1536

/** Milliseconds of pwrite + fdatasync into a file whose blocks are there already, as those of the log are. */
export function measureDisk(folder: string): { readonly p50Ms: number; readonly p99Ms: number } {
  const path = join(folder, `fdatasync-${process.pid}`)
  const file = openSync(path, 'w')
  try {
    writeSync(file, new Uint8Array(WRITES * WRITE_BYTES), 0)
    fsyncSync(file)
    const bytes = new Uint8Array(WRITE_BYTES).fill(7)
    const took = Array.from({ length: WRITES }, (_, at) => {
      const began = performance.now()
      writeSync(file, bytes, 0, WRITE_BYTES, at * WRITE_BYTES)
      fdatasyncSync(file)
      return performance.now() - began
    })
    return { p50Ms: percentile(took, 50), p99Ms: percentile(took, 99) }
  } finally {
    closeSync(file)
    rmSync(path, { force: true })
  }
}
