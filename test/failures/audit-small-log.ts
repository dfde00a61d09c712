import type { Buffer } from 'node:buffer'
import { crc32 } from 'node:zlib'
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import { LogTree } from '../../src/audit/log-tree.ts'
import type { Finding } from '../../src/audit/verify.ts'
import { saltCrc } from '../../src/store/segments/frame.ts'
import { decodeHeader, HEADER_BYTES } from '../../src/store/segments/header.ts'
import { type Inventory, takeInventory } from '../../src/store/segments/inventory.ts'
import { diskIo } from '../../src/store/segments/io.ts'
import { findNewest, type Replayed, replayNewest } from '../../src/store/segments/recover.ts'
import { findStream } from '../../src/store/segments/stream.ts'
import { asBuffer, type RawCommit, walkCommits } from '../../src/store/segments/walk.ts'
import { verifyStream } from '../../src/store/segments/verify-records.ts'
import { DataFolder, entry, openLog } from './audit-support.ts'

/** A log of one segment with a few commits, whose file the test may write over; `recover` reads it as a start would. */
export async function smallLog() {
  const folder = new DataFolder()
  const { log } = await openLog(folder, { segmentBytes: 16 * 1024 })
  const intent = await log.append(entry('intent'))
  await log.append(entry('outcome', { of: intent.index }))
  await Promise.all(Array.from({ length: 3 }, () => log.append(entry('refused'))))
  await log.close()
  const [path] = folder.segments
  const bytes = readFileSync(path ?? '')
  const header = decodeHeader(bytes)
  const stream = findStream(folder.path)
  if (path === undefined || header === undefined || stream === undefined) throw new Error('a log has a segment')
  const commits: RawCommit[] = [
    ...walkCommits(asBuffer(bytes), HEADER_BYTES, {
      end: bytes.length,
      saltCrc: saltCrc(header.salt),
      cipher: undefined,
      seq: 0,
    }),
  ]
  const last = commits.at(-1)
  if (last === undefined) throw new Error('a log has commits')
  const fd = openSync(path, 'r+')
  return {
    folder,
    bytes,
    header,
    commits,
    last,
    write(change: (bytes: Buffer) => void): void {
      const changed = asBuffer(Uint8Array.from(bytes))
      change(changed)
      // In place: to cut the file off and make it anew takes longer than to verify it.
      writeSync(fd, changed, 0, changed.length, 0)
    },
    recover: () =>
      replayed(takeInventory(diskIo, stream.folder, { origin: stream.origin, segmentBytes: bytes.length })),
    /** What is found in this log alone, without the log of logs: a verification for each byte must be quick. */
    verify(): readonly Finding[] {
      const found: Finding[] = []
      const told = { report: (one: Finding) => void found.push(one), warn: (one: Finding) => void found.push(one) }
      verifyStream(stream, { ...told, trusted: undefined, judge: undefined, kept: [], proven: undefined })
      return found
    },
    [Symbol.dispose](): void {
      closeSync(fd)
      folder[Symbol.dispose]()
    },
  }
}

/** What a start reads of a log that has one segment with records, or of none. */
export function replayed(inventory: Inventory): Replayed | undefined {
  const newest = findNewest(diskIo, inventory)
  if (newest === undefined) return undefined
  const replay = replayNewest(newest, LogTree.empty())
  let step = replay.next()
  while (step.done !== true) step = replay.next()
  return step.value
}

/** Puts the right CRC into the frame at that place. */
export function mendFrame(bytes: Buffer, at: number, salt: number): void {
  const end = at + 24 + bytes.readUInt32BE(at)
  bytes.writeUInt32BE(crc32(bytes.subarray(at + 8, end), crc32(bytes.subarray(at, at + 4), salt)), at + 4)
}
