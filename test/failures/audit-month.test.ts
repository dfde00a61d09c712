// A month of a class goes by its key, and nothing else goes with it.
import { describe, expect, it } from 'vitest'
import { classJson, STANDARD_TERMS } from '../../src/audit/retention-class.ts'
import { resumeDeletions } from '../../src/store/life/deletion.ts'
import { runErasures } from '../../src/store/life/erasure.ts'
import { approveErasure, requestErasure } from '../../src/store/life/erasure-rows.ts'
import { findRecords } from '../../src/store/life/find-records.ts'
import type { LifeStep } from '../../src/store/life/life.ts'
import { crashAt, lifeWorld, type LifeWorld, session } from './audit-life-world.ts'

const SHORT = { n: 2, version: 1, name: 'short', terms: { ...STANDARD_TERMS, entryDays: 800, keys: 'class' } } as const

describe('a month of a class', () => {
  it('goes with its key, in whatever session, and nothing of another class or month does', async () => {
    await using world = await lifeWorld()
    world.classes.push(SHORT)
    await world.life().append('log.class', { class: classJson(SHORT) })
    const month = monthOf(world)
    for (const said of ['first', 'second']) {
      await world.calls(300, (n) => ({
        session: session(n % 9),
        retentionClass: 1 + (n % 2),
        request: `{"${said}":${n}}`,
      }))
      await world.sealAll()
      world.days += 40
    }
    const keys = keysOf(world)
    await approve(world, { retentionClass: 2, month })
    expect(await runErasures(world.life())).toBe(1)
    expect(keysOf(world)).toBeLessThan(keys)
    const records = await world.records()
    const gone = records.filter((record) => record.gone === 'erased')
    expect(gone.length).toBeGreaterThan(200)
    expect(new Set(gone.map(({ entry }) => entry.retentionClass))).toEqual(new Set([2]))
    // A block belongs to the day of its newest record, so that the last of the first month may stay.
    const left = records.filter(({ entry, gone: why }) => entry.retentionClass === 2 && why === undefined)
    expect(
      left
        .filter(({ entry }) => entry.kind === 'intent')
        .slice(128)
        .map(saysSecond),
    ).not.toContain(false)
    expect(records.filter(({ entry }) => entry.kind === 'shredded')).toHaveLength(1)
    expect(world.verify()).toMatchObject({ ok: true, findings: [] })
  })

  it.each<[LifeStep]>([['tombstone'], ['delete'], ['done']])('a crash before "%s" is picked up', async (step) => {
    await using world = await lifeWorld()
    const month = monthOf(world)
    await world.calls(300, (n) => ({ session: session(n % 9) }))
    await world.sealAll()
    world.days = 40
    await approve(world, { retentionClass: 1, month })
    await expect(runErasures(world.life({ before: crashAt(step) }))).rejects.toThrow('crash')
    expect(world.verify()).toMatchObject({ ok: true })
    await world.reopen()
    await resumeDeletions(world.life())
    await runErasures(world.life())
    expect(keysOf(world)).toBe(0)
    expect(world.verify()).toMatchObject({ ok: true, findings: [] })
  })
})

async function approve(world: LifeWorld, month: { retentionClass: number; month: string }): Promise<void> {
  const found = await findRecords({ folder: world.folder.path, keys: world.keys, holds: [] }, { month })
  const of = { basis: 'the contract ended', request: 'T-12', requester: 'os:ada', found }
  approveErasure(world.database, requestErasure(world.database, of, 0), 'os:bob')
}

function saysSecond({ parts }: Awaited<ReturnType<LifeWorld['records']>>[number]): boolean {
  return new TextDecoder().decode(parts.request?.bytes).includes('second')
}

/** Of what is recorded now. */
function monthOf(world: LifeWorld): string {
  return new Date(world.life().now() / 1000).toISOString().slice(0, 'YYYY-MM'.length)
}

function keysOf(world: LifeWorld): number {
  return Number(world.database.prepare('SELECT count(*) AS n FROM audit_key').get()?.['n'])
}
