import { expect, it } from 'vitest'
import type { SessionId } from '../base/ids.ts'
import { Sessions } from './sessions.ts'

const MINUTE_MS = 60_000
const FROM = { client: { name: 'agent' }, address: '127.0.0.1' }

function setUp() {
  const ended: string[] = []
  const bindings = {
    bind: () => true,
    find: () => undefined,
    drop: () => undefined,
    sessions: () => new Set<SessionId>(),
    expire: () => undefined,
  }
  const limits = { sessionsMax: 10, sessionsPerPrincipalMax: 10, idleMs: 1_440 * MINUTE_MS, ageMs: 10_080 * MINUTE_MS }
  const sessions = new Sessions(bindings, { ...limits, windowIdleMs: 30 * MINUTE_MS }, ({ id }) => ended.push(id))
  return { sessions, ended }
}

it('a caller without a session of their own is in the same one while they come back, and in another one after half an hour', () => {
  const { sessions, ended } = setUp()
  const come = (nowMs: number) => sessions.window('pri_alice', 'db', FROM, nowMs).id
  const first = come(0)
  sessions.expire(29 * MINUTE_MS)
  expect(come(29 * MINUTE_MS)).toBe(first)
  sessions.expire(58 * MINUTE_MS)
  expect(ended).toEqual([])
  sessions.expire(59 * MINUTE_MS)
  expect(ended).toEqual([first])
  expect(come(59 * MINUTE_MS)).not.toBe(first)
})

it('while a stream of it is open or a call runs it goes on, and one that its client ends itself lasts longer', () => {
  const { sessions, ended } = setUp()
  sessions.window('pri_alice', 'db', FROM, 0).streams = 1
  sessions.window('pri_bob', 'db', FROM, 0).running = 1
  sessions.bind(sessions.open('pri_alice', 'db', 0), 'of the server', 'mcp-session-id')
  sessions.expire(60 * MINUTE_MS)
  expect(ended).toEqual([])
})
