// A curious insider who can write control.db, and has not the master key, agrees in the name of others: nothing runs on it, it is
// on record, and people are asked anew.
import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ApprovalWorld, policyOf, startApprovalWorld } from '../support/approval-world.ts'
import { askApi, vote } from '../support/approvals.ts'
import { askLegacy, pendingId, textOf } from '../support/held-calls.ts'
import { at, ofKind, type Recorded, recordsOf } from '../support/records.ts'

let world: ApprovalWorld
beforeAll(async () => {
  world = await startApprovalWorld('50ms')
  const emergencies = { groups: ['engineers'], overrides: ['writes'], for: '1h', review_within: '2d' }
  await world.gateway.writePolicy({ ...policyOf(), break_glass: emergencies })
})
afterAll(() => world?.[Symbol.asyncDispose]())
beforeEach(() => world.server.forget())

const write = (sql: string) => askLegacy({ gateway: world.gateway, tool: 'write', args: { sql } })
const sent = () => world.server.received.filter(({ method }) => method === 'tools/call').length

/** Writes into the database of the running gateway, as anybody may who can write the file. */
function forge(sql: string, ...values: readonly SQLInputValue[]): void {
  using database = new DatabaseSync(join(world.gateway.dataFolder, 'control.db'), { timeout: 5_000 })
  expect(database.prepare(sql).run(...values).changes).toBeGreaterThan(0)
}

function rowOf(id: string): Readonly<Record<string, SQLInputValue>> {
  using database = new DatabaseSync(join(world.gateway.dataFolder, 'control.db'), { timeout: 5_000 })
  return database.prepare('SELECT * FROM approval WHERE id = ?').get(id) ?? {}
}

/** Records of this kind, once there is one that is like that. */
async function recordsLike(kind: string, isIt: (record: Recorded) => boolean): Promise<readonly Recorded[]> {
  for (let tries = 0; tries < 100; tries += 1) {
    const found = ofKind(await recordsOf(world.gateway), kind).filter(isIt)
    if (found.length > 0) return found
    await sleep(100)
  }
  return []
}

const LATER = Date.now() + 3_600_000
const VOTER = { principal: 'pri_bob', issuer: 'https://id.example', subject: 'bob' }
const VOTE = JSON.stringify({ voter: VOTER, groups: ['dba'], verdict: 'approve', via: 'api', atMs: Date.now() })
const APPROVED = "state = 'approved', decided_ms = asked_ms"
const FORGERIES: readonly (readonly [what: string, forge: (id: string) => void])[] = [
  ['state', (id) => forge(`UPDATE approval SET ${APPROVED}, usable_until_ms = ? WHERE id = ?`, LATER, id)],
  [
    'votes',
    (id) => {
      forge('INSERT INTO approval_vote (approval, n, vote) VALUES (?, 0, ?)', id, VOTE)
      forge(`UPDATE approval SET ${APPROVED}, usable_until_ms = ? WHERE id = ?`, LATER, id)
    },
  ],
  ['time', (id) => forge('UPDATE approval SET expires_ms = ? WHERE id = ?', LATER, id)],
  [
    'scope',
    (id) =>
      forge(
        `UPDATE approval SET once = 0, ask = json_set(ask, '$.scope', 'session'), ${APPROVED}, usable_until_ms = ? WHERE id = ?`,
        LATER,
        id,
      ),
  ],
  [
    'who decides',
    (id) => forge(`UPDATE approval SET ask = json_set(ask, '$.lines[0].group', 'engineers') WHERE id = ?`, id),
  ],
  ['arguments as they are shown', (id) => forge('UPDATE approval SET shown_hash = ? WHERE id = ?', 'x', id)],
  ['signature', (id) => forge('UPDATE approval SET mac = NULL WHERE id = ?', id)],
]

describe('an approval that was altered', () => {
  it.each(FORGERIES)('in its %s lets nothing run, is on record, and is asked for anew', async (what, change) => {
    const id = pendingId(await write(what))
    change(id)
    const again = pendingId(await write(what))
    expect(again).not.toBe(id)
    expect(sent()).toBe(0)
    expect(await askApi(world.gateway, 'alice', `/${id}`)).toMatchObject({ body: { state: 'revoked' } })
    expect(await vote(world.gateway, 'bob', id, ['approve'])).not.toMatchObject({ status: 200 })
    const [revoked] = await recordsLike('approval.revoked', (one) => at(one, 'approval', 'id') === id)
    expect(at(revoked, 'approval', 'detail')).toContain('control.db')
    const [alert] = await recordsLike('alert', (one) => at(one, 'alert', 'row') === id)
    expect(alert).toMatchObject({ alert: { name: 'control_db_altered', severity: 'critical', table: 'approval' } })
    // What was asked for anew is decided as ever.
    expect(await vote(world.gateway, 'bob', again, ['approve'])).toMatchObject({ status: 200 })
    expect(textOf(await write(what))).toBe('tools/call write')
    expect(sent()).toBe(1)
  })

  it('so that it holds for another call lets neither run', async () => {
    const [cheap, dear] = [pendingId(await write('cheap')), pendingId(await write('dear'))]
    await vote(world.gateway, 'bob', cheap, ['approve'])
    const { hash = null, call_hash: callHash = null } = rowOf(dear)
    forge("UPDATE approval SET state = 'cancelled' WHERE id = ?", dear)
    forge('UPDATE approval SET hash = ?, call_hash = ? WHERE id = ?', hash, callHash, cheap)
    expect([cheap, dear]).not.toContain(pendingId(await write('dear')))
    expect(sent()).toBe(0)
  })

  it('back to what it was before its call ran does not run again', async () => {
    const id = pendingId(await write('twice'))
    await vote(world.gateway, 'bob', id, ['approve'])
    const { ended_ms: _, ...approved } = rowOf(id)
    expect(textOf(await write('twice'))).toBe('tools/call write')
    const { mac = null, usable_until_ms: until = null } = approved
    forge(
      "UPDATE approval SET state = 'approved', ended_ms = NULL, why = NULL, usable_until_ms = ?, mac = ? WHERE id = ?",
      until,
      mac,
      id,
    )
    expect(pendingId(await write('twice'))).not.toBe(id)
    expect(sent()).toBe(1)
  })

  it('by a trigger, whatever we write, is altered too', async () => {
    const id = pendingId(await write('trigger'))
    using database = new DatabaseSync(join(world.gateway.dataFolder, 'control.db'), { timeout: 5_000 })
    database.exec(`CREATE TRIGGER generous AFTER INSERT ON approval_vote BEGIN
      UPDATE approval SET expires_ms = expires_ms + 3600000 WHERE id = NEW.approval; END`)
    await vote(world.gateway, 'bob', id, ['approve'])
    database.exec('DROP TRIGGER generous')
    expect(pendingId(await write('trigger'))).not.toBe(id)
    expect(sent()).toBe(0)
  })
})

it('arguments that are not those of the call are shown to nobody', async () => {
  const id = pendingId(await write('DROP TABLE users'))
  forge('UPDATE approval_shown SET shown = ? WHERE approval = ?', JSON.stringify({ sql: 'SELECT 1' }), id)
  expect(JSON.stringify(await askApi(world.gateway, 'bob', `/${id}`))).not.toContain('SELECT 1')
  expect(await vote(world.gateway, 'bob', id, ['approve'])).toMatchObject({ status: 409 })
  expect(pendingId(await write('DROP TABLE users'))).not.toBe(id)
})

it('an event that nobody made reaches neither the log nor a person', async () => {
  const id = pendingId(await write('event'))
  const event = { kind: 'approval.granted', approval: id, atMs: Date.now(), state: 'approved', by: VOTER }
  forge(
    'INSERT INTO approval_event (approval, event, mac) VALUES (?, ?, ?)',
    id,
    JSON.stringify(event),
    new Uint8Array(32),
  )
  const [alert] = await recordsLike('alert', (one) => at(one, 'alert', 'table') === 'approval_event')
  expect(alert).toMatchObject({ alert: { name: 'control_db_altered' } })
  const granted = ofKind(await recordsOf(world.gateway), 'approval.granted')
  expect(granted.filter((one) => at(one, 'approval', 'id') === id)).toEqual([])
})

it('an emergency that nobody declared lifts no rule', async () => {
  const id = pendingId(await write('emergency'))
  const { principal = '' } = rowOf(id)
  const person = { principal, issuer: 'https://id.example', subject: 'alice', groups: ['engineers'] }
  const times = { startedMs: Date.now(), untilMs: LATER, reviewDueMs: LATER }
  const emergency = { id: 'aaaa-aaaa', person, reason: 'none', overrides: ['writes'], ...times }
  forge(
    'INSERT INTO break_glass (id, emergency, started_ms, mac) VALUES (?, ?, ?, ?)',
    'aaaa-aaaa',
    JSON.stringify(emergency),
    Date.now(),
    new Uint8Array(32),
  )
  expect(pendingId(await write('emergency'))).toBe(id)
  expect(sent()).toBe(0)
  expect(await recordsLike('alert', (one) => at(one, 'alert', 'table') === 'break_glass')).toHaveLength(1)
})
