// A value that turned back goes out only as what the tool takes: else the server would answer what is wrong with it.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Gateway } from '../support/gateway.ts'
import { startGateway } from '../support/gateway.ts'
import { openSession } from '../support/mcp-client.ts'
import type { LegacySession } from '../support/mcp-client.ts'
import { at } from '../support/records.ts'
import { replyTo, sendJson, startScriptedServer, textResult } from '../support/scripted-server.ts'
import type { ScriptedServer } from '../support/scripted-server.ts'

const EMAIL = 'erika.muster@example.com'
const OTHER = 'joe.bloggs@example.org'
const TOOLS = [
  { name: 'short', inputSchema: { type: 'object', properties: { email: { type: 'string', maxLength: 12 } } } },
  { name: 'long', inputSchema: { type: 'object', properties: { email: { type: 'string', maxLength: 40 } } } },
  {
    name: 'other',
    inputSchema: { type: 'object', properties: { email: { type: 'string', pattern: '@other\\.org$' } } },
  },
  { name: 'open', inputSchema: { type: 'object' } },
  {
    name: 'mailed',
    inputSchema: { type: 'object', properties: { email: { type: 'string', format: 'email', pattern: '@' } } },
  },
  { name: 'one', inputSchema: { type: 'object', properties: { email: { enum: [OTHER] } }, required: ['email'] } },
  { name: 'odd', inputSchema: { type: 'object', properties: { email: { pattern: '(' } } } },
]

let server: ScriptedServer
let gateway: Gateway
let alice: LegacySession
let guarded: LegacySession
let stand: string
beforeAll(async () => {
  server = await startScriptedServer((received, response) => {
    if (received.method === 'tools/list') return sendJson(response, replyTo(received, { tools: TOOLS }))
    return received.method === 'tools/call' && sendJson(response, replyTo(received, textResult(`mail ${EMAIL}`)))
  })
  const sinks = [...TOOLS.map(({ name }) => name), 'unlisted'].map((tool) => ({ tool, argument: 'email' }))
  gateway = await startGateway({
    connections: {
      crm: { upstream: { http: { url: server.url } }, masking: { restore: { why: 'tests', sinks } } },
      guarded: { upstream: { http: { url: server.url } } },
    },
    policy: {
      version: 1,
      default: 'deny',
      rules: [
        { id: 'all', effect: 'allow', match: { connections: ['*'] } },
        {
          id: 'no-mail-goes-out',
          effect: 'mask',
          match: { connections: ['guarded'] },
          mask: [{ entities: ['email'], in: ['arguments'], with: 'surrogate' }],
        },
      ],
    },
  })
  guarded = await openSession({ gateway, connection: 'guarded' })
  alice = await openSession({ gateway, connection: 'crm' })
  stand = /sur_email_[0-9a-z]{18}/.exec((await alice.call('find')).text)?.[0] ?? ''
})
afterAll(async () => {
  await gateway?.stop()
  await server?.[Symbol.asyncDispose]()
})
beforeEach(() => server.forget())

async function textOf(tool: string, email: string): Promise<unknown> {
  return at((await alice.call(tool, { email })).message, 'result')
}

it('turns back for a tool that nobody listed yet', async () => {
  await textOf('short', stand)
  expect(server.received.at(-1)?.body).toContain(EMAIL)
})

it('does not turn back where the value is not what the tool takes, in the words of every other refusal', async () => {
  await alice.ask('tools/list')
  const unknown = await textOf('long', 'sur_email_000000000000000000')
  server.forget()
  expect(await textOf('short', stand)).toEqual(unknown)
  expect(await textOf('other', stand)).toEqual(unknown)
  expect(at(unknown, 'isError')).toBe(true)
  expect(server.reached()).toEqual([])
})

it('turns back where it fits, where everything fits, and where nobody can say what fits', async () => {
  await alice.ask('tools/list')
  for (const tool of ['long', 'open', 'odd', 'unlisted']) {
    await textOf(tool, stand)
    expect(server.received.at(-1)?.body).toContain(EMAIL)
  }
})

it('leaves arguments that nothing turned back in to the server, whatever they are', async () => {
  await alice.ask('tools/list')
  await textOf('short', 'a text that is longer than twelve')
  expect(server.received.at(-1)?.body).toContain('longer than twelve')
})

it('hides a value in arguments behind what the tool takes, and sends nothing where it takes nothing else', async () => {
  await guarded.ask('tools/list')
  await guarded.call('open', { email: OTHER })
  await guarded.call('mailed', { email: OTHER })
  const { message } = await guarded.call('one', { email: OTHER })
  expect(server.received.slice(1).map(({ body }) => at(JSON.parse(body), 'params', 'arguments', 'email'))).toEqual([
    expect.stringMatching(/^h_email_/),
    expect.stringMatching(/^[^@]+@[^@]+$/),
  ])
  expect(server.received.some(({ body }) => body.includes(OTHER))).toBe(false)
  expect(JSON.stringify(message)).toContain("the tool's input schema, or the form, leaves no room")
})
