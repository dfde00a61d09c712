// What an auditor reads of those who run the gateway: under which rules it started, and which credentials they changed.
import { userInfo } from 'node:os'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startGateway } from '../support/gateway.ts'
import type { Gateway } from '../support/gateway.ts'
import { callModern } from '../support/mcp-client.ts'
import { at, ofKind, recordsOf, run } from '../support/records.ts'
import type { Recorded } from '../support/records.ts'
import { expectNoSecretKept } from '../support/secrets.ts'
import { startScriptedServer } from '../support/scripted-server.ts'
import type { ScriptedServer } from '../support/scripted-server.ts'

const FIRST = 'made-up-first-Zq42xV'
const SECOND = 'made-up-second-8LmTe'

let gateway: Gateway
let server: ScriptedServer
beforeAll(async () => {
  server = await startScriptedServer()
  const upstream = { http: { url: server.url } }
  gateway = await startGateway({
    connections: {
      db: { upstream, credentials: [{ name: 'key', header: 'X-Api-Key' }], secrets: { key: FIRST } },
      plain: { upstream },
    },
  })
})
afterAll(async () => {
  await gateway?.stop()
  await server?.[Symbol.asyncDispose]()
})

const { username, uid } = userInfo()
const by = { os_user: username, os_uid: uid }
const date = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)

async function changes(): Promise<readonly unknown[]> {
  return ofKind(await recordsOf(gateway), 'admin.change').map((record: Recorded) => record['change'])
}

it('the start of a gateway is on record before any call: by whom, policy, connections, and what is stored since when', async () => {
  await callModern({ gateway })
  const records = await recordsOf(gateway)
  const kinds = records.map((record) => record['kind'])
  expect(kinds.indexOf('admin.change')).toBeLessThan(kinds.indexOf('session.start'))
  const decision = at(ofKind(records, 'intent')[0], 'decision')
  expect(await changes()).toEqual([
    {
      what: 'start',
      ...by,
      policy: at(decision, 'policy'),
      connections: ['db', 'plain'],
      credentials: [{ connection: 'db', name: 'key', kind: 'header', since: date }],
    },
  ])
})

it('a credential that is stored anew, or removed, while the gateway runs is on record, and then it is in use', async () => {
  const set = await gateway.command(['credential', 'set', 'db', 'key', '-c', gateway.configFile], SECOND)
  expect(set.code).toBe(0)
  await expect.poll(changes, { timeout: 10_000 }).toHaveLength(2)
  expect((await changes())[1]).toEqual({
    what: 'credentials',
    ...by,
    stored: [{ connection: 'db', name: 'key', kind: 'header', since: date }],
    removed: [],
  })
  await callModern({ gateway })
  expect(server.received.at(-1)?.headers['x-api-key']).toBe(SECOND)

  expect((await gateway.command(['credential', 'remove', 'db', 'key', '-c', gateway.configFile])).code).toBe(0)
  await expect.poll(changes, { timeout: 10_000 }).toHaveLength(3)
  expect((await changes())[2]).toMatchObject({ what: 'credentials', ...by, stored: [], removed: [{ name: 'key' }] })
})

it('a restart is on record too, and tail shows who, and no value', async () => {
  await gateway.restart()
  expect((await changes()).at(-1)).toMatchObject({ what: 'start', ...by, credentials: [] })
  const { stdout } = await run(gateway, ['tail', '--no-follow'])
  expect(stdout).toMatch(new RegExp(`admin\\.change +${username} start: connections db plain, credentials -, policy `))
  await expectNoSecretKept([FIRST, SECOND], gateway)
})
