// Ways around a rule that looks into arguments. Each is tried on a real gateway; whatever reached the server is looked at.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { encodeUtf8, toBase64 } from '../../src/base/bytes.ts'
import { startGateway } from '../support/gateway.ts'
import type { Gateway } from '../support/gateway.ts'
import { callModern, goodHeaders, modern, openSession, post } from '../support/mcp-client.ts'
import { startScriptedServer } from '../support/scripted-server.ts'
import type { ScriptedServer } from '../support/scripted-server.ts'

const POLICY = {
  version: 1,
  rules: [
    { id: 'open', effect: 'allow', match: { connections: ['*'] } },
    {
      id: 'reads-only',
      effect: 'deny',
      match: { connections: ['db'] },
      when: 'sql.present && (!sql.parsed || !sql.verbs.all(v, v == "read"))',
    },
    { id: 'not-hidden', effect: 'deny', match: { connections: ['db'] }, when: 'call.hidden_chars' },
    { id: 'no-secrets', effect: 'deny', match: { connections: ['db', 'open'] }, when: 'call.secrets_in_args > 0' },
    { id: 'no-cards', effect: 'deny', match: { connections: ['open'] }, when: '"credit_card" in call.pii_in_args' },
    // The condition fails wherever the argument is missing, and a failing condition of a deny rule is a match.
    {
      id: 'small-batches',
      effect: 'deny',
      match: { connections: ['db'], tools: ['drop'] },
      when: 'args.count > 10',
    },
  ],
}

let server: ScriptedServer
let gateway: Gateway
beforeAll(async () => {
  server = await startScriptedServer()
  gateway = await startGateway({
    connections: {
      db: { upstream: { http: { url: server.url } }, labels: { kind: 'postgres' } },
      open: { upstream: { http: { url: server.url } }, masking: { profile: 'off' } },
    },
    policy: POLICY,
  })
})
afterAll(async () => {
  await gateway?.stop()
  await server?.[Symbol.asyncDispose]()
})
beforeEach(() => {
  server.forget()
})

function reached(): string {
  return JSON.stringify(server.received)
}

function base64(text: string): string {
  return toBase64(encodeUtf8(text))
}

async function sendRaw(argumentsText: string, connection = 'db'): Promise<string> {
  const { body, headers } = modern('tools/call', { name: 'query', arguments: { placeholder: true } })
  const raw = body.replace('{"placeholder":true}', argumentsText)
  const reply = await post(gateway.url(connection), raw, {
    ...(await goodHeaders({ gateway, connection })),
    ...headers,
  })
  return JSON.stringify(reply)
}

describe('an agent that wants a statement past the rules', () => {
  it.each([
    ['writes the key twice', '{"sql":"SELECT 1","sql":"DROP TABLE users"}'],
    ['spells the key with an escape', '{"sq\\u006c":"DROP TABLE users"}'],
    ['spells the statement with escapes', '{"sql":"\\u0044ROP TABLE users"}'],
    ['uses capitals in the key', '{"SQL":"DROP TABLE users"}'],
    ['puts it where a list is', '{"sql":["SELECT 1",["DROP TABLE users"]]}'],
    ['puts it deep', `${'{"a":'.repeat(30)}{"sql":"DROP TABLE users"}${'}'.repeat(30)}`],
    ['adds a half of a surrogate pair', '{"sql":"SELECT 1 \\ud800; DROP TABLE users"}'],
    ['turns the reading direction', '{"sql":"SELECT 1 \\u202e; DROP TABLE users"}'],
    ['makes it long', `{"sql":"SELECT ${'1,'.repeat(20_000)}1; DROP TABLE users"}`],
    ['makes it longer than is read at all', `{"sql":"${' '.repeat(70_000)}DROP TABLE users"}`],
    ['makes it deep', `{"sql":"SELECT ${'('.repeat(3_000)}1${')'.repeat(3_000)}; DROP TABLE users"}`],
    [
      'sends very many',
      `{"queries":[${Array.from({ length: 400 }, () => '"SELECT 1"').join(',')},"DROP TABLE users"]}`,
    ],
  ])('%s, and nothing reaches the server', async (_, text) => {
    await sendRaw(text)
    expect(reached()).not.toContain('DROP')
    expect(reached()).not.toContain('tools/call')
  })

  it('gets ordinary statements through all the same', async () => {
    await sendRaw('{"sql":"SELECT \\u0027DROP TABLE users\\u0027 AS text"}')
    expect(reached()).toContain('tools/call')
  })

  it('does not get it past in the legacy era either', async () => {
    const session = await openSession({ gateway })
    await session.call('query', { sql: 'DROP TABLE users' })
    expect(reached()).not.toContain('DROP')
  })
})

describe('a condition that cannot be answered', () => {
  it('is a match where it denies', async () => {
    await callModern({ gateway }, 'drop', {})
    await callModern({ gateway }, 'drop', { count: 'many' })
    expect(reached()).not.toContain('tools/call')
    await callModern({ gateway }, 'drop', { count: 3 })
    expect(reached()).toContain('tools/call')
  })
})

describe('a value that no rule lets out', () => {
  const key = ['gh', 'p_', 'a1B2'.repeat(9)].join('')

  // Masking is off on this connection: what stops these is the policy alone.
  it.each([
    ['escapes', `{"note":"\\u0067${key.slice(1)}"}`],
    ['percent signs', `{"note":"%67${key.slice(1)}"}`],
    ['references of HTML', `{"note":"&#103;${key.slice(1)}"}`],
    ['base64', `{"note":"${base64(`TOKEN=${key} is the one to use`)}"}`],
    ['a file in base64', `{"mimeType":"text/plain","blob":"${base64(`export TOKEN=${key}\n`)}"}`],
    ['JSON in JSON', JSON.stringify({ body: JSON.stringify({ body: JSON.stringify({ a: key }) }) })],
    ['the name of an argument', `{"${key}":1}`],
    ['characters that nobody sees', `{"note":"${key.slice(0, 8)}\u200b${key.slice(8)}"}`],
    ['a card as a number', '{"n":4111111111111111}'],
    ['a card in digits of another width', '{"note":"４１１１１１１１１１１１１１１１"}'],
    ['a card in percent signs', '{"note":"4111%201111%201111%201111"}'],
    ['a card where a message has its own id', '{"id":"4111111111111111","method":"x"}'],
    ['a card in base64', `{"note":"${base64('my card is 4111 1111 1111 1111, thank you')}"}`],
  ])('is seen in %s', async (_, text) => {
    await sendRaw(text, 'open')
    expect(reached()).not.toContain('tools/call')
  })

  it('is nothing that others would have to fear for', async () => {
    await sendRaw('{"id":"4111111111111112","note":"ghp is a prefix","api_key":"none"}', 'open')
    expect(reached()).toContain('tools/call')
  })
})

describe('what is hidden in arguments', () => {
  it('is seen: characters that nobody sees, and credentials', async () => {
    await callModern({ gateway }, 'list_users', { note: 'a\u200bb' })
    await callModern({ gateway }, 'list_users', { note: ['ghp', '_', 'a1B2'.repeat(9)].join('') })
    expect(reached()).not.toContain('tools/call')
    await callModern({ gateway }, 'list_users', { note: 'plain' })
    expect(reached()).toContain('tools/call')
  })
})
