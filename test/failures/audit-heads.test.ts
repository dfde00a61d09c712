// Heads bind: what was signed once must be what the log goes on from, and what a crash leaves half written is made again.
import { appendFileSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseCheckpoints, parseSignedCheckpoint } from '../../src/audit/checkpoint.ts'
import { rootAt, tileHashReader } from '../../src/audit/proof.ts'
import { writeVerifierKey } from '../../src/audit/note-key.ts'
import { parseTrustPolicy } from '../../src/audit/trust-policy.ts'
import { toBase64, toHex } from '../../src/base/bytes.ts'
import { keysOf, makeNextKey } from '../../src/store/segments/note-keys.ts'
import { findLogOfLogs, findStream, reopenStream } from '../../src/store/segments/stream.ts'
import { readTile } from '../../src/store/segments/tile-files.ts'
import { verifyFolder } from '../../src/store/segments/verify.ts'
import { verifyInPython } from '../cross/others.ts'
import { DataFolder, entry, openLog, until } from './audit-support.ts'

const SOON = { headMs: 20, handInMs: 40, heartbeatMs: 100 }

describe('a log that is written', () => {
  it('publishes heads of what is durable, whose tiles give their root, and hands them in', async () => {
    using folder = new DataFolder()
    const { log } = await openLog(folder, { limits: SOON })
    await appendAll(log, 700)
    await until(() => log.stats.signedSize >= 702)
    await log.close()
    for (const stream of [streamOf(folder), allOf(folder)]) {
      const head = newestHead(stream)
      const read = tileHashReader(head.size, (tile) => readTile(stream, tile) ?? new Uint8Array(0))
      expect(toHex(rootAt(head.size, read))).toBe(toHex(head.root))
    }
    expect(newestHead(streamOf(folder)).size).toBe(verifyFolder(folder.path).size)
    expect(newestHead(allOf(folder)).note.signatures).toHaveLength(2)
  })

  it('says that it is alive while nothing happens', async () => {
    using folder = new DataFolder()
    const { log } = await openLog(folder, { limits: SOON })
    const { signedSize } = log.stats
    await until(() => log.stats.signedSize > signedSize + 2)
    await log.close()
    expect(readFileSync(folder.segments[0] ?? '', 'latin1')).toContain('"kind":"log.heartbeat"')
  })

  it('announces a key that was made, and signs with both', async () => {
    using folder = new DataFolder()
    const { log } = await openLog(folder, { limits: SOON })
    const origin = findStream(folder.path)?.origin
    if (origin === undefined) throw new Error('the log has a name')
    makeNextKey(folder.path, origin)
    await until(() => newestHead(streamOf(folder)).note.signatures.length === 2)
    await log.close()
    expect(verifyFolder(folder.path).findings).toEqual([])
  })
})

describe('keys that follow others', () => {
  it('are announced in the log of logs while the gateway runs, and prove heads once the old ones are silent', async () => {
    using folder = new DataFolder()
    const { log } = await openLog(folder, { limits: SOON })
    const policy = join(folder.path, 'trust.policy')
    const first = logLines(folder)
    for (const { origin } of both(folder)) makeNextKey(folder.path, origin)
    await until(() => newestHead(allOf(folder)).note.signatures.length === 3)
    expect(readFileSync(allSegment(folder), 'latin1').match(/"kind":"node.join"/g)).toHaveLength(2)
    endOverlap(folder)
    await until(() => both(folder).every(({ path }) => newestHead(path).note.signatures.length < 3))
    await until(() => newestHead(streamOf(folder)).note.signatures.length === 1)
    const { size } = newestHead(streamOf(folder))
    await until(() => log.stats.signedSize > size)
    await log.close()
    // Whoever trusts the first key of the log of logs learns all others from it.
    writeFileSync(policy, `${first}quorum none\n`)
    const read = parseTrustPolicy(readFileSync(policy))
    if (read.kind !== 'policy') throw new Error('the policy can be read')
    expect(verifyFolder(folder.path, undefined, { policy: read.policy })).toMatchObject({
      findings: [],
      signed: log.stats.signedSize,
    })
    expect(verifyInPython(folder.path, '--policy', policy)).toMatchObject({ findings: [], unchecked: [] })
  })
})

function both(folder: DataFolder) {
  return [findStream(folder.path), findLogOfLogs(folder.path)].flatMap((one) =>
    one === undefined ? [] : [{ ...one, path: dirname(one.folder) }],
  )
}

/** The first key of the log of logs, as a trust policy names it. */
function logLines(folder: DataFolder): string {
  const [key] = keysOf(folder.path, findLogOfLogs(folder.path)?.origin ?? ('' as never))
  if (key === undefined) throw new Error('the log of logs has a key')
  return `log ${writeVerifierKey(key)}\n`
}

function allSegment(folder: DataFolder): string {
  return join(allOf(folder), 'wal', '0000000000000000.seg')
}

/** The day in which both keys sign is over. */
function endOverlap(folder: DataFolder): void {
  const keys = join(folder.path, 'keys')
  for (const file of readdirSync(keys).filter((name) => name.endsWith('.json'))) {
    const path = join(keys, file)
    writeFileSync(path, readFileSync(path, 'utf8').replace(/"until":\d+/, '"until":1'))
  }
}

describe('a start', () => {
  it('refuses a log that is shorter than what it signed', async () => {
    using folder = new DataFolder()
    const last = await written(folder, 300)
    rmSync(last)
    await expect(openLog(folder)).rejects.toThrow(/newest signed head says \d+.*audit reopen/)
  })

  it('refuses a log that is empty, where something was signed', async () => {
    using folder = new DataFolder()
    await written(folder, 20)
    for (const segment of folder.segments) rmSync(segment)
    rmSync(join(folder.path, 'audit', 'origin'))
    await expect(openLog(folder)).rejects.toThrow(/holds 0 records, but its newest signed head says/)
  })

  it('refuses a log that is another than what it signed', async () => {
    using folder = new DataFolder()
    await written(folder, 20)
    const path = join(streamOf(folder), 'checkpoints')
    const { heads } = parseCheckpoints(readFileSync(path, 'utf8'))
    const { note, root } = heads.at(-1)?.head ?? newestHead(streamOf(folder))
    const other = note.text.replace(toBase64(root), toBase64(root.map((byte) => byte ^ 1)))
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll(note.text, other))
    await expect(openLog(folder)).rejects.toThrow('are not those that were signed')
  })

  it('goes on after a head was cut off while it was written', async () => {
    using folder = new DataFolder()
    await written(folder, 20)
    const path = join(streamOf(folder), 'checkpoints')
    appendFileSync(path, readFileSync(path, 'utf8').slice(0, 150))
    await written(folder, 20)
    expect(verifyFolder(folder.path).findings).toEqual([])
  })

  it('makes tiles again that a power cut left missing, cut off or empty', async () => {
    using folder = new DataFolder()
    await written(folder, 1500)
    const tiles = join(streamOf(folder), 'tile')
    const before = tilesOf(tiles)
    rmSync(join(tiles, '0', '000'))
    truncateSync(join(tiles, 'entries', '002'), 0)
    truncateSync(join(tiles, '0', '003'), 100)
    rmSync(join(tiles, '1'), { recursive: true })
    await written(folder, 1)
    const after = tilesOf(tiles)
    for (const [name, hex] of before) expect([name, after.get(name)]).toEqual([name, hex])
    expect(verifyFolder(folder.path).findings).toEqual([])
  })

  it('begins a new log that names the lost one, where an operator says so', async () => {
    using folder = new DataFolder()
    const last = await written(folder, 300)
    rmSync(last)
    const { before, next } = reopenStream(folder.path, readFileSync(join(streamOf(folder), 'checkpoint'), 'utf8'))
    await written(folder, 5)
    expect(findStream(folder.path)?.origin).toBe(next)
    const first = join(folder.path, 'audit', next, 'wal', '0000000000000000.seg')
    expect(readFileSync(first, 'latin1')).toContain(`"predecessor":{"checkpoint":"${before}\\n`)
  })
})

describe('when the disk fails', () => {
  it('for tiles, calls go on without a head, and the head comes when it can', async () => {
    using folder = new DataFolder()
    const told: unknown[] = []
    const { log, disk } = await openLog(folder, { limits: SOON, onHeads: (trouble) => told.push(trouble) })
    disk.set('tileLost')
    await appendAll(log, 300)
    await until(() => told.length === 1)
    const { signedSize } = log.stats
    await appendAll(log, 10)
    expect(log.stats.signedSize).toBe(signedSize)
    disk.set('none')
    await until(() => log.stats.signedSize > signedSize + 300 && told.length === 2)
    expect(told).toEqual([expect.stringContaining('No signed head'), undefined])
    await log.close()
    expect(verifyFolder(folder.path).findings).toEqual([])
  })

  it('for a head, the writer ends and another goes on from what is durable', async () => {
    using folder = new DataFolder()
    const { log, disk } = await openLog(folder, { limits: SOON })
    const states: string[] = []
    log.onState(({ kind }) => states.push(kind))
    disk.set('headLost', { times: 1 })
    await log.append(entry('intent')).catch(() => undefined)
    await until(() => states.includes('broken') && log.state.kind === 'ready')
    const { index } = await log.append(entry('intent'))
    await until(() => log.stats.signedSize > index)
    await log.close()
    expect(verifyFolder(folder.path).findings).toEqual([])
  })
})

async function appendAll(log: Awaited<ReturnType<typeof openLog>>['log'], count: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, () => log.append(entry('notification'))))
}

/** Opens, appends, closes; returns the newest segment that holds records. */
async function written(folder: DataFolder, count: number): Promise<string> {
  const { log } = await openLog(folder)
  await appendAll(log, count)
  await log.close()
  return folder.segments.filter((path) => readFileSync(path).subarray(0, 8).toString() === 'SLYPSEG1').at(-1) ?? ''
}

function streamOf(folder: DataFolder): string {
  return dirname(findStream(folder.path)?.folder ?? '')
}

function allOf(folder: DataFolder): string {
  return dirname(findLogOfLogs(folder.path)?.folder ?? '')
}

function newestHead(stream: string) {
  const head = parseSignedCheckpoint(readFileSync(join(stream, 'checkpoint')))
  if (head === undefined) throw new Error('there is a head')
  return head
}

/** Full tiles and bundles, which no later record changes. */
function tilesOf(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\/\d{3}$/.test(name))
  const files = names.filter((name) => statSync(join(folder, name)).isFile())
  return new Map(files.map((name) => [name, toHex(readFileSync(join(folder, name)))]))
}
