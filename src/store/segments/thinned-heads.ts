import { join } from 'node:path'
import type { Io } from './io.ts'

/**
 * A file of heads without most of the old ones, made beside the one that is written to: its first `bytes` stand for the first
 * `from` of that one. What stands behind them was cut off by a crash while the file took the place of the other.
 */
interface Thinned {
  readonly from: number
  readonly bytes: number
}

export function thinnedName(file: string, { bytes, from }: Thinned): string {
  return `${file}.thinned.${from}.${bytes}`
}

export function findThinned(names: readonly string[], file: string): (Thinned & { readonly name: string }) | undefined {
  for (const name of names) {
    const [, from, bytes] = /^\.thinned\.(\d{1,15})\.(\d{1,15})$/.exec(name.slice(file.length)) ?? []
    if (name.startsWith(file) && from !== undefined && bytes !== undefined)
      return { name, from: Number(from), bytes: Number(bytes) }
  }
  return undefined
}

/**
 * Lets a thinned file take the place of the one that it was made from, with what was appended since. Called by whoever appends,
 * between two heads. Returns by how much the file is shorter now: nothing where there is no such file, or no room for it.
 */
export function takeThinned(io: Io, folder: string, file: string): number {
  const thinned = findThinned(io.list(folder), file)
  if (thinned === undefined) return 0
  const path = join(folder, file)
  const beside = join(folder, thinned.name)
  const since = (io.sizeOf(path) ?? 0) - thinned.from
  try {
    if (since < 0) throw new RangeError('it was made from a file that was longer')
    io.appendDurably(beside, thinned.bytes, readRange(io, path, thinned.from, since))
  } catch {
    // Nothing of the log is lost: the old heads are thinned another day.
    io.remove(beside)
    return 0
  }
  io.rename(beside, path)
  return thinned.from - thinned.bytes
}

export function readRange(io: Io, path: string, from: number, length: number): Uint8Array {
  const fd = io.open(path, 'r')
  try {
    const bytes = new Uint8Array(length)
    for (let at = 0; at < length;) {
      const count = io.read(fd, bytes.subarray(at), from + at)
      if (count === 0) return bytes.subarray(0, at)
      at += count
    }
    return bytes
  } finally {
    io.close(fd)
  }
}
