// In an emergency a person does without an approval: at once, for an hour at most, and not without a second person afterwards.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Gateway, startGateway } from '../support/gateway.ts'
import { openSession } from '../support/mcp-client.ts'
import { isRecord } from '../support/process.ts'
import { at, ofKind, recordsOf } from '../support/records.ts'
import { type Message, type ScriptedServer, startScriptedServer } from '../support/scripted-server.ts'

const needs = (id: string, tools: readonly string[]) => ({
  id,
  effect: 'approve',
  match: { connections: ['db'], tools },
  approval: { by: [{ group: 'dba' }] },
})
const POLICY = {
  version: 1,
  default: 'deny',
  groups: { engineers: ['engineers'], dba: ['dba'] },
  rules: [
    { id: 'all-use', effect: 'allow', match: { connections: ['db'] } },
    needs('writes-need-a-dba', ['write', 'drop']),
    needs('drops-need-a-dba', ['drop']),
    { id: 'nobody-truncates', effect: 'deny', match: { connections: ['db'], tools: ['truncate'] } },
  ],
  break_glass: { groups: ['engineers'], overrides: ['writes-need-a-dba'], for: '1h' },
}

describe('break-glass', () => {
  let server: ScriptedServer
  let gateway: Gateway
  beforeAll(async () => {
    server = await startScriptedServer()
    gateway = await startGateway({
      connections: { db: { upstream: { http: { url: server.url } } } },
      policy: POLICY,
      config: { approvals: { hold: '300ms' } },
    })
  })
  afterAll(async () => {
    await gateway.stop()
    await server[Symbol.asyncDispose]()
  })

  const post = async (person: string, path: string, body: unknown, claims: Message = {}) => {
    const response = await fetch(`${gateway.base()}/api/v1/break-glass${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await gateway.token(person, claims)}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    const read: unknown = await response.json()
    return {
      status: response.status,
      challenge: response.headers.get('www-authenticate'),
      body: isRecord(read) ? read : {},
    }
  }
  it('wants a fresh login with a second factor, a group and a reason', async () => {
    const reason = { reason: 'the invoices of today are wrong' }
    expect(await post('alice', '', reason)).toMatchObject({
      status: 401,
      challenge: expect.stringContaining('max_age=300'),
    })
    expect(await post('alice', '', reason, { auth_time: now() - 400, amr: ['otp'] })).toMatchObject({ status: 401 })
    expect(await post('alice', '', reason, { auth_time: now(), amr: ['pwd'] })).toMatchObject({ status: 401 })
    expect(await post('ada', '', reason, fresh())).toMatchObject({ status: 403 })
    expect(await post('alice', '', { reason: ' ' }, fresh())).toMatchObject({ status: 400 })
  })

  it('lifts the rules that are named and no others, is an alert at once, and stays open until somebody else looked at it', async () => {
    const session = await openSession({ gateway })
    const begun = await post('alice', '', { reason: 'the invoices of today are wrong' }, fresh())
    expect(begun).toMatchObject({ status: 201, body: { in_force: true, overdue: false } })
    const id = String(begun.body['id'])
    server.forget()
    expect((await session.call('write')).text).toContain('tools/call write')
    expect((await session.call('drop')).text).toContain('APPROVAL PENDING')
    expect((await session.call('truncate')).text).toContain('nobody-truncates')
    expect(server.reached()).toEqual(['tools/call'])
    expect(await post('bob', `/${id}/review`, { note: 'fine' })).toMatchObject({ status: 409 })
    expect(await post('alice', `/${id}/end`, {})).toMatchObject({ status: 200 })
    expect((await session.call('write')).text).toContain('APPROVAL PENDING')
    expect(await post('alice', `/${id}/review`, { note: 'fine' })).toMatchObject({ status: 403 })
    expect(await post('ada', `/${id}/review`, { note: 'fine' })).toMatchObject({ status: 404 })
    expect(await post('bob', `/${id}/review`, { note: 'looked at the two writes' })).toMatchObject({ status: 200 })
    expect(await post('bob', `/${id}/review`, { note: 'again' })).toMatchObject({ status: 409 })
    const records = await recordsOf(gateway)
    const alerts = ofKind(records, 'alert').map((record) => [
      at(record, 'alert', 'step'),
      at(record, 'alert', 'severity'),
    ])
    expect(alerts).toEqual([
      ['begun', 'critical'],
      ['ended', 'medium'],
      ['reviewed', 'low'],
    ])
    const ran = ofKind(records, 'intent').find((record) => at(record, 'decision', 'by') === 'break_glass')
    expect(at(ran, 'decision', 'approval')).toBe(id)
  })

  it('is reviewed once, with a login that is not old, by somebody who could have agreed, also where the rule is gone since', async () => {
    const begun = await post('alice', '', { reason: 'again' }, fresh())
    const id = String(begun.body['id'])
    expect(await post('alice', `/${id}/end`, {})).toMatchObject({ status: 200 })
    const [use, , ...others] = POLICY.rules
    await gateway.writePolicy({ ...POLICY, rules: [use, ...others], break_glass: undefined })
    await expect
      .poll(async () => (await post('alice', '', { reason: 'is it gone' }, fresh())).status, PATIENT)
      .toBe(403)
    const old = { iat: now() - 90_000, exp: now() + 600 }
    expect(await post('bob', `/${id}/review`, { note: 'fine' }, old)).toMatchObject({
      status: 403,
      body: { error: expect.stringContaining('too old') },
    })
    const both = await Promise.all(['one', 'two'].map((note) => post('bob', `/${id}/review`, { note })))
    expect(new Set(both.map(({ status }) => status))).toEqual(new Set([200, 409]))
    const reviews = ofKind(await recordsOf(gateway), 'alert').filter(
      (record) => at(record, 'alert', 'step') === 'reviewed' && JSON.stringify(record).includes(id),
    )
    expect(reviews).toHaveLength(1)
  })
})

const PATIENT = { timeout: 15_000 }

function now(): number {
  return Math.floor(Date.now() / 1000)
}

function fresh() {
  return { auth_time: now(), amr: ['pwd', 'otp'] }
}
