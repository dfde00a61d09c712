// Who comes at the same time, or does not wait: what was approved runs once, and for nobody who has left.
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ApprovalWorld, idOf, startApprovalWorld, withPolicy } from '../support/approval-world.ts'
import { idWaitingFor, vote } from '../support/approvals.ts'
import type { Gateway } from '../support/gateway.ts'
import { askLegacy, driveModern, textOf } from '../support/held-calls.ts'
import { openSession } from '../support/mcp-client.ts'
import { at, ofKind, recordsOf } from '../support/records.ts'
import { replyTo, type Script, type ScriptedServer, sendJson, textResult } from '../support/scripted-server.ts'

let world: ApprovalWorld
let server: ScriptedServer
let gateway: Gateway
beforeAll(async () => {
  world = await startApprovalWorld('30s')
  server = world.server
  gateway = world.gateway
})
afterAll(() => world?.[Symbol.asyncDispose]())
beforeEach(() => {
  server.behave()
  server.forget()
})

/** Answers calls after a while, so that others come while one runs. */
const slowly: Script = (received, response) => {
  if (received.method !== 'tools/call') return false
  setTimeout(() => sendJson(response, replyTo(received, textResult('done'))), SLOW_MS)
  return true
}
const SLOW_MS = 1_500

const write = (sql: string) => ({ gateway, tool: 'write', args: { sql } })
const requestedFor = async (sql: string) =>
  ofKind(await recordsOf(gateway), 'intent').filter((record) => JSON.stringify(record).includes(sql)).length

describe('many at once', () => {
  it.each(['for the first time', 'after one has run'])('200 identical calls ask once and run once, %s', async () => {
    server.behave(slowly)
    const before = ofKind(await recordsOf(gateway), 'approval.requested').length
    const calls = Array.from({ length: 200 }, (_, i) =>
      i % 2 === 0 ? askLegacy({ ...write('many'), id: i }) : driveModern({ ...write('many'), id: i }),
    )
    const id = await idWaitingFor(gateway, 'bob')
    await vote(gateway, 'bob', id, ['approve'])
    const texts = (await Promise.all(calls)).map(textOf)
    expect(texts.filter((text) => text === 'done')).toHaveLength(1)
    const told = texts.filter((text) => text !== 'done')
    expect(
      told.filter((text) => !/The same call is running|was used already, by an identical call/.test(text)),
    ).toEqual([])
    expect(server.reached()).toEqual(['tools/call'])
    const records = await recordsOf(gateway)
    expect(ofKind(records, 'approval.requested')).toHaveLength(before + 1)
    expect(ofKind(records, 'approval.claimed').filter((one) => at(one, 'approval', 'id') === id)).toHaveLength(1)
  })

  it('100 repetitions of an approved call run it once', async () => {
    const waiting = new AbortController()
    const first = askLegacy({ ...write('again'), signal: waiting.signal }).catch(() => 'gone')
    const id = await idOf(gateway, 'again')
    waiting.abort()
    await first
    await vote(gateway, 'bob', id, ['approve'])
    server.behave(slowly)
    const replies = await Promise.all(Array.from({ length: 100 }, (_, i) => askLegacy({ ...write('again'), id: i })))
    const texts = replies.map(textOf)
    expect(texts.filter((text) => text === 'done')).toHaveLength(1)
    expect(
      texts.filter((text) => text.startsWith(`The same call is running at the moment on approval ${id}`)),
    ).toHaveLength(99)
    expect(server.reached()).toEqual(['tools/call'])
  })
})

describe('a call that waits while the policy changes', () => {
  it('a policy that denies by now counts for a call that waits', async () => {
    const waiting = askLegacy({ ...write('forbidden too'), params: { _meta: { progressToken: 1 } } })
    const id = await idOf(gateway, 'forbidden too')
    const frozen = {
      id: 'frozen',
      effect: 'deny',
      match: { tools: ['write', 'probe'], groups: ['engineers'] },
      message: 'No writes today.',
    }
    await withPolicy(world, [frozen], async () => {
      await vote(gateway, 'bob', id, ['approve'])
      expect(textOf(await waiting)).toContain('No writes today.')
      expect(server.reached()).toEqual([])
    })
  })
})

describe('a client that does not wait', () => {
  it('gets nothing run, and its repetition runs once', async () => {
    const stop = new AbortController()
    const gone = askLegacy({ ...write('left'), signal: stop.signal }).catch(() => 'gone')
    const id = await idOf(gateway, 'left')
    stop.abort()
    expect(await gone).toBe('gone')
    await vote(gateway, 'bob', id, ['approve'])
    await sleep(300)
    expect(server.reached()).toEqual([])
    expect(textOf(await askLegacy(write('left')))).toBe('tools/call write')
    expect(server.reached()).toEqual(['tools/call'])
    expect(await requestedFor('left')).toBe(1)
  })

  it('and gives its call up by a notification is not answered, and the server never hears of it', async () => {
    const session = await openSession({ gateway, connection: 'db' })
    server.forget()
    const call = { id: 41, method: 'tools/call', params: { name: 'write', arguments: { sql: 'cancelled' } } }
    const held = session.send(call)
    const id = await idOf(gateway, 'cancelled')
    await session.send({ method: 'notifications/cancelled', params: { requestId: 41 } })
    expect((await held).message).toEqual({})
    await vote(gateway, 'bob', id, ['approve'])
    await sleep(300)
    expect(server.received).toEqual([])
    expect(textOf(await session.call('write', { sql: 'cancelled' }))).toBe('tools/call write')
  })
})
