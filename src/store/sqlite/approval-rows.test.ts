import { expect, it } from 'vitest'
import { APPROVAL_STATES } from '../../approval/approval.ts'
import { ask, setUpDesk } from '../../../test/support/desk-world.ts'
import { conditionsOf } from './approval-filter.ts'
import { SQL } from './approval-sql.ts'

it.each([
  ['what has run out', SQL.overdue, ['approval_pending_end', 'approval_approved_end']],
  ['how many of one person wait', SQL.pendingOf, ['approval_pending_of']],
  ['what is not on record', SQL.unrecorded, ['approval_event_unrecorded']],
  [
    'the newest of all states',
    `SELECT * FROM approval ${conditionsOf({ states: APPROVAL_STATES, limit: 1 }).where} ORDER BY asked_ms DESC, id DESC`,
    ['approval_asked'],
  ],
  [
    'of a session',
    `SELECT * FROM approval ${conditionsOf({ session: 'ses_1', states: ['approved'], limit: 1 }).where}`,
    ['approval_session'],
  ],
])('looks for %s by an index of its own, however many wait', (_, sql, indexes) => {
  using world = setUpDesk()
  const plan = world.control.database.prepare(`EXPLAIN QUERY PLAN ${sql}`)
  const details = plan
    .all(...Array.from({ length: plan.sourceSQL.includes('?2') ? 2 : (sql.match(/\?/g) ?? []).length }, () => 'x'))
    .map((row) => String(row['detail']))
  for (const index of indexes) expect(details.join('\n')).toContain(index)
})

it('keeps one open approval of a hash, and says so', () => {
  using world = setUpDesk()
  const event = { kind: 'approval.requested', approval: 'aaaa-aaaa', atMs: 1, state: 'pending' } as never
  expect(world.rows.insert('aaaa-aaaa' as never, ask('a'), event)).toBe(1)
  expect(world.rows.insert('bbbb-bbbb' as never, ask('a'), event)).toBeUndefined()
  expect(world.rows.list({ limit: 10 })).toHaveLength(1)
})

it('lists approvals without what may be long, which is there for one at a time', async () => {
  using world = setUpDesk()
  const shown = JSON.stringify({ sql: 'x'.repeat(1_000_000) })
  const { id } = await world.asked('a', { shown })
  expect(JSON.stringify(world.desk.list({ limit: 10 })).length).toBeLessThan(10_000)
  expect(world.desk.shown(id)).toEqual({ shown, facts: '{}' })
})
