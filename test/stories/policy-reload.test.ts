// Whoever keeps the policy changes its file while the gateway runs.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startGateway } from '../support/gateway.ts'
import type { Gateway } from '../support/gateway.ts'
import { callModern } from '../support/mcp-client.ts'
import { at, ofKind, recordsOf } from '../support/records.ts'
import { startScriptedServer } from '../support/scripted-server.ts'
import type { ScriptedServer } from '../support/scripted-server.ts'

const ALLOW = { id: 'allow', effect: 'allow', match: { connections: ['db'] } }
const DENY = { id: 'no-query', effect: 'deny', match: { connections: ['db'], tools: ['query'] } }

let server: ScriptedServer
let gateway: Gateway
beforeAll(async () => {
  server = await startScriptedServer()
  gateway = await startGateway({
    connections: { db: { upstream: { http: { url: server.url } }, labels: { kind: 'postgres' } } },
    policy: { version: 1, rules: [ALLOW] },
  })
})
afterAll(async () => {
  await gateway?.stop()
  await server?.[Symbol.asyncDispose]()
})

async function isAllowed(): Promise<boolean> {
  return !JSON.stringify((await callModern({ gateway, connection: 'db' })).message).includes('Refused')
}

async function readiness(): Promise<unknown> {
  return (await fetch(`${gateway.base()}/readyz`)).json()
}

it('a new policy is in force a moment after it is saved, and that it changed is on record', async () => {
  expect(await isAllowed()).toBe(true)
  await gateway.writePolicy({ version: 1, rules: [ALLOW, DENY] })
  await expect.poll(isAllowed, { timeout: 15_000, interval: 200 }).toBe(false)
  const records = await recordsOf(gateway)
  const [change] = ofKind(records, 'policy.change')
  const versions = ofKind(records, 'intent').map((record) => String(at(record, 'decision', 'policy')))
  expect(String(at(change, 'change', 'before')).startsWith(versions[0] ?? '-')).toBe(true)
  const refused = ofKind(records, 'refused').at(-1)
  expect(String(at(change, 'change', 'after')).startsWith(String(at(refused, 'decision', 'policy')))).toBe(true)
})

it.each([
  ['that cannot be parsed', 'version: 1\nrules: [\n'],
  ['with an unknown key', 'version: 1\nrulez: []\n'],
  [
    'that fails its own tests',
    JSON.stringify({
      version: 1,
      rules: [ALLOW],
      tests: [{ name: 'no', call: { connection: 'db', tool: 'query' }, expect: 'deny' }],
    }),
  ],
  ['that is empty', ''],
])('a file %s replaces nothing, and shows', async (_, text) => {
  await writeFile(join(gateway.folder, 'policy.yaml'), text)
  await expect
    .poll(readiness, { timeout: 15_000, interval: 200 })
    .toMatchObject({ status: 'degraded', policy: 'stale' })
  expect(await isAllowed()).toBe(false)
  await gateway.writePolicy({ version: 1, rules: [ALLOW, DENY] })
  await expect.poll(readiness, { timeout: 15_000, interval: 200 }).toMatchObject({ status: 'ready', policy: 'current' })
})
