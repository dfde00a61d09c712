// The same for a server that runs as a process of ours and has its credential in the environment.
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startGateway } from '../support/gateway.ts'
import type { Gateway } from '../support/gateway.ts'
import { openSession } from '../support/mcp-client.ts'
import { root } from '../support/process.ts'
import { collectPrinted, expectNoSecret, expectNoSecretKept } from '../support/secrets.ts'

const SECRET = 'env-made-up-9vT4"wq/+'

let gateway: Gateway
let printed: () => string
beforeAll(async () => {
  const everything = join(root, 'node_modules/@modelcontextprotocol/server-everything/dist/index.js')
  const withToken = { credentials: [{ name: 'token', env: 'MADE_UP_TOKEN' }], secrets: { token: SECRET } }
  const command = process.execPath
  gateway = await startGateway({
    connections: {
      everything: { upstream: { stdio: { command, args: [everything, 'stdio'] } }, ...withToken },
      noisy: { upstream: { stdio: { command, args: ['-e', NOISY] } }, ...withToken },
    },
  })
  printed = collectPrinted(gateway)
})
afterAll(() => gateway?.stop())

/** A server that says its credential on every line that it can write to, whatever it is asked. */
const NOISY = `
const secret = process.env.MADE_UP_TOKEN
const say = (message) => process.stdout.write(JSON.stringify(message) + '\\n')
process.stderr.write('started with ' + secret + '\\n' + JSON.stringify({ secret }) + '\\n')
process.stdout.write('not JSON: ' + secret + '\\n')
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line)
  process.stderr.write(Buffer.from(secret).toString('base64') + '\\n')
  if (id === undefined) return
  say({ jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: { secret } } })
  if (method === 'initialize') return say({ jsonrpc: '2.0', id, result: { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: secret, version: '1' }, instructions: 'Use ' + secret } })
  say({ jsonrpc: '2.0', id, error: { code: -1, message: 'failed with ' + secret, data: { [secret]: encodeURIComponent(secret) } } })
})
`

it.each([
  ['everything', /MADE_UP_TOKEN[^,]*(?:masked|redacted)/],
  ['noisy', /failed with [^"]*(?:masked|redacted)/],
])('a process (%s) says its credential, and no client sees it', async (connection, masked) => {
  const session = await openSession({ gateway, connection })
  const answers = [await session.call('get-env'), await session.call('get-env'), await session.ask('tools/list')]
  for (const { text, headers } of answers)
    expectNoSecret([SECRET], `${text}${JSON.stringify([...headers])}`, 'the answer')
  expect(answers[0]?.text).toMatch(masked)
})

it('nothing that is kept, shown or printed holds it, though the process printed it too', async () => {
  await expectNoSecretKept([SECRET], gateway)
  expectNoSecret([SECRET], printed(), 'what the gateway printed')
  expect(printed()).toContain('started with')
})
