import { unlinkSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { openDeletions, resumeDeletions } from '../../src/store/life/deletion.ts'
import { runErasures } from '../../src/store/life/erasure.ts'
import { approveErasure, requestErasure } from '../../src/store/life/erasure-rows.ts'
import { findRecords, type Sought } from '../../src/store/life/find-records.ts'
import { listHolds, recordHolds, requestHold, requestRelease } from '../../src/store/life/holds.ts'
import { LifeJob } from '../../src/store/life/job.ts'
import type { LifeStep } from '../../src/store/life/life.ts'
import { runRetention } from '../../src/store/life/retention.ts'
import { dropOldest, roomOf } from '../../src/store/life/room.ts'
import { crashAt, lifeWorld, type LifeWorld, session } from './audit-life-world.ts'

const STEPS: [LifeStep][] = [['plan'], ['tombstone'], ['list'], ['delete'], ['hooks'], ['done'], ['forget']]
/** A little more than a minute: so often is counted at most. */
const MINUTE_DAYS = 61 / 86_400
/** Nothing else in a record looks like it. */
const PLANTED = 'planted-value-4711@example.com'

describe('retention', () => {
  it('content goes when its days have passed, entries stay, and the log itself accounts for it', async () => {
    await using world = await filled()
    expect(await runRetention(world.life())).toMatchObject({ expired: 0, heldBlocks: 0 })
    // The day itself is not over yet when 400 have passed since it began.
    world.days = 400
    expect(await runRetention(world.life())).toMatchObject({ expired: 0, heldBlocks: 0 })
    world.days = 401
    const { expired } = await runRetention(world.life())
    expect(expired).toBeGreaterThan(2)
    const records = await world.records()
    expect(records[10]).toMatchObject({ seq: 10, gone: 'erased', parts: {}, inTree: true })
    expect(records.map(({ seq }) => seq)).toEqual(records.map((_, i) => i))
    expect(world.files.filter((path) => path.includes('/payload/1/'))).toEqual([])
    const report = world.verify()
    expect(report).toMatchObject({ ok: true, findings: [], records: { missing: 0 } })
    expect(report.records.erased).toBeGreaterThan(expired * 200)
    expect(await runRetention(world.life())).toMatchObject({ expired: 0 })
  })

  it.each(STEPS)('a crash before "%s" is picked up, and nothing is unaccounted for in between', async (step) => {
    await using world = await filled()
    world.days = 402
    await expect(runRetention(world.life({ before: crashAt(step) }))).rejects.toThrow('crash')
    expect(world.verify()).toMatchObject({ ok: true })
    await world.reopen()
    await resumeDeletions(world.life())
    expect(openDeletions(world.life())).toBe(0)
    await runRetention(world.life())
    expect(world.files.filter((path) => path.includes('/payload/1/'))).toEqual([])
    expect(world.verify()).toMatchObject({ ok: true, findings: [] })
  })

  it('when room runs out, the oldest content of a class that says so goes, and no other', async () => {
    await using world = await filled()
    expect(await dropOldest(world.life(), 1)).toBe(0)
    world.classes[0] = drops(world)
    const { usedBytes } = roomOf(world.life(), undefined)
    expect(await dropOldest(world.life(), 1)).toBeGreaterThan(2)
    expect(roomOf(world.life(), undefined).usedBytes).toBeLessThan(usedBytes)
    expect(world.verify()).toMatchObject({ ok: true, findings: [] })
  })

  it('a cap that is reached between two hours is seen once more is sealed, and told until something may go', async () => {
    await using world = await filled()
    const rooms: boolean[] = []
    const job = new LifeJob({
      life: world.life(),
      capBytes: roomOf(world.life(), undefined).usedBytes + 1,
      roomBytes: 0,
      onRoom: ({ capped }) => rooms.push(capped),
    })
    await job.turn()
    expect(rooms).toEqual([false])
    await world.calls(300, (n) => ({ session: session(n % 3), request: `{"n":${n}}` }))
    world.log.roll()
    await world.call({})
    world.days = MINUTE_DAYS
    await job.turn()
    expect(rooms).toEqual([false, true])
    // As the operator may have it: content of this class may go.
    world.classes[0] = drops(world)
    await job.turn(true)
    expect(rooms.at(-1)).toBe(false)
    expect(world.verify()).toMatchObject({ ok: true, findings: [] })
  })

  it('a file that is removed by hand is missing, not erased', async () => {
    await using world = await filled()
    const [pack] = world.files.filter((path) => path.includes('/payload/1/'))
    unlinkSync(pack ?? '')
    const report = world.verify()
    expect(report.ok).toBe(false)
    expect(report.findings[0]).toMatchObject({ code: 'payload_missing', file: expect.stringMatching(/\/payload$/) })
    expect((await world.records())[10]).toMatchObject({ gone: 'missing' })
  })

  it('entries go when theirs have passed, and what is left still verifies', async () => {
    await using world = await filled()
    world.days = 802
    const { pruned } = await runRetention(world.life())
    expect(pruned).toBeGreaterThan(500)
    expect(pruned % 256).toBe(0)
    const [oldest] = await world.records()
    expect(oldest?.seq).toBe(pruned)
    expect(world.verify()).toMatchObject({ ok: true, findings: [] })
    await world.reopen()
    expect(await runRetention(world.life())).toMatchObject({ pruned })
    expect(world.verify()).toMatchObject({ ok: true, findings: [] })
  })

  it('content that goes before its time is found by verification', async () => {
    await using world = await filled()
    world.classes[0] = { n: 1, version: 1, name: 'standard', terms: { ...drops(world).terms, payloadDays: 3 } }
    world.days = 10
    await runRetention(world.life())
    expect(world.verify().findings.map(({ code }) => code)).toContain('tombstone_invalid')
  })
})

describe('legal hold', () => {
  it.each([
    { predicate: { principal: 'bob' } },
    { predicate: { session: session(7) } },
    { predicate: { connection: 'ledger' } },
  ])('on $predicate keeps what it covers until it is released', async ({ predicate }) => {
    await using world = await lifeWorld()
    await world.calls(500, (n) => ({
      session: session(n % 30),
      request: '{"q":"of others"}',
      ...(n === 240 ? { subject: 'bob', connection: 'ledger', session: session(7), request: '{"q":"kept"}' } : {}),
    }))
    await world.sealAll()
    const id = requestHold(world.database, { predicate, reason: 'case 12', by: 'os:ada' })
    await recordHolds(world.life())
    world.days = 402
    const run = await runRetention(world.life())
    expect(run.heldBlocks).toBeGreaterThan(0)
    const held = (await world.records()).filter(({ parts }) => text(parts.request?.bytes) === '{"q":"kept"}')
    expect(held).toHaveLength(1)
    expect(world.verify()).toMatchObject({ ok: true, findings: [] })
    expect(requestRelease(world.database, id, { by: 'os:ada', reason: 'closed' })).toBe(true)
    await recordHolds(world.life())
    expect(listHolds(world.database)).toEqual([])
    expect((await runRetention(world.life())).heldBlocks).toBe(0)
    expect((await world.records()).filter(({ parts }) => text(parts.request?.bytes) === '{"q":"kept"}')).toEqual([])
    expect(world.verify()).toMatchObject({ ok: true, findings: [] })
  })

  it('also stops an erasure, and never names the person in the log', async () => {
    await using world = await filled()
    requestHold(world.database, { predicate: { principal: 'carol-in-hold' }, reason: 'case 12', by: 'os:ada' })
    requestHold(world.database, { predicate: { principal: 'mallory' }, reason: 'case 13', by: 'os:ada' })
    await recordHolds(world.life())
    await erase(world, { subject: 'mallory' })
    expect((await world.records()).filter(({ parts }) => text(parts.request?.bytes).includes(PLANTED))).not.toEqual([])
    expect(world.verify()).toMatchObject({ ok: true, findings: [] })
    for (const path of world.filesWith('carol-in-hold')) expect(path).toMatch(/control\.db/)
  })
})

describe('erasure', () => {
  it('of a person: sessions are shredded, the planted value is in no file any more, everything else reads as before', async () => {
    await using world = await filled()
    const before = await world.records()
    const keys = wrapsOf(world)
    await erase(world, { subject: 'mallory' })
    expect(world.filesWith(PLANTED)).toEqual([])
    const after = await world.records()
    for (const [i, record] of before.entries()) {
      const mine = text(record.parts.envelope?.bytes).includes('"sub":"mallory"')
      expect(after[i]?.gone).toBe(mine ? 'erased' : undefined)
      const kept = mine ? '' : text(record.parts.request?.bytes)
      expect(text(after[i]?.parts.request?.bytes)).toBe(kept)
    }
    expect(world.verify()).toMatchObject({ ok: true, findings: [] })
    const gone = keys.filter((wrap) => !wrapsOf(world).some((one) => equalBytes(one, wrap)))
    expect(gone.length).toBeGreaterThan(0)
    for (const wrap of gone) expect(world.filesWith(wrap)).toEqual([])
  })

  it('of a value in records of others: those parts go, the rest of the record stays', async () => {
    await using world = await lifeWorld()
    await world.calls(400, (n) => ({ session: session(n % 9), response: `{"mail":"${n === 77 ? PLANTED : 'x'}"}` }))
    await erase(world, { containing: PLANTED })
    expect(world.filesWith(PLANTED)).toEqual([])
    const [record] = (await world.records()).filter(({ gone }) => gone !== undefined)
    expect(record).toMatchObject({ gone: 'erased', entry: { kind: 'outcome' } })
    expect(Object.keys(record?.parts ?? {})).toEqual(['envelope'])
    expect(world.verify()).toMatchObject({ ok: true, records: { erased: 1 } })
  })

  it('of records that are still in the running segment seals them first', async () => {
    await using world = await lifeWorld()
    await world.calls(3, () => ({ session: session(1), subject: 'mallory', request: `{"mail":"${PLANTED}"}` }))
    await erase(world, { subject: 'mallory' })
    expect(world.filesWith(PLANTED)).toEqual([])
    expect(world.verify()).toMatchObject({ ok: true, findings: [], records: { erased: 6 } })
  })

  it.each(STEPS)('a crash before "%s" is picked up, and nothing is unaccounted for in between', async (step) => {
    await using world = await filled()
    const id = await request(world, { subject: 'mallory' })
    approveErasure(world.database, id, 'os:bob')
    await expect(runErasures(world.life({ before: crashAt(step) }))).rejects.toThrow('crash')
    expect(world.verify()).toMatchObject({ ok: true })
    await world.reopen()
    await resumeDeletions(world.life())
    await runErasures(world.life())
    expect(openDeletions(world.life())).toBe(0)
    expect(world.filesWith(PLANTED)).toEqual([])
    expect(world.verify()).toMatchObject({ ok: true, findings: [] })
  })

  it('needs a second person', async () => {
    await using world = await filled()
    const id = await request(world, { subject: 'mallory' })
    expect(approveErasure(world.database, id, 'os:ada')).toBe('same person')
    expect(approveErasure(world.database, 'no such', 'os:bob')).toBe('unknown')
    await runErasures(world.life())
    expect((await world.records()).some(({ gone }) => gone !== undefined)).toBe(false)
    expect(approveErasure(world.database, id, 'os:bob')).toBe('approved')
    expect(approveErasure(world.database, id, 'os:bob')).toBe('not open')
  })
})

/** Some 1,000 records of many sessions, all sealed; every 25th call is Mallory's. */
async function filled(): Promise<LifeWorld> {
  const world = await lifeWorld()
  await world.calls(500, (n) =>
    n % 25 === 3
      ? { session: session(1000 + (n % 50)), subject: 'mallory', request: `{"mail":"${PLANTED}"}` }
      : { session: session(n % 30), request: `{"n":${n}}` },
  )
  await world.sealAll()
  return world
}

async function request(world: LifeWorld, sought: Sought): Promise<string> {
  const found = await findRecords({ folder: world.folder.path, keys: world.keys, holds: [] }, sought)
  return requestErasure(world.database, { basis: 'GDPR Art. 17', request: 'DSR-1', requester: 'os:ada', found }, 0)
}

async function erase(world: LifeWorld, sought: Sought): Promise<void> {
  approveErasure(world.database, await request(world, sought), 'os:bob')
  expect(await runErasures(world.life())).toBe(1)
}

function drops(world: LifeWorld) {
  const [standard] = world.classes
  if (standard === undefined) throw new Error('there is a class')
  return { ...standard, terms: { ...standard.terms, onFull: 'drop-oldest-payload' as const } }
}

function wrapsOf(world: LifeWorld): Uint8Array[] {
  return world.database
    .prepare('SELECT wrapped FROM audit_key')
    .all()
    .flatMap(({ wrapped }) => (wrapped instanceof Uint8Array ? [wrapped] : []))
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.every((byte, i) => byte === b[i])
}

function text(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? '' : new TextDecoder().decode(bytes)
}
