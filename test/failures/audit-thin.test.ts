// Old heads are thinned: files of heads do not grow for ever, and what the rest proves stays proven.
import { appendFileSync, copyFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseCheckpoints, parseSignedCheckpoint } from '../../src/audit/checkpoint.ts'
import { toBase64 } from '../../src/base/bytes.ts'
import { clock } from '../../src/base/clock.ts'
import { DAY_MS } from '../../src/base/units.ts'
import { LifeJob } from '../../src/store/life/job.ts'
import { thinHeads } from '../../src/store/life/thin-heads.ts'
import { makeNextKey } from '../../src/store/segments/note-keys.ts'
import { diskIo } from '../../src/store/segments/io.ts'
import { findLogOfLogs, findStream, openLogOfLogs } from '../../src/store/segments/stream.ts'
import { verifyFolder } from '../../src/store/segments/verify.ts'
import { Writer } from '../../src/store/segments/writer.ts'
import { witnessedFolder } from '../../src/store/segments/witnessed-folder.ts'
import { verifyInPython } from '../cross/others.ts'
import { lifeWorld } from './audit-life-world.ts'
import { DataFolder, entry, EPOCH, openLog, until } from './audit-support.ts'

const SOON = { headMs: 10, handInMs: 20, heartbeatMs: 50 }
const OLD = 40 * DAY_MS
const FILE = 'checkpoints'

describe('heads that are older than thirty days', () => {
  it('stay one an hour, and the log and everything of it verifies as before', async () => {
    using folder = new DataFolder()
    const before = await written(folder, 40)
    for (const { path } of logs(folder))
      expect(await thinHeads({ folder: path, name: FILE }, later())).toBeGreaterThan(5)
    const newest = headsOf(folder).at(-1)
    await written(folder, 3)
    const heads = headsOf(folder)
    // The first, the one of that hour or two, those that are written since.
    expect(heads.length).toBeLessThan(before - 20)
    expect(heads[0]?.size).toBe(0)
    expect(heads).toContainEqual(newest)
    expect(verifyFolder(folder.path)).toMatchObject({ ok: true, signed: heads.at(-1)?.size })
    expect(verifyInPython(folder.path)).toMatchObject({ code: 0, findings: [] })
  })

  it('go while the gateway runs, and what it signs meanwhile is all there', async () => {
    using folder = new DataFolder()
    await written(folder, 40)
    const { log } = await openLog(folder, { limits: SOON })
    expect(await thinHeads({ folder: streamOf(folder), name: FILE }, later())).toBeGreaterThan(5)
    const sizes = new Set<number>()
    await until(() => {
      void log.append(entry('notification'))
      sizes.add(log.stats.signedSize)
      return thinnedIn(folder).length === 0
    })
    await log.close()
    const kept = new Set(headsOf(folder).map(({ size }) => size))
    for (const size of [...sizes].slice(1)) expect(kept.has(size), `the head of size ${size}`).toBe(true)
    expect(verifyFolder(folder.path).findings).toEqual([])
  })

  it('are not asked whether they are old before they are: younger ones all stay', async () => {
    using folder = new DataFolder()
    await written(folder, 20)
    expect(await thinHeads({ folder: streamOf(folder), name: FILE }, clock.nowMs() + 29 * DAY_MS)).toBe(0)
    expect(thinnedIn(folder)).toEqual([])
  })

  it('that do not fit the log stay, for verification to find', async () => {
    using folder = new DataFolder()
    await written(folder, 40)
    const path = join(streamOf(folder), FILE)
    const head = parseCheckpoints(readFileSync(path, 'utf8')).heads[10]?.head
    if (head === undefined) throw new Error('there are heads')
    const other = toBase64(head.root.map((byte) => byte ^ 1))
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll(toBase64(head.root), other))
    expect(await thinHeads({ folder: streamOf(folder), name: FILE }, later())).toBeGreaterThan(5)
    await written(folder, 1)
    expect(verifyFolder(folder.path).findings.map(({ code }) => code)).toContain('head_conflict')
  })

  it('keep those around a change of keys, so that the new key still counts', async () => {
    using folder = new DataFolder()
    const { log } = await openLog(folder, { limits: SOON })
    await grow(log, 20)
    for (const { origin } of logs(folder)) makeNextKey(folder.path, origin)
    await until(() => logs(folder).every(({ path }) => signersIn(path) === (path.includes('/all/') ? 3 : 2)))
    await grow(log, 20)
    const keys = join(folder.path, 'keys')
    for (const name of readdirSync(keys).filter((one) => one.endsWith('.json')))
      writeFileSync(join(keys, name), readFileSync(join(keys, name), 'utf8').replace(/"until":\d+/, '"until":1'))
    await until(() => logs(folder).every(({ path }) => signersIn(path) === (path.includes('/all/') ? 2 : 1)))
    await grow(log, 20)
    await log.close()
    for (const { path } of logs(folder))
      expect(await thinHeads({ folder: path, name: FILE }, later())).toBeGreaterThan(5)
    await written(folder, 1)
    expect(verifyFolder(folder.path).findings).toEqual([])
    expect(verifyInPython(folder.path)).toMatchObject({ code: 0, findings: [] })
  })
})

describe('heads with cosignatures', () => {
  it('stay one an hour too, and the next one is appended behind them', async () => {
    using folder = new DataFolder()
    await written(folder, 40)
    const all = witnessedFolder(folder.path)
    copyFileSync(join(all.path, FILE), join(all.path, 'witnessed'))
    const before = statSync(join(all.path, 'witnessed')).size
    expect(await thinHeads({ folder: all.path, name: 'witnessed' }, later())).toBeGreaterThan(5)
    await all.keep(readFileSync(join(all.path, 'checkpoint'), 'utf8'))
    const text = readFileSync(join(all.path, 'witnessed'), 'utf8')
    expect(text.length).toBeLessThan(before / 2)
    expect(text.endsWith(readFileSync(join(all.path, 'checkpoint'), 'utf8'))).toBe(true)
    expect(verifyFolder(folder.path).findings).toEqual([])
  })
})

describe('the log of logs', () => {
  it('is sealed like the log, its packs open to everybody, and the next start goes on from it', async () => {
    await using world = await lifeWorld()
    await world.close()
    const all = await fillLogOfLogs(world.folder)
    await world.open()
    const job = new LifeJob({ life: world.life(), capBytes: undefined, roomBytes: 0, onRoom: () => undefined })
    await job.turn()
    expect(existsSync(join(all, 'wal', '0000000000000000.seg'))).toBe(false)
    expect(readdirSync(join(all, 'payload'))).toEqual(['0'])
    await world.reopen()
    expect(world.verify()).toMatchObject({ ok: true, findings: [] })
    expect(verifyInPython(world.folder.path)).toMatchObject({ findings: [] })
  })
})

/** As after some hours; returns its folder. */
async function fillLogOfLogs(folder: DataFolder): Promise<string> {
  const own = findStream(folder.path)
  if (own === undefined) throw new Error('there is a log')
  const all = openLogOfLogs(folder.path, own.origin)
  const times = { spareRetryMs: 50, heartbeatMs: 60_000, sealAfterMs: 300_000 }
  const keys = { write: undefined, read: [] }
  const quiet = { onDurable: () => undefined, onRoom: () => undefined, onHeads: () => undefined }
  const options = { ...all, ...times, keys, segmentBytes: 64 * 1024, policyEpoch: EPOCH }
  const writer = await Writer.open(diskIo, options, quiet)
  const note = readFileSync(join(dirname(own.folder), 'checkpoint'), 'utf8')
  const { size } = parseSignedCheckpoint(note) ?? { size: 0 }
  for (let i = 0; i < 600; i++) await writer.say([writer.own.checkpoint(own.origin, { size, note })])
  await writer.close()
  return dirname(all.folder)
}

describe('a crash', () => {
  it.each([
    ['while what was appended since was being copied', (path: string) => appendFileSync(path, 'deployment/no')],
    ['before anything was copied', () => undefined],
  ])('%s is made good at the next start', async (_, crash) => {
    using folder = new DataFolder()
    await written(folder, 40)
    await thinHeads({ folder: streamOf(folder), name: FILE }, later())
    const [name = ''] = thinnedIn(folder)
    crash(join(streamOf(folder), name))
    const newest = headsOf(folder).at(-1)
    await written(folder, 1)
    expect(headsOf(folder)).toContainEqual(newest)
    expect(thinnedIn(folder)).toEqual([])
    expect(verifyFolder(folder.path).findings).toEqual([])
  })

  it('that left a thinned file of another, longer file leaves all heads as they are', async () => {
    using folder = new DataFolder()
    const before = await written(folder, 20)
    writeFileSync(join(streamOf(folder), `${FILE}.thinned.${10 ** 9}.5`), 'wrong')
    expect(await written(folder, 1)).toBeGreaterThan(before)
    expect(thinnedIn(folder)).toEqual([])
    expect(verifyFolder(folder.path).findings).toEqual([])
  })
})

function later(): number {
  return clock.nowMs() + OLD
}

/** So many heads more, each of a size of its own; returns how many there are then. */
async function written(folder: DataFolder, heads: number): Promise<number> {
  const { log } = await openLog(folder, { limits: SOON })
  await grow(log, heads)
  await log.close()
  return headsOf(folder).length
}

async function grow(log: Awaited<ReturnType<typeof openLog>>['log'], heads: number): Promise<void> {
  for (let i = 0; i < heads; i++) {
    const { index } = await log.append(entry('notification'))
    await until(() => log.stats.signedSize > index)
  }
}

function logs(folder: DataFolder) {
  return [findStream(folder.path), findLogOfLogs(folder.path)].flatMap((one) =>
    one === undefined ? [] : [{ origin: one.origin, path: dirname(one.folder) }],
  )
}

/** Files that wait for the writer. */
function thinnedIn(folder: DataFolder): string[] {
  return readdirSync(streamOf(folder)).filter((name) => name.includes('thinned'))
}

function streamOf(folder: DataFolder): string {
  return logs(folder)[0]?.path ?? ''
}

function headsOf(folder: DataFolder) {
  const { heads } = parseCheckpoints(readFileSync(join(streamOf(folder), FILE), 'utf8'))
  return heads.flatMap(({ head }) => head ?? [])
}

function signersIn(path: string): number {
  return parseCheckpoints(readFileSync(join(path, FILE), 'utf8')).heads.at(-1)?.head?.note.signatures.length ?? 0
}
