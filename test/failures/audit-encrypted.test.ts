// Running segments that are encrypted: nothing of a call can be read from the disk, and nothing is lost that would not be
// lost in plain.
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { crc32 } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPackKeys, type PackKeys, rewrapMonthKeys, KeyRing } from '../../src/store/packs/keys.ts'
import { sealNext } from '../../src/store/packs/seal.ts'
import { segmentKeys } from '../../src/store/packs/segment-keys.ts'
import { FRAME, FRAME_HEAD_BYTES, saltCrc, sealFrame } from '../../src/store/segments/frame.ts'
import { decodeHeader, HEADER_BYTES } from '../../src/store/segments/header.ts'
import { takeInventory } from '../../src/store/segments/inventory.ts'
import { diskIo } from '../../src/store/segments/io.ts'
import { readRecords } from '../../src/store/segments/read-records.ts'
import { finderOf, type SegmentKeys } from '../../src/store/segments/segment-key.ts'
import { findStream } from '../../src/store/segments/stream.ts'
import { verifyFolder } from '../../src/store/segments/verify.ts'
import { asBuffer, walkCommits } from '../../src/store/segments/walk.ts'
import { ControlDatabase } from '../../src/store/sqlite/control.ts'
import { encryptingKeys, masterKey } from '../support/segment-keys.ts'
import { replayed } from './audit-small-log.ts'
import { DataFolder, entry, openFaultyLog, openLog, SESSION } from './audit-support.ts'

const PLANTED = 'a body that nobody may read from the disk'
const SEGMENT_BYTES = 64 * 1024

let original: DataFolder
beforeAll(async () => {
  original = new DataFolder()
  const { log } = await openLog(original, { keys: encryptingKeys(original.path) })
  for (let call = 0; call < 20; call++) await callOnce(log)
  await log.close()
})
afterAll(() => original[Symbol.dispose]())

describe('an encrypted segment', () => {
  it('shows nothing of what is recorded, and everything to whoever has the key', async () => {
    expect(firstOf(original.path).bytes.includes(PLANTED)).toBe(false)
    expect(firstOf(original.path).bytes.includes('outcome')).toBe(false)
    using keys = keysOf(original.path)
    const bodies: string[] = []
    for await (const { parts } of readRecords({ folder: original.path, keys }))
      bodies.push(new TextDecoder().decode(parts.request?.bytes ?? parts.response?.bytes))
    expect(bodies.filter((body) => body.includes(PLANTED))).toHaveLength(40)
    expect(verifyFolder(original.path, keys)).toMatchObject({ ok: true, findings: [], tornTail: undefined })
  })

  it('says what to do to whoever has no key, or another one', async () => {
    expect(() => verifyFolder(original.path)).toThrow(/is encrypted, and its key is not known here\. Name the config/)
    await expect(openLog(original)).rejects.toMatchObject({ message: expect.stringContaining('is encrypted') })
    using others = openPackKeys(original.path, masterKey(8))
    expect(() => verifyFolder(original.path, others)).toThrow(/wrapped under another master key/)
  })

  it('is recovered to the commit before, wherever its last one was torn', () => {
    const { bytes, commits, keys, path } = firstOf(original.path)
    const [last, before] = [commits.at(-1), commits.at(-2)]
    if (last === undefined || before === undefined) throw new Error('there are commits')
    using copy = copyOf(original)
    const file = path.replace(original.path, copy.path)
    for (let at = last.at; at < last.next; at += 3) {
      const torn = Uint8Array.from(bytes).fill(0, at, last.next)
      writeFileSync(file, torn)
      expect(lastSeqOf(copy.path, keys), `torn at ${at}`).toBe(before.lastSeq)
    }
    writeFileSync(file, bytes)
    expect(lastSeqOf(copy.path, keys)).toBe(last.lastSeq)
  })

  it.each([
    ['a bit of a commit flipped', (bytes: Buffer, at: number) => flip(bytes, at + FRAME_HEAD_BYTES + 40), false],
    [
      'the same with its checksum made right',
      (bytes: Buffer, at: number) => flip(bytes, at + FRAME_HEAD_BYTES + 40),
      true,
    ],
    [
      'its tag altered, checksum right',
      (bytes: Buffer, at: number) => flip(bytes, at + bytes.readUInt32BE(at) + 20),
      true,
    ],
    ['its seq altered, checksum right', (bytes: Buffer, at: number) => flip(bytes, at + 15), true],
  ])('with %s is found damaged by the verifier, and not started on', async (_, tamper, mended) => {
    using copy = copyOf(original)
    const { bytes, commits, path } = firstOf(original.path)
    const at = commits[3]?.at ?? 0
    expect(bytes[at + 16]).toBe(FRAME.sealed)
    tamper(bytes, at)
    if (mended) mend(bytes, at)
    writeFileSync(path.replace(original.path, copy.path), bytes)
    using keys = keysOf(copy.path)
    expect(verifyFolder(copy.path, keys).findings.map(({ code }) => code)).toContain('segment_damaged')
    await expect(openLog(copy, { keys: encryptingKeys(copy.path) })).rejects.toMatchObject({
      message: expect.stringContaining('damaged'),
    })
  })

  it('with the key in its header altered is found damaged', () => {
    using copy = copyOf(original)
    const { bytes, path } = firstOf(original.path)
    const header = decodeHeader(bytes)
    expect(header?.sealing?.wrapped).toHaveLength(60)
    flip(bytes, 100)
    bytes.writeUInt32BE(crc32(bytes.subarray(0, 4092)), 4092)
    writeFileSync(path.replace(original.path, copy.path), bytes)
    using keys = keysOf(copy.path)
    expect(verifyFolder(copy.path, keys).findings[0]).toMatchObject({
      code: 'segment_damaged',
      what: expect.stringContaining('the key in the header of the segment was altered'),
    })
  })
})

describe('a log that is encrypted', () => {
  it.each(['writeLost', 'writeTorn', 'syncLost', 'syncKept'] as const)(
    'loses nothing that was acknowledged when a write or sync fails (%s)',
    async (fault) => {
      using folder = new DataFolder()
      const keys = encryptingKeys(folder.path)
      const { disk, log } = await openLog(folder, { keys, limits: { retryMs: 50 } })
      const acknowledged = (await log.append(entry('intent', { body: PLANTED }))).index
      disk.set(fault, { amount: 100, times: 1 })
      await expect(log.append(entry('outcome', { of: acknowledged }))).rejects.toMatchObject({
        code: 'log_unavailable',
      })
      await log.close()
      const again = await openFaultyLog(folder, disk, { keys })
      await again.log.close()
      using opened = keysOf(folder.path)
      const seqs: number[] = []
      for await (const { seq } of readRecords({ folder: folder.path, keys: opened })) seqs.push(seq)
      expect(seqs).toContain(acknowledged)
      expect(seqs).toEqual(seqs.map((_, i) => i))
      expect(verifyFolder(folder.path, opened)).toMatchObject({ ok: true })
    },
  )

  it('goes on in plain once that is wanted, and under another master key once its keys are wrapped anew', async () => {
    using copy = copyOf(original)
    const now = 1_795_341_600_000_000
    using control = ControlDatabase.open(copy.path)
    expect(rewrapMonthKeys(control.database, masterKey(), masterKey(9))).toBeGreaterThan(0)
    const keys = segmentKeys(copy.path, { master: masterKey(9), encrypt: false, now })
    const { log } = await openLog(copy, { keys })
    await callOnce(log)
    await log.close()
    using opened = openPackKeys(copy.path, masterKey(9))
    expect(verifyFolder(copy.path, opened)).toMatchObject({ ok: true })
    const kinds: string[] = []
    for await (const record of readRecords({ folder: copy.path, keys: opened })) kinds.push(record.entry.kind)
    expect(kinds.filter((kind) => kind === 'intent')).toHaveLength(21)
  })

  it('is sealed like another, and then nothing of it is left in plain either', async () => {
    using folder = new DataFolder()
    const { log } = await openLog(folder, { keys: encryptingKeys(folder.path) })
    for (let call = 0; call < 300; call++) await Promise.all([callOnce(log), callOnce(log)])
    await log.close()
    using control = ControlDatabase.open(folder.path)
    const ring = new KeyRing(control.database, masterKey())
    const stream = findStream(folder.path)
    if (stream === undefined) throw new Error('there is a log')
    const of = { folder: dirname(stream.folder), origin: stream.origin, keys: ring }
    const terms = { encrypt: true, keys: 'session' } as const
    let sealed = 0
    while (sealNext({ ...of, termsOf: () => terms })) sealed += 1
    expect(sealed).toBeGreaterThan(0)
    expect(verifyFolder(folder.path, ring)).toMatchObject({ ok: true })
    for (const path of folder.segments) expect(readFileSync(path).includes(PLANTED)).toBe(false)
  })
})

async function callOnce(log: Awaited<ReturnType<typeof openLog>>['log']): Promise<void> {
  const intent = await log.append(entry('intent', { body: PLANTED }))
  await log.append(entry('outcome', { of: intent.index, session: SESSION, body: PLANTED }))
}

function keysOf(dataFolder: string): PackKeys & Disposable {
  const keys = openPackKeys(dataFolder, masterKey())
  if (keys === undefined) throw new Error('there are keys')
  return keys
}

/** The first segment, and what is in it. */
function firstOf(dataFolder: string) {
  const keys = encryptingKeys(dataFolder)
  const [segment] = inventoryOf(dataFolder, keys).segments
  if (segment === undefined) throw new Error('there is a segment')
  const { cipher, header, path } = segment
  const bytes = asBuffer(Uint8Array.from(readFileSync(path)))
  const within = { end: bytes.length, saltCrc: segment.saltCrc, cipher, seq: header.firstSeq }
  return { bytes, path, keys, commits: [...walkCommits(bytes, HEADER_BYTES, within)] }
}

function inventoryOf(dataFolder: string, keys: SegmentKeys) {
  const stream = findStream(dataFolder)
  if (stream === undefined) throw new Error('there is a log')
  return takeInventory(diskIo, stream.folder, {
    origin: stream.origin,
    segmentBytes: SEGMENT_BYTES,
    find: finderOf(keys),
  })
}

function lastSeqOf(dataFolder: string, keys: SegmentKeys): number | undefined {
  return replayed(inventoryOf(dataFolder, keys))?.last.lastSeq
}

function copyOf(folder: DataFolder): DataFolder {
  const copy = new DataFolder()
  cpSync(folder.path, copy.path, { recursive: true })
  return copy
}

function flip(bytes: Buffer, at: number): void {
  bytes[at] = (bytes[at] ?? 0) ^ 0x10
}

/** The checksum of a frame, as whoever alters it would write it. */
function mend(bytes: Buffer, at: number): void {
  const salt = bytes.subarray(32, 48)
  sealFrame(bytes, at, {
    type: bytes.readUInt8(at + 16),
    seq: Number(bytes.readBigUInt64BE(at + 8)),
    records: bytes.readUInt16BE(at + 18),
    bodyBytes: bytes.readUInt32BE(at),
    saltCrc: saltCrc(salt),
  })
}
