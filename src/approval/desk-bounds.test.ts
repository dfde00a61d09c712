import { describe, expect, it } from 'vitest'
import { ask, EXPIRES_MS, requester, setUpDesk, START_MS } from '../../test/support/desk-world.ts'

const DAY_MS = 86_400_000

describe('what an agent can do with asking', () => {
  it('what it took back counts until it would have run out, so taking back is no way to tell people for ever', async () => {
    using world = setUpDesk({ pendingPerPersonMax: 3 })
    for (const hash of ['a', 'b', 'c']) await world.desk.cancel((await world.asked(hash)).id, requester('alice'))
    expect(await world.desk.ask(ask('d'))).toEqual({ kind: 'too_many', of: 'person' })
    expect((await world.desk.ask(ask('d', { requester: requester('dora') }))).kind).toBe('new')
    world.now.ms = START_MS + EXPIRES_MS
    expect((await world.desk.ask(ask('d'))).kind).toBe('new')
  })

  it('what ended is forgotten in time, with all that belongs to it, but not before everybody was told', async () => {
    using world = setUpDesk()
    const { id } = await world.asked('a')
    await world.voteAs(id, 'bob', 'deny')
    const open = await world.asked('b', { expiresMs: START_MS + 10 * DAY_MS })
    world.now.ms += 2 * DAY_MS
    await world.desk.tick()
    expect(world.desk.get(id)?.state).toBe('denied')
    world.control.database.exec('UPDATE approval_event SET notified = 1')
    await world.desk.tick()
    expect(world.desk.get(id)).toBeUndefined()
    expect(world.desk.get(open.id)?.state).toBe('pending')
    const tables = ['approval', 'approval_vote', 'approval_line', 'approval_event', 'approval_shown']
    const counts = tables.map(
      (table) => world.control.database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.['n'],
    )
    expect(counts).toEqual([1, 0, 1, 1, 1])
  })
})
