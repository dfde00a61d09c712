// Messages that a good client never sends: each is refused in words that JSON-RPC and MCP have for it, with the id wherever it
// could be read, and not a byte of it reaches the server.
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startGateway } from '../support/gateway.ts'
import type { Gateway } from '../support/gateway.ts'
import { callModern, goodHeaders, LEGACY, MODERN, modern, openSession, post } from '../support/mcp-client.ts'
import type { LegacySession, Reply } from '../support/mcp-client.ts'
import { startScriptedServer } from '../support/scripted-server.ts'
import type { ScriptedServer } from '../support/scripted-server.ts'

let gateway: Gateway
let server: ScriptedServer
let legacy: LegacySession
beforeAll(async () => {
  server = await startScriptedServer()
  gateway = await startGateway({ connections: { db: { upstream: { http: { url: server.url } } } } })
  legacy = await openSession({ gateway })
})
beforeEach(() => server.forget())
afterAll(async () => {
  await gateway?.stop()
  await server?.[Symbol.asyncDispose]()
})

type Era = 'legacy' | 'modern'

const META =
  '"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}'

/** A call of one era whose envelope and params are written by hand. */
function call(era: Era, params: string, envelope = '"jsonrpc":"2.0","id":7,"method":"tools/call"'): string {
  const meta = era === 'modern' ? `${META}${params === '' ? '' : ','}` : ''
  return `{${envelope},"params":{${meta}${params}}}`
}

async function send(
  era: Era,
  body: string | Uint8Array<ArrayBuffer>,
  over: Record<string, string> = {},
): Promise<Reply> {
  if (era === 'legacy') return post(legacy.url, body, { ...legacy.headers, ...over })
  const headers = { 'mcp-protocol-version': MODERN, 'mcp-method': 'tools/call', 'mcp-name': 'query' }
  return post(gateway.url('db'), body, { ...(await goodHeaders({ gateway })), ...headers, ...over })
}

/** It is refused as expected, nobody heard of it, and the next good call passes. */
async function expectRefused(reply: Reply, wanted: { status: number; code: number; id?: unknown }): Promise<void> {
  expect({ status: reply.status, message: reply.message }).toMatchObject({
    status: wanted.status,
    message: {
      jsonrpc: '2.0',
      id: wanted.id ?? null,
      error: { code: wanted.code, message: expect.stringMatching(/\w{3}/) },
    },
  })
  expect(reply.headers.get('content-type')).toBe('application/json')
  expect(server.received).toEqual([])
  expect((await callModern({ gateway })).message).toMatchObject({ result: { content: [{ text: 'tools/call query' }] } })
  expect((await legacy.call('query')).message).toMatchObject({ result: { content: [{ text: 'tools/call query' }] } })
}

const NAME = '"name":"query"'
const DEEP = `${'['.repeat(10_000)}${']'.repeat(10_000)}`

/** What is wrong, the body, JSON-RPC code, and the id that the error carries. All with status 400. */
const MALFORMED: readonly (readonly [string, (era: Era) => string, number, unknown])[] = [
  ['an empty body', () => '', -32_700, null],
  ['white space alone', () => ' \r\n\t', -32_700, null],
  ['half a message', (era) => call(era, NAME).slice(0, -2), -32_700, 7],
  // Two texts may have two ids, and the first is no more the id than the second.
  ['a message with something behind it', (era) => `${call(era, NAME)} {}`, -32_700, null],
  ['two messages, one after the other', (era) => `${call(era, NAME)}\n${call(era, NAME)}`, -32_700, null],
  ['a byte order mark', (era) => `\uFEFF${call(era, NAME)}`, -32_700, null],
  ['single quotes', (era) => call(era, NAME).replaceAll('"', "'"), -32_700, null],
  ['a comment', (era) => call(era, `${NAME}/* drop */`), -32_700, 7],
  ['NaN', (era) => call(era, `${NAME},"arguments":{"a":NaN}`), -32_700, 7],
  ['a number with a leading zero', (era) => call(era, `${NAME},"arguments":{"a":012}`), -32_700, 7],
  ['a raw line break in a string', (era) => call(era, `${NAME},"arguments":{"a":"x\ny"}`), -32_700, 7],
  ['nesting 10,000 deep', (era) => call(era, `${NAME},"arguments":{"a":${DEEP}}`), -32_700, 7],
  [
    'nesting 10,000 deep and never closed',
    (era) => `${call(era, NAME).slice(0, -2)},"a":${'{"a":'.repeat(10_000)}`,
    -32_700,
    7,
  ],
  ['100,000 keys', (era) => call(era, `${NAME},"arguments":{${keys(100_000)}}`), -32_700, 7],
  ['a tool name given twice', (era) => call(era, `${NAME},"name":"drop"`), -32_700, 7],
  ['a tool name given twice, once by escapes', (era) => call(era, `${NAME},"n\\u0061me":"drop"`), -32_700, 7],
  ['an argument given twice', (era) => call(era, `${NAME},"arguments":{"a":1,"b":2,"a":3}`), -32_700, 7],
  ['params given twice', (era) => `${call(era, NAME).slice(0, -1)},"params":{"name":"drop"}}`, -32_700, 7],
  ['a method given twice', (era) => `${call(era, NAME).slice(0, -1)},"method":"tools/list"}`, -32_700, 7],
  ['an id given twice', (era) => `${call(era, NAME).slice(0, -1)},"id":8}`, -32_700, null],
  ['half of a surrogate pair', (era) => call(era, `${NAME},"arguments":{"a":"\\ud800"}`), -32_700, 7],
  ['the other half of a surrogate pair', (era) => call(era, `${NAME},"arguments":{"a":"\\udc00 \\ud800"}`), -32_700, 7],
  ['half of a surrogate pair in a key', (era) => call(era, `${NAME},"arguments":{"\\ud800":1}`), -32_700, 7],
  ['Method beside method', (era) => `${call(era, NAME).slice(0, -1)},"Method":"tools/list"}`, -32_600, 7],
  ['PARAMS beside params', (era) => `${call(era, NAME).slice(0, -1)},"PARAMS":{"name":"drop"}}`, -32_600, 7],
  ['paramſ beside params', (era) => `${call(era, NAME).slice(0, -1)},"paramſ":{"name":"drop"}}`, -32_600, 7],
  ['ID beside id', (era) => `${call(era, NAME).slice(0, -1)},"ID":8}`, -32_600, 7],
  ['Name beside name', (era) => call(era, `${NAME},"Name":"drop"`), -32_600, 7],
  ['NAME by escapes beside name', (era) => call(era, `${NAME},"\\u004eAME":"drop"`), -32_600, 7],
  ['Arguments beside arguments', (era) => call(era, `${NAME},"arguments":{},"Arguments":{}`), -32_600, 7],
  ['a string', () => '"tools/call"', -32_600, null],
  ['a number', () => '7', -32_600, null],
  ['null', () => 'null', -32_600, null],
  ['no jsonrpc', (era) => call(era, NAME, '"id":7,"method":"tools/call"'), -32_600, 7],
  ['another jsonrpc', (era) => call(era, NAME, '"jsonrpc":"1.0","id":7,"method":"tools/call"'), -32_600, 7],
  ['jsonrpc as a number', (era) => call(era, NAME, '"jsonrpc":2.0,"id":7,"method":"tools/call"'), -32_600, 7],
  ['id null', (era) => call(era, NAME, '"jsonrpc":"2.0","id":null,"method":"tools/call"'), -32_600, null],
  ['a float as id', (era) => call(era, NAME, '"jsonrpc":"2.0","id":7.5,"method":"tools/call"'), -32_600, null],
  ['1.0 as id', (era) => call(era, NAME, '"jsonrpc":"2.0","id":1.0,"method":"tools/call"'), -32_600, null],
  ['1e3 as id', (era) => call(era, NAME, '"jsonrpc":"2.0","id":1e3,"method":"tools/call"'), -32_600, null],
  ['true as id', (era) => call(era, NAME, '"jsonrpc":"2.0","id":true,"method":"tools/call"'), -32_600, null],
  ['an object as id', (era) => call(era, NAME, '"jsonrpc":"2.0","id":{"a":1},"method":"tools/call"'), -32_600, null],
  [
    'an id of 100,000 digits',
    (era) => call(era, NAME, `"jsonrpc":"2.0","id":${'9'.repeat(100_000)},"method":"tools/call"`),
    -32_600,
    null,
  ],
  [
    'an id of 100,000 letters',
    (era) => call(era, NAME, `"jsonrpc":"2.0","id":"${'a'.repeat(100_000)}","method":"tools/call"`),
    -32_600,
    null,
  ],
  ['a method that is a number', (era) => call(era, NAME, '"jsonrpc":"2.0","id":7,"method":7'), -32_600, 7],
  ['a request that is a reply too', (era) => `${call(era, NAME).slice(0, -1)},"result":{}}`, -32_600, 7],
  ['params that are a list', () => '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":["query"]}', -32_600, 7],
  ['a batch', (era) => `[${call(era, NAME)},${call(era, NAME)}]`, -32_600, null],
  ['a batch of one', (era) => `[${call(era, NAME)}]`, -32_600, null],
  ['an empty batch', () => '[]', -32_600, null],
]

function keys(count: number): string {
  return Array.from({ length: count }, (_, at) => `"k${at}":0`).join(',')
}

describe.each(['legacy', 'modern'] as const)('a %s client that sends', (era) => {
  it.each(MALFORMED)('%s is refused', async (_, bodyOf, code, id) => {
    await expectRefused(await send(era, bodyOf(era)), { status: 400, code, id })
  })

  it.each([
    ['an overlong slash', [0xc0, 0xaf]],
    ['a lone continuation', [0x80]],
    ['a surrogate in UTF-8', [0xed, 0xa0, 0x80]],
    ['half a character', [0xe2, 0x82]],
    ['a null byte', [0x00]],
  ])('%s in a string is refused', async (_, bytes) => {
    const [before = '', after = ''] = call(era, `${NAME},"arguments":{"a":"|"}`).split('|')
    const encoder = new TextEncoder()
    const body = new Uint8Array([...encoder.encode(before), ...bytes, ...encoder.encode(after)])
    const reply = await send(era, body)
    // Of a message that is no text nothing is read, so there may be no id to answer to.
    await expectRefused(reply, { status: 400, code: -32_700, id: bytes[0] === 0 ? 7 : null })
  })

  it.each([
    ['UTF-16', 'utf16le'],
    ['Latin-1', 'latin1'],
  ] as const)('%s is refused', async (_, encoding) => {
    const body = Uint8Array.from(
      Array.from(call(era, `${NAME},"arguments":{"a":"é"}`)).flatMap((letter) => {
        const unit = letter.charCodeAt(0)
        return encoding === 'latin1' ? [unit] : [unit & 0xff, unit >> 8]
      }),
    )
    const reply = await send(era, body, { 'content-type': `application/json; charset=${encoding}` })
    await expectRefused(reply, { status: 400, code: -32_700 })
  })

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'application/jsonp',
    'text/json',
    'application/json-rpc',
  ])('JSON as %s is refused', async (type) => {
    await expectRefused(await send(era, call(era, NAME), { 'content-type': type }), { status: 415, code: -32_600 })
  })

  it.each(['gzip', 'br', 'deflate', 'x-unknown', 'identity, gzip'])(
    'a body with Content-Encoding %s is refused',
    async (encoding) => {
      const body = new Uint8Array(gzipSync(call(era, NAME)))
      await expectRefused(await send(era, body, { 'content-encoding': encoding }), { status: 415, code: -32_600 })
    },
  )

  it('a method that nobody knows is told so', async () => {
    const body = call(era, '', '"jsonrpc":"2.0","id":"x","method":"tools/destroy"')
    const reply = await send(era, body, { 'mcp-method': 'tools/destroy' })
    await expectRefused(reply, { status: era === 'modern' ? 404 : 200, code: -32_601, id: 'x' })
  })

  it('a method that servers send is told that there is none', async () => {
    const body = call(era, '', '"jsonrpc":"2.0","id":"x","method":"sampling/createMessage"')
    const reply = await send(era, body, { 'mcp-method': 'sampling/createMessage' })
    await expectRefused(reply, { status: era === 'modern' ? 404 : 200, code: -32_601, id: 'x' })
  })

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'the method %s is told that there is none',
    async (method) => {
      const body = call(era, '', `"jsonrpc":"2.0","id":"x","method":"${method}"`)
      await expectRefused(await send(era, body, { 'mcp-method': method }), {
        status: era === 'modern' ? 404 : 200,
        code: -32_601,
        id: 'x',
      })
    },
  )

  it('a call without a tool name is refused', async () => {
    const reply = await send(era, call(era, '"arguments":{}'))
    expect(reply.message).toMatchObject({ id: 7, error: { code: -32_602 } })
    expect(server.received).toEqual([])
  })
})

describe('a modern client whose headers and body disagree', () => {
  const body = modern('tools/call', { name: 'query' }, 7).body
  it.each([
    ['Mcp-Method is missing', { 'mcp-method': undefined }, -32_020],
    ['Mcp-Method is another', { 'mcp-method': 'tools/list' }, -32_020],
    ['Mcp-Method differs in case', { 'mcp-method': 'TOOLS/CALL' }, -32_020],
    ['Mcp-Name is missing', { 'mcp-name': undefined }, -32_020],
    ['Mcp-Name is another', { 'mcp-name': 'drop' }, -32_020],
    ['Mcp-Name is another one encoded', { 'mcp-name': '=?base64?ZHJvcA==?=' }, -32_020],
    ['Mcp-Name is broken base64', { 'mcp-name': '=?base64?cXVlcnk?=' }, -32_020],
    ['the version header is missing', { 'mcp-protocol-version': undefined }, -32_020],
    ['the version header is a legacy one', { 'mcp-protocol-version': LEGACY }, -32_020],
    ['the version header is of the future', { 'mcp-protocol-version': '2030-01-01' }, -32_020],
  ])('is refused when %s', async (_, over, code) => {
    const headers = { 'mcp-protocol-version': MODERN, 'mcp-method': 'tools/call', 'mcp-name': 'query', ...over }
    const given = Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const],
    )
    const reply = await post(gateway.url('db'), body, {
      ...(await goodHeaders({ gateway })),
      ...Object.fromEntries(given),
    })
    await expectRefused(reply, { status: 400, code, id: 7 })
  })

  it('learns which versions there are when it asks for one of the future', async () => {
    const reply = await send('modern', body.replace(MODERN, '2030-01-01'), { 'mcp-protocol-version': '2030-01-01' })
    await expectRefused(reply, { status: 400, code: -32_022, id: 7 })
    expect(reply.message).toMatchObject({
      error: { data: { requested: '2030-01-01', supported: expect.arrayContaining([MODERN]) } },
    })
  })

  it('passes when Mcp-Name is the right name, encoded', async () => {
    const reply = await send('modern', body, { 'mcp-name': '=?base64?cXVlcnk=?=' })
    expect(reply.message).toMatchObject({ id: 7, result: { content: [{ text: 'tools/call query' }] } })
  })
})

describe('ids that are odd but good', () => {
  it.each(['12345678901234567890', '-1', '0', '"7"', '""', '"\\u0041"'])('%s comes back as it was', async (id) => {
    server.behave((received, response) => {
      if (received.method !== 'tools/call') return false
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(`{"jsonrpc":"2.0","id":${id},"result":{"content":[]}}`)
      return true
    })
    const reply = await send('legacy', call('legacy', NAME, `"jsonrpc":"2.0","id":${id},"method":"tools/call"`))
    server.behave()
    expect(reply.text).toBe(`{"jsonrpc":"2.0","id":${id},"result":{"content":[]}}`)
    expect(server.received[0]?.body).toContain(`"id":${id}`)
  })
})
