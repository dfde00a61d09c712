import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { StoredRecord } from '../../src/audit/stored.ts'
import { toHex } from '../../src/base/bytes.ts'
import { sessionId } from '../../src/base/ids.ts'
import { parseMasterKey } from '../../src/credentials/master-key.ts'
import { KeyRing, openPackKeys, rewrapMonthKeys } from '../../src/store/packs/keys.ts'
import { sealNext, type SealOptions, type SealStep, type SealTerms } from '../../src/store/packs/seal.ts'
import { FRAME_HEAD_BYTES, saltCrc } from '../../src/store/segments/frame.ts'
import { decodeHeader, HEADER_BYTES } from '../../src/store/segments/header.ts'
import type { ReadOptions } from '../../src/store/segments/read-options.ts'
import { readRecords } from '../../src/store/segments/read-records.ts'
import { findStream } from '../../src/store/segments/stream.ts'
import { verifyFolder } from '../../src/store/segments/verify.ts'
import { walkCommits } from '../../src/store/segments/walk.ts'
import { ControlDatabase } from '../../src/store/sqlite/control.ts'
import { mendFrame } from './audit-small-log.ts'
import { DataFolder, entry, openLog } from './audit-support.ts'
import { filesIn, filesWith } from '../support/files.ts'

const MASTER = parseMasterKey('07'.repeat(32), 'the test')
/** Calls in flight at the same time. */
const AT_ONCE = 50
const PLANTED = 'planted-value-4711'

describe('sealing', () => {
  it('turns segments into packs that read as the same log, in both orders, from any place, by session', async () => {
    using world = await setUp({ records: 2000 })
    const before = await all(world.folder)
    expect(world.seal()).toBeGreaterThan(3)
    expect(world.folder.segments.length).toBeLessThan(10)
    using keys = openPackKeys(world.folder.path, MASTER)
    const after = await all(world.folder, { keys })
    expect(after.map(plain)).toEqual(before.map(plain))
    expect(verifyFolder(world.folder.path, keys)).toMatchObject({ ok: true, records: { verified: before.length } })
    expect(verifyFolder(world.folder.path)).toMatchObject({ ok: true, size: before.length, records: { missing: 0 } })
    expect((await all(world.folder, { keys, order: 'newest' })).map(plain)).toEqual(before.toReversed().map(plain))
    const from = { seq: 700 }
    expect((await all(world.folder, { keys, from })).map(plain)).toEqual(before.slice(700).map(plain))
    expect((await all(world.folder, { keys, from, order: 'newest' })).map(plain)).toEqual(
      before.slice(700).toReversed().map(plain),
    )
    const time = before[900]?.entry.time ?? 0
    const since = before.filter((record) => record.entry.time >= time)
    expect((await all(world.folder, { keys, from: { time } })).map(plain)).toEqual(since.map(plain))
    const session = sessionId(before[500]?.entry.session ?? new Uint8Array(16))
    const own = before.filter((record) => record.entry.session && sessionId(record.entry.session) === session)
    expect(own.length).toBeGreaterThan(10)
    expect((await all(world.folder, { keys, session })).map(plain)).toEqual(own.map(plain))
  })

  it('leaves nothing readable in any file of what is encrypted, and says locked without the key', async () => {
    using world = await setUp({ records: 1200 })
    expect(filesWith(world.folder.path, PLANTED).length).toBeGreaterThan(0)
    world.seal()
    const sealed = (await firstSeq(world.folder)) - 1
    const records = await all(world.folder)
    expect(records[5]).toMatchObject({ gone: 'locked', parts: {} })
    expect(records[sealed]?.gone).toBe(records[sealed]?.entry.retentionClass === 0 ? undefined : 'locked')
    for (const file of filesWith(world.folder.path, PLANTED)) expect(file).toMatch(/\.seg$/)
  })

  it.each<[SealStep]>([['bundles'], ['packs'], ['read back'], ['remove']])(
    'a crash before "%s" loses nothing and doubles nothing',
    async (step) => {
      using world = await setUp({ records: 900 })
      const before = await all(world.folder)
      let crashes = 0
      const crash = (at: SealStep): void => {
        if (at === step && crashes++ === 0) throw new Error('crash')
      }
      expect(() => world.seal({ before: crash })).toThrow('crash')
      using keys = openPackKeys(world.folder.path, MASTER)
      expect((await all(world.folder, { keys })).map(plain)).toEqual(before.map(plain))
      expect(world.seal()).toBeGreaterThan(1)
      expect((await all(world.folder, { keys: world.ring })).map(plain)).toEqual(before.map(plain))
    },
  )

  it('keeps what was altered before it as it was found, for verification to say so, and does not stop at it', async () => {
    using world = await setUp({ records: 700 })
    const [path = ''] = world.folder.segments
    const bytes = readFileSync(path)
    const header = decodeHeader(bytes)
    if (header === undefined) throw new Error('the first segment has a header')
    const within = { end: bytes.length, saltCrc: saltCrc(header.salt), cipher: undefined, seq: 0 }
    const records = [...walkCommits(bytes, HEADER_BYTES, within)].flatMap((commit) => commit.records)
    for (const { at, body } of records.slice(40, 43)) {
      const last = at + FRAME_HEAD_BYTES + body.length - 1
      bytes.writeUInt8(bytes.readUInt8(last) ^ 1, last)
      mendFrame(bytes, at, within.saltCrc)
    }
    writeFileSync(path, bytes)
    expect(world.seal()).toBeGreaterThan(1)
    expect(existsSync(path)).toBe(false)
    const found = verifyFolder(world.folder.path, world.ring).findings
    expect(found.map(({ code, seq }) => [code, seq])).toEqual([40, 41, 42].map((seq) => ['payload_altered', seq]))
  })

  it('goes on after a restart: new records follow what is sealed', async () => {
    using world = await setUp({ records: 900 })
    const before = await all(world.folder)
    world.seal()
    await fill(world.folder, 600)
    world.seal()
    const after = await all(world.folder, { keys: world.ring })
    expect(after.slice(0, before.length).map(plain)).toEqual(before.map(plain))
    expect(after.map(({ seq }) => seq)).toEqual(after.map((_, i) => i))
  })

  it('keys under another master key open the same packs', async () => {
    using world = await setUp({ records: 900 })
    world.seal()
    const before = await all(world.folder, { keys: world.ring })
    const other = parseMasterKey('0a'.repeat(32), 'the test')
    expect(rewrapMonthKeys(world.control.database, MASTER, other)).toBeGreaterThan(0)
    using keys = openPackKeys(world.folder.path, other)
    expect((await all(world.folder, { keys })).map(plain)).toEqual(before.map(plain))
    using old = openPackKeys(world.folder.path, MASTER)
    await expect(all(world.folder, { keys: old })).rejects.toThrow('another master key')
  })

  it('shows a pack that was altered in any byte as altered or missing, never as fine', async () => {
    using world = await setUp({ records: 700 })
    world.seal()
    const [pack] = filesIn(world.folder.path).filter((path) => path.includes('/payload/1/'))
    if (pack === undefined) throw new Error('there is a pack')
    const bytes = readFileSync(pack)
    for (let at = 0; at < bytes.length; at += Math.ceil(bytes.length / 60)) {
      const changed = Uint8Array.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ 1
      writeFileSync(pack, changed)
      const records = await all(world.folder, { keys: world.ring })
      expect(verifyFolder(world.folder.path, world.ring).ok).toBe(false)
      expect(records.some(({ gone, parts }) => gone === 'missing' || parts.envelope?.opens === false)).toBe(true)
    }
  })
})

async function setUp({ records }: { records: number }) {
  const folder = new DataFolder()
  await fill(folder, records)
  const control = ControlDatabase.open(folder.path)
  const ring = new KeyRing(control.database, MASTER)
  return {
    folder,
    control,
    ring,
    seal: (more: Partial<SealOptions> = {}) => sealAll(folder, ring, more),
    [Symbol.dispose]: () => {
      control.close()
      folder[Symbol.dispose]()
    },
  }
}

async function fill(folder: DataFolder, records: number): Promise<void> {
  const { log } = await openLog(folder)
  const call = async (n: number): Promise<void> => {
    const session = `ses_${((n >> 3) % 40).toString(16).padStart(31, '0')}1` as const
    const intent = await log.append(entry('intent', { session, body: `{"sql":"${PLANTED} ${n}"}` }))
    await log.append(entry('outcome', { session, of: intent.index, body: `{"rows":${n}}` }))
  }
  for (let made = 0; made < records; made += 2 * AT_ONCE)
    await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => call(made / 2 + i)))
  await log.close()
}

function termsOf(retentionClass: number): SealTerms {
  return { encrypt: retentionClass !== 0, keys: 'session' }
}

function sealAll(folder: DataFolder, keys: KeyRing, more: Partial<SealOptions>): number {
  const stream = findStream(folder.path)
  if (stream === undefined) throw new Error('there is a log')
  let sealed = 0
  while (sealNext({ folder: dirname(stream.folder), origin: stream.origin, keys, termsOf, ...more })) sealed++
  return sealed
}

async function all(folder: DataFolder, options: Partial<ReadOptions> = {}): Promise<StoredRecord[]> {
  const records: StoredRecord[] = []
  for await (const record of readRecords({ folder: folder.path, ...options })) records.push(record)
  return records
}

function plain({ entry: fields, gone, inTree, leaf, parts, seq }: StoredRecord) {
  const texts = Object.entries(parts).map(([name, part]) => [name, part.opens, new TextDecoder().decode(part.bytes)])
  return { seq, kind: fields.kind, leaf: toHex(leaf), inTree, gone, texts }
}

async function firstSeq(folder: DataFolder): Promise<number> {
  const [first] = folder.segments
  return Number(readFileSync(first ?? '').readBigUInt64BE(24))
}
