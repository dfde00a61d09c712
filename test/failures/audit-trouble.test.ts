import { describe, expect, it } from 'vitest'
import type { SegmentLogLimits } from '../../src/store/segments/options.ts'
import { verifyFolder } from '../../src/store/segments/verify.ts'
import type { FAULT } from './audit-faults.ts'
import { DataFolder, entry, openFaultyLog, openLog, until } from './audit-support.ts'

const UNAVAILABLE = { name: 'GatewayError', code: 'log_unavailable' }

interface Row {
  readonly fault: keyof typeof FAULT
  readonly amount?: number
  /** Whether the record is in the log after recovery. */
  readonly kept: boolean
}

const ROWS: readonly Row[] = [
  { fault: 'writeLost', kept: false },
  { fault: 'writeKept', kept: true },
  { fault: 'writeTorn', amount: 200, kept: false },
  { fault: 'syncLost', kept: false },
  { fault: 'syncKept', kept: true },
]

describe('a write or sync that fails', () => {
  it.each(ROWS)(
    'on an intent ($fault): nobody gets a receipt, and the log goes on in a new file',
    async ({ amount, fault, kept }) => {
      using folder = new DataFolder()
      await using world = await setUp(folder)
      const { disk, log } = world
      const first = await log.append(entry('refused'))
      disk.set(fault, { ...(amount === undefined ? {} : { amount }), times: 1 })
      await expect(log.append(entry('intent'))).rejects.toMatchObject(UNAVAILABLE)
      await until(() => log.state.kind === 'ready')
      const next = await log.append(entry('refused'))
      // In between: the intent if it was kept, log.resume, and the outcome that closes the intent.
      expect(next.index - first.index).toBe(kept ? 4 : 2)
      expect(verifyFolder(folder.path)).toMatchObject({ ok: true, size: next.index + 1 })
    },
  )

  it.each(ROWS)(
    'on an outcome ($fault): no receipt for the reply; the intent is closed once',
    async ({ amount, fault }) => {
      using folder = new DataFolder()
      await using world = await setUp(folder)
      const { disk, log } = world
      const intent = await log.append(entry('intent'))
      disk.set(fault, { ...(amount === undefined ? {} : { amount }), times: 1 })
      await expect(log.append(entry('outcome', { of: intent.index }))).rejects.toMatchObject(UNAVAILABLE)
      await until(() => log.state.kind === 'ready')
      const next = await log.append(entry('refused'))
      // Kept: the outcome, log.resume. Lost: log.resume, and an outcome that says unknown.
      expect(next.index - intent.index).toBe(3)
      expect(verifyFolder(folder.path)).toMatchObject({ ok: true, size: next.index + 1 })
    },
  )

  it('twice and then not: everything acknowledged is there', async () => {
    using folder = new DataFolder()
    await using world = await setUp(folder)
    const { disk, fatal, log } = world
    const first = await log.append(entry('refused'))
    for (let i = 0; i < 2; i++) {
      disk.set('syncKept', { times: 1 })
      await expect(log.append(entry('refused', { body: `failing ${i}` }))).rejects.toMatchObject(UNAVAILABLE)
      await until(() => log.state.kind === 'ready')
    }
    const last = await log.append(entry('refused', { body: 'other data' }))
    expect(last.index).toBeGreaterThan(first.index)
    expect(fatal).toEqual([])
    expect(verifyFolder(folder.path)).toMatchObject({ ok: true })
  })

  it('three times in a row ends the process', async () => {
    using folder = new DataFolder()
    await using world = await setUp(folder)
    world.disk.set('writeLost')
    await expect(world.log.append(entry('intent'))).rejects.toMatchObject(UNAVAILABLE)
    await until(() => world.fatal.length > 0)
    expect(world.log.state.kind).toBe('broken')
    await expect(world.log.append(entry('intent'))).rejects.toMatchObject(UNAVAILABLE)
    expect(verifyFolder(folder.path)).toMatchObject({ ok: true })
  })

  it('rejects all who wait, in the queue and in the commit', async () => {
    using folder = new DataFolder()
    await using world = await setUp(folder)
    world.disk.set('syncLost', { times: 1 })
    const results = await Promise.allSettled(Array.from({ length: 100 }, () => world.log.append(entry('refused'))))
    expect(results.every(({ status }) => status === 'rejected')).toBe(true)
  })
})

describe('a short write', () => {
  it.each([1, 100, 4000])('is continued to the end (%i bytes at first)', async (amount) => {
    using folder = new DataFolder()
    await using world = await setUp(folder)
    world.disk.set('writeShort', { amount, times: 1 })
    const receipt = await world.log.append(entry('intent', { body: 'x'.repeat(5000) }))
    expect(world.log.state.kind).toBe('ready')
    expect(verifyFolder(folder.path)).toMatchObject({ ok: true, size: receipt.index + 1 })
  })
})

describe('a sync that hangs', () => {
  it('gives no receipt while it hangs; after the deadline the append fails; the log goes on when the disk answers', async () => {
    using folder = new DataFolder()
    await using world = await setUp(folder, { syncDeadlineMs: 200 })
    const { disk, log } = world
    disk.set('syncSlow', { amount: 1000, times: 1 })
    const since = Date.now()
    await expect(log.append(entry('intent'))).rejects.toMatchObject(UNAVAILABLE)
    expect(Date.now() - since).toBeGreaterThanOrEqual(200)
    expect(log.state).toMatchObject({ kind: 'broken', why: expect.stringContaining('does not answer') })
    await expect(log.append(entry('intent'))).rejects.toMatchObject(UNAVAILABLE)
    await until(() => log.state.kind === 'ready')
    const receipt = await log.append(entry('intent'))
    // The one that was given up became durable after all, and keeps its place.
    expect(verifyFolder(folder.path)).toMatchObject({ ok: true, size: receipt.index + 1 })
  })

  it('shorter than the deadline only takes longer', async () => {
    using folder = new DataFolder()
    await using world = await setUp(folder)
    world.disk.set('syncSlow', { amount: 100, times: 1 })
    const since = Date.now()
    await world.log.append(entry('intent'))
    expect(Date.now() - since).toBeGreaterThanOrEqual(95)
  })
})

describe('a full disk', () => {
  it('refuses new calls, lets those in flight finish, and goes on by itself', async () => {
    using folder = new DataFolder()
    await using world = await setUp(folder)
    const { disk, fatal, log } = world
    const inFlight = await log.append(entry('intent'))
    await until(() => folder.segments.length === 4)
    disk.set('full')
    // Fills segments until no spare but the emergency one is left.
    while (log.state.kind === 'ready') await log.append(entry('refused', { body: 'x'.repeat(20_000) })).catch(() => {})
    expect(log.state).toMatchObject({ kind: 'no_room', why: expect.stringContaining('Make room') })
    await expect(log.append(entry('intent'))).rejects.toMatchObject(UNAVAILABLE)
    await log.append(entry('outcome', { of: inFlight.index }))
    disk.set('none')
    await until(() => log.state.kind === 'ready')
    await log.append(entry('intent'))
    expect(fatal).toEqual([])
    expect(verifyFolder(folder.path)).toMatchObject({ ok: true })
  })

  it('without any room left: everyone is told, and the log recovers when there is room', async () => {
    using folder = new DataFolder()
    await using world = await setUp(folder)
    const { disk, fatal, log } = world
    disk.set('full')
    const inFlight = await log.append(entry('intent'))
    for (let i = 0; log.state.kind === 'ready' || i < 30; i++)
      await log.append(entry('part', { of: inFlight.index, body: 'x'.repeat(20_000) })).catch(() => {})
    expect(log.state.kind).toBe('no_room')
    await expect(log.append(entry('outcome', { of: inFlight.index }))).rejects.toMatchObject(UNAVAILABLE)
    disk.set('none')
    await until(() => log.state.kind === 'ready')
    await log.append(entry('intent'))
    expect(fatal).toEqual([])
    expect(verifyFolder(folder.path)).toMatchObject({ ok: true })
  })

  it('that even refuses to overwrite is tried again, not given up', async () => {
    using folder = new DataFolder()
    await using world = await setUp(folder)
    const { disk, fatal, log } = world
    disk.set('writeFull')
    await expect(log.append(entry('intent'))).rejects.toMatchObject(UNAVAILABLE)
    await new Promise((resolve) => setTimeout(resolve, 600))
    expect(log.state.kind).toBe('no_room')
    expect(fatal).toEqual([])
    disk.set('none')
    await until(() => log.state.kind === 'ready')
    await log.append(entry('intent'))
    expect(verifyFolder(folder.path)).toMatchObject({ ok: true })
  })
})

describe('a folder that cannot be written', () => {
  it('while running: refuses, waits, and goes on by itself', async () => {
    using folder = new DataFolder()
    await using world = await setUp(folder)
    const { disk, fatal, log } = world
    disk.set('readOnly')
    await expect(log.append(entry('intent'))).rejects.toMatchObject(UNAVAILABLE)
    expect(log.state).toMatchObject({ kind: 'broken', why: expect.stringContaining('cannot be written') })
    await new Promise((resolve) => setTimeout(resolve, 300))
    disk.set('none')
    await until(() => log.state.kind === 'ready')
    await log.append(entry('intent'))
    expect(fatal).toEqual([])
    expect(verifyFolder(folder.path)).toMatchObject({ ok: true })
  })

  it('at the start: says which folder and what to do', async () => {
    using folder = new DataFolder()
    const { log, disk } = await openLog(folder)
    await log.close()
    disk.set('readOnly')
    await expect(openFaultyLog(folder, disk)).rejects.toMatchObject({
      ...UNAVAILABLE,
      message: expect.stringContaining(folder.path),
    })
    // The failed start has let go of the folder.
    disk.set('none')
    const again = await openFaultyLog(folder, disk)
    await again.log.close()
  })
})

describe('more records than the disk takes', () => {
  it('makes appends wait for a while, then refuses them', async () => {
    using folder = new DataFolder()
    await using world = await setUp(folder, { queueBytesMax: 10_000, pressedWaitMs: 100 })
    const { disk, log } = world
    disk.set('syncSlow', { amount: 800, times: 1 })
    const queued = Array.from({ length: 3 }, () => log.append(entry('refused', { body: 'x'.repeat(4000) })))
    expect(log.state.kind).toBe('pressed')
    await expect(log.append(entry('refused'))).rejects.toMatchObject(UNAVAILABLE)
    await Promise.all(queued)
    await until(() => log.state.kind === 'ready')
    await log.append(entry('refused'))
  })

  it('lets those who waited go on, in order, when there is room again', async () => {
    using folder = new DataFolder()
    await using world = await setUp(folder, { queueBytesMax: 10_000 })
    const { disk, log } = world
    disk.set('syncSlow', { amount: 100, times: 1 })
    const receipts = await Promise.all(
      Array.from({ length: 40 }, () => log.append(entry('refused', { body: 'x'.repeat(1000) }))),
    )
    const seqs = receipts.map(({ index }) => Number(index))
    expect(seqs).toEqual(seqs.toSorted((a, b) => a - b))
    expect(log.state.kind).toBe('ready')
  })
})

async function setUp(folder: DataFolder, limits: Partial<SegmentLogLimits> = {}) {
  const world = await openLog(folder, { limits })
  return { ...world, [Symbol.asyncDispose]: () => world.log.close() }
}
