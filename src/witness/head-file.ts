import { open, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type CheckpointFound, parseCheckpoints } from '../audit/checkpoint.ts'
import { decodeUtf8, encodeUtf8, indexOf } from '../base/bytes.ts'

/** A head of the log of logs with its cosignatures has some 10 KiB. */
const TAIL_BYTES = 128 * 1024
const NEWLINE = encodeUtf8('\n')

/** The newest heads in a file, however large it is, and where the last whole one ends; what stands behind was cut off. */
export async function tailOf(
  path: string,
): Promise<{ readonly heads: readonly CheckpointFound[]; readonly end: number }> {
  const size = await sizeOf(path)
  if (size === undefined) return { heads: [], end: 0 }
  const from = Math.max(0, size - TAIL_BYTES)
  await using file = await open(path, 'r')
  const { buffer, bytesRead } = await file.read(new Uint8Array(size - from), 0, size - from, from)
  // From the beginning of a line on; a head whose beginning is not there is none.
  const skipped = from === 0 ? 0 : indexOf(buffer, NEWLINE) + 1
  const { end, heads } = parseCheckpoints(decodeUtf8(buffer.subarray(skipped, bytesRead)))
  return { heads, end: from + skipped + end }
}

/** Puts a head where the last whole one ends. Durable when it resolves; no call waits for it meanwhile. */
export async function appendHead(path: string, end: number, note: string): Promise<void> {
  const isNew = (await sizeOf(path)) === undefined
  {
    await using file = await open(path, isNew ? 'wx' : 'r+', 0o600)
    if (!isNew) await file.truncate(end)
    await file.write(encodeUtf8(note), 0, undefined, end)
    await file.sync()
  }
  if (!isNew) return
  await using folder = await open(dirname(path), 'r')
  await folder.sync()
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size
  } catch (failure) {
    if (failure instanceof Error && 'code' in failure && failure.code === 'ENOENT') return undefined
    throw failure
  }
}
