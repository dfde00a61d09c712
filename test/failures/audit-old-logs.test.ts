// Logs that came before an `audit reopen`: they go when their time is over, on record, and no sooner.
import { existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { requestHold, recordHolds } from '../../src/store/life/holds.ts'
import { runRetention } from '../../src/store/life/retention.ts'
import { findStream, reopenStream } from '../../src/store/segments/stream.ts'
import { verifyInPython } from '../cross/others.ts'
import { lifeWorld, session } from './audit-life-world.ts'

describe('a log that another one follows', () => {
  it('stays as long as content is promised to, and then goes whole, on record', async () => {
    await using world = await reopened()
    expect(world.verify()).toMatchObject({ ok: true })
    world.days = 400
    await runRetention(world.life())
    expect(existsSync(world.old)).toBe(true)
    world.days = 402
    await runRetention(world.life())
    expect(existsSync(world.old)).toBe(false)
    expect(world.verify()).toMatchObject({ ok: true, findings: [] })
    expect(verifyInPython(world.folder.path)).toMatchObject({ findings: [] })
    // Each run says it again, so that it is on record also when this run is pruned.
    await runRetention(world.life())
    expect(world.verify()).toMatchObject({ ok: true, findings: [] })
  })

  it('stays while there is a hold: nobody can tell any more whom it is about', async () => {
    await using world = await reopened()
    requestHold(world.database, { predicate: { principal: 'alice' }, reason: 'case 12', by: 'os:ada' })
    await recordHolds(world.life())
    world.days = 402
    await runRetention(world.life())
    expect(existsSync(world.old)).toBe(true)
    expect(world.verify()).toMatchObject({ ok: true })
  })

  it('that was removed by hand, or before its time, is found by verification', async () => {
    await using world = await reopened()
    rmSync(world.old, { recursive: true })
    expect(world.verify().findings).toMatchObject([{ code: 'rolled_back' }])
    await using early = await reopened()
    // As somebody would have it look older than it is.
    for (const path of early.files.filter((one) => one.startsWith(early.old))) utimesSync(path, 0, 0)
    await runRetention(early.life())
    expect(existsSync(early.old)).toBe(false)
    expect(early.verify().findings).toMatchObject([{ code: 'tombstone_invalid' }])
  })

  it('is removed to the end after a crash in the middle of it', async () => {
    await using world = await reopened()
    world.days = 402
    await runRetention(world.life())
    mkdirSync(join(world.old, 'wal'), { recursive: true })
    writeFileSync(join(world.old, 'checkpoints'), 'half of it')
    expect(world.verify()).toMatchObject({ ok: true, findings: [] })
    await runRetention(world.life())
    expect(existsSync(world.old)).toBe(false)
  })
})

/** A world whose log follows another one. */
async function reopened() {
  const world = await lifeWorld()
  await world.calls(300, (n) => ({ session: session(n % 3), request: `{"n":${n}}` }))
  const old = dirname(findStream(world.folder.path)?.folder ?? '')
  await world.close()
  reopenStream(world.folder.path, readFileSync(join(old, 'checkpoint'), 'utf8'))
  await world.open()
  await world.calls(10, () => ({}))
  return Object.assign(world, { old })
}
