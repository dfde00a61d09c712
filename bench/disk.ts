// What the disk under the data folder takes to make one record durable: the floor below every durable figure.
import { spawnSync } from 'node:child_process'
import { closeSync, fdatasyncSync, fsyncSync, mkdirSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
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

const FILES = 200
const FILE_BYTES = 8192

/** Half as much again as where nothing was removed lately. */
const CHEAP_MICROS = 50
const LOOKS = 16
const PAUSE_MS = 25_000

/**
 * Microseconds of CPU to make a file of the size of a tile, below that folder, which keeps them. Waits until ext4 has forgotten what
 * was removed around it (see `setApart`), some minutes at most; the run before this one is the most likely to have removed it.
 */
export async function measureNewFile(folder: string, tell: (line: string) => void): Promise<number> {
  for (let look = 1; ; look++) {
    const micros = newFileMicros(join(folder, `files-${look}`))
    if (micros <= CHEAP_MICROS || look >= LOOKS) return micros
    if (look === 1)
      tell(`to make a file takes ${micros.toFixed(0)} µs, for many were removed lately; waiting for that to pass …`)
    await sleep(PAUSE_MS)
  }
}

function newFileMicros(files: string): number {
  mkdirSync(files)
  const bytes = new Uint8Array(FILE_BYTES)
  const before = process.cpuUsage()
  for (let i = 0; i < FILES; i++) writeFileSync(join(files, String(i)), bytes)
  const { system, user } = process.cpuUsage(before)
  return (system + user) / FILES
}

/**
 * Has ext4 put what is made in that folder far from what lies around it. Without a journal it looks past each inode that was
 * freed nearby in the last minutes, before it takes one: after thousands were, a new file costs ten times as much (decisions/069).
 * Elsewhere this fails, and nothing is wrong.
 */
export function setApart(folder: string): void {
  spawnSync('chattr', ['+T', folder])
}
