// What a server says of its tools is not rewritten, since a rewritten tool would be another one. So a secret in it is told to
// whoever runs the gateway, and the key of the connection itself does not pass.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Gateway } from '../support/gateway.ts'
import { startGateway } from '../support/gateway.ts'
import { openSession } from '../support/mcp-client.ts'
import type { LegacySession } from '../support/mcp-client.ts'
import { at, ofKind, recordsOf } from '../support/records.ts'
import { eventOf, openEvents, replyTo, sendJson, startScriptedServer } from '../support/scripted-server.ts'
import type { Message, ScriptedServer } from '../support/scripted-server.ts'
import { collectPrinted } from '../support/secrets.ts'

const OURS = 'made-up-credential-9vT4wq'
const KEY = ['gh', 'p_', 'a1B2'.repeat(9)].join('')
const HEADERS = 'arguments sent in headers'
const WARNING = 'the definition of a tool holds what looks like a secret'

let server: ScriptedServer
let gateway: Gateway
let alice: LegacySession
let printed: () => string
beforeAll(async () => {
  server = await startScriptedServer()
  gateway = await startGateway({
    connections: {
      db: {
        upstream: { http: { url: server.url } },
        credentials: [{ name: 'key', header: 'X-Api-Key' }],
        secrets: { key: OURS },
      },
    },
  })
  alice = await openSession({ gateway })
  printed = collectPrinted(gateway)
})
afterAll(async () => {
  await gateway?.stop()
  await server?.[Symbol.asyncDispose]()
})
beforeEach(() => server.forget())

function tool(name: string, description: string): Message {
  return { name, description, inputSchema: { type: 'object', properties: { mail: { default: 'ann@example.com' } } } }
}

function lists(tools: readonly Message[]): void {
  server.behave((received, response) => sendJson(response, replyTo(received, { tools })))
}

function linesWith(words: string): string[] {
  return printed()
    .split('\n')
    .filter((line) => line.includes(words))
}

const warnings = () => linesWith(WARNING)
const header = (name: string): Message => ({ type: 'string', 'x-mcp-header': name })

describe('a secret in the definition of a tool', () => {
  it('is left where it is, told once for each tool as it is, and on record by its kind', async () => {
    lists([tool('deploy', `use ${KEY} for it`), tool('query', 'asks the database')])
    const first = await alice.ask('tools/list')
    expect(first.text).toContain(KEY)
    expect(first.text).toContain('ann@example.com')
    await alice.ask('tools/list')
    await expect.poll(warnings).toHaveLength(1)
    expect(warnings()[0]).toMatch(/"tool":"deploy".*"kinds":"secret"/)
    lists([tool('deploy', `use ${KEY} for it, please`)])
    await alice.ask('tools/list')
    await expect.poll(warnings).toHaveLength(2)
    expect(printed()).not.toContain(KEY)
    const listed = ofKind(await recordsOf(gateway), 'outcome').filter(
      (record) => at(record, 'mcp', 'method') === 'tools/list',
    )
    expect(listed).toHaveLength(3)
    for (const record of listed) expect(at(record, 'masking', 'entities')).toEqual({ secret: { allow: 1 } })
  })

  it('does not pass where it is the one that the gateway itself puts in', async () => {
    lists([tool('deploy', `use ${OURS} for it`)])
    const reply = await alice.ask('tools/list')
    expect(reply.text).not.toContain(OURS)
    expect(at(reply.message, 'error')).toBeDefined()
    expect(at(reply.message, 'result')).toBeUndefined()
    const last = ofKind(await recordsOf(gateway), 'outcome').at(-1)
    expect(at(last, 'outcome')).toEqual({
      status: 'upstream_error',
      detail: expect.stringMatching(/^masking_blocked: The .+ withheld/),
    })
  })
})

it('an argument that goes into a header and is called like what is hidden is told once', async () => {
  const properties = {
    password: header('Key'),
    region: header('Region'),
    who: { properties: { to: header('Customer-Email') } },
  }
  lists([{ name: 'sends', inputSchema: { type: 'object', properties } }, tool('plain', 'no headers')])
  await alice.ask('tools/list')
  await alice.ask('tools/list')
  await expect.poll(() => linesWith(HEADERS)).toHaveLength(1)
  expect(linesWith(HEADERS)[0]).toMatch(/"tool":"sends".*"arguments":"password, who\.to"/)
})

it('an error in the place of definitions is masked like any other, and so is what is said beside them', async () => {
  server.behave((received, response) =>
    sendJson(response, {
      jsonrpc: '2.0',
      id: received.message?.['id'],
      error: { code: -1, message: `no tools for ann@example.com, key ${OURS}` },
    }),
  )
  const failed = await alice.ask('tools/list')
  expect(failed.text).toContain('no tools for')
  expect(failed.text).not.toMatch(/ann@example\.com/)
  expect(failed.text).not.toContain(OURS)
  server.behave((received, response) => {
    if (received.method !== 'tools/list') return false
    const stream = openEvents(response)
    const params = { level: 'info', data: 'asked by ann@example.com' }
    stream.write(eventOf({ jsonrpc: '2.0', method: 'notifications/message', params }))
    stream.end(eventOf(replyTo(received, { tools: [tool('query', 'ask ann@example.com')] })))
    return true
  })
  const streamed = await alice.ask('tools/list')
  expect(streamed.text).toContain('ask ann@example.com')
  expect(streamed.text).not.toContain('asked by ann@example.com')
})

it('a value where the protocol itself is written stays, and is on record by its kind', async () => {
  server.behave()
  const id = 'bob@example.com'
  const { url, headers } = alice
  const body = JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'query', arguments: {} } })
  const reply = await fetch(url, { method: 'POST', headers, body })
  expect(await reply.text()).toContain(id)
  const outcome = ofKind(await recordsOf(gateway), 'outcome').at(-1)
  expect(at(outcome, 'masking', 'left_in_place')).toEqual({ email: 1 })
  expect(at(outcome, 'masking', 'entities')).toEqual({})
})
