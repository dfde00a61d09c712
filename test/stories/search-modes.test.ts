// What a gateway keeps for searches is a choice: everything, no words, nothing.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Gateway, startGateway } from '../support/gateway.ts'
import { openSession } from '../support/mcp-client.ts'
import { run } from '../support/records.ts'
import { type ScriptedServer, startScriptedServer } from '../support/scripted-server.ts'

let gateway: Gateway
let server: ScriptedServer
beforeAll(async () => {
  server = await startScriptedServer()
  gateway = await startGateway({
    connections: { db: { upstream: { http: { url: server.url } } } },
    config: { audit: { index: { mode: 'off' }, view: { auditors: ['auditors'] } } },
  })
  await (await openSession({ gateway })).call('query', { sql: 'zanzibar' })
})
afterAll(async () => {
  await gateway?.stop()
  await server?.[Symbol.asyncDispose]()
})

it('without an index the API says so, and a terminal reads the log', async () => {
  const headers = { authorization: `Bearer ${await gateway.token('ada')}` }
  const response = await fetch(`${gateway.base()}/api/v1/search?q=zanzibar`, { headers })
  expect([response.status, await response.text()]).toEqual([501, expect.stringContaining('audit.index.mode: off')])
  const { stdout, stderr } = await run(gateway, ['search', 'zanzibar', '--count'])
  expect(stdout).toContain('»zanzibar«')
  expect(stderr).toContain('records read without an index')
  const index = join(gateway.dataFolder, 'index')
  expect(existsSync(index) ? readdirSync(index) : []).toEqual([])
})
