// A server that says back the credential it was given: no client gets it, no file holds it, nothing prints it.
import { Buffer } from 'node:buffer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startGateway } from '../support/gateway.ts'
import type { Gateway } from '../support/gateway.ts'
import { goodHeaders, modern, post } from '../support/mcp-client.ts'
import { recordsOf } from '../support/records.ts'
import { collectPrinted, expectNoSecret, expectNoSecretKept } from '../support/secrets.ts'
import { eventOf, openEvents, replyTo, sendJson, startScriptedServer, textResult } from '../support/scripted-server.ts'
import type { Received, Script, ScriptedServer } from '../support/scripted-server.ts'

// Letters that every encoding writes in another way.
const HEADER_SECRET = 'mk-7f"3\\a/+=Zq~42xQ?made-up'
const BASIC_SECRET = 'robot:pass-made-up-Zk7'
const SECRETS = [HEADER_SECRET, BASIC_SECRET]

let gateway: Gateway
let server: ScriptedServer
let printed: () => string
beforeAll(async () => {
  server = await startScriptedServer()
  const upstream = { http: { url: server.url } }
  gateway = await startGateway({
    connections: {
      db: { upstream, credentials: [{ name: 'key', header: 'X-Api-Key' }], secrets: { key: HEADER_SECRET } },
      basic: { upstream, credentials: [{ name: 'login', basic: true }], secrets: { login: BASIC_SECRET } },
    },
  })
  printed = collectPrinted(gateway)
})
afterAll(async () => {
  await gateway?.stop()
  await server?.[Symbol.asyncDispose]()
})

/** Asks and looks through everything that comes: status line, headers, body. */
async function ask(
  connection: string,
  method = 'tools/call',
  params = { name: 'query', arguments: {} },
): Promise<string> {
  const { body, headers } = modern(method, method === 'tools/call' ? params : {})
  const response = await fetch(gateway.url(connection), {
    method: 'POST',
    body,
    headers: { ...(await goodHeaders({ gateway })), ...headers },
  })
  const text = await response.text().catch((error: unknown) => String(error))
  const all = `${response.status} ${response.statusText}\n${JSON.stringify([...response.headers])}\n${text}`
  expectNoSecret(SECRETS, all, 'the answer')
  return all
}

const keyOf = ({ headers }: Received): string =>
  String(headers['x-api-key'] ?? headers.authorization?.replace('Basic ', '') ?? '')
const inText =
  (write: (key: string) => string): Script =>
  (received, response) =>
    sendJson(response, replyTo(received, textResult(write(keyOf(received)))))
const raw =
  (write: (key: string) => string): Script =>
  (received, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(write(keyOf(received)))
    return true
  }
const inEvents =
  (write: (key: string, received: Received) => string): Script =>
  (received, response) => {
    openEvents(response).end(write(keyOf(received), received))
    return true
  }
const escapeAll = (text: string): string =>
  Array.from(text, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')

/** Where the server puts it. `MASKED` shows that it came, and was masked; the others may end in an error without data. */
const PLACES: Readonly<Record<string, Script>> = {
  'as it is, in a text': inText((key) => `the key is ${key}!`),
  'in base64': inText((key) => Buffer.from(key).toString('base64')),
  'in base64 behind one byte': inText((key) => Buffer.from(`x${key}`).toString('base64')),
  'in base64 behind two bytes': inText((key) => Buffer.from(`xx${key}xx`).toString('base64')),
  'in base64url': inText((key) => Buffer.from(`${key}${key}`).toString('base64url')),
  'URL-encoded': inText((key) => `https://example.com/?k=${encodeURIComponent(key)}`),
  'URL-encoded in lower case': inText((key) =>
    encodeURIComponent(key).replaceAll(/%../g, (code) => code.toLowerCase()),
  ),
  'URL-encoded letter by letter': inText((key) =>
    Array.from(Buffer.from(key), (byte) => `%${byte.toString(16)}`).join(''),
  ),
  'URL-encoded twice': inText((key) => encodeURIComponent(encodeURIComponent(key))),
  'in hexadecimal': inText((key) => Buffer.from(key).toString('hex')),
  'in JSON inside the text': inText((key) => JSON.stringify({ key })),
  'in JSON inside JSON inside the text': inText((key) => JSON.stringify(JSON.stringify({ key: [key] }))),
  'JSON-escaped letter by letter': raw(
    (key) => `{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"${escapeAll(key)}"}]}}`,
  ),
  'as the name of a member': (received, response) =>
    sendJson(response, replyTo(received, { content: [], structuredContent: { [keyOf(received)]: 1 } })),
  'as the name of a member, escaped': raw(
    (key) => `{"jsonrpc":"2.0","id":1,"result":{"content":[],"${escapeAll(key)}":1}}`,
  ),
  'in structured content': (received, response) =>
    sendJson(response, replyTo(received, { content: [], structuredContent: { a: [{ b: keyOf(received) }] } })),
  'in an image': (received, response) =>
    sendJson(
      response,
      replyTo(received, {
        content: [
          { type: 'image', mimeType: 'image/png', data: Buffer.from(`png${keyOf(received)}png`).toString('base64') },
        ],
      }),
    ),
  'in a JSON-RPC error': (received, response) =>
    sendJson(response, {
      jsonrpc: '2.0',
      id: 1,
      error: { code: -1, message: `bad ${keyOf(received)}`, data: { key: keyOf(received) } },
    }),
  'in a JSON-RPC error with status 400': (received, response) =>
    sendJson(response, { jsonrpc: '2.0', id: 1, error: { code: -1, message: keyOf(received) } }, {}, 400),
  'in an event': inEvents((key, received) => eventOf(replyTo(received, textResult(key)))),
  'in the data of an event, on two lines': inEvents(
    (key, received) =>
      `data: {"jsonrpc":"2.0",\ndata: "id":${String(received.message?.['id'])},"result":{"content":[],"k":${JSON.stringify(key)}}}\n\n`,
  ),
  'in the id of an event': inEvents((key, received) => eventOf(replyTo(received, textResult('x')), `id: ${key}\n`)),
  'in the name of an event': inEvents((key, received) =>
    eventOf(replyTo(received, textResult('x')), `event: ${key}\n`),
  ),
  'in a field of an event that nobody knows': inEvents((key, received) =>
    eventOf(replyTo(received, textResult('x')), `${key}: ${key}\nretry: ${key}\n`),
  ),
  'in a comment': inEvents(
    (key, received) => `: ${key}\n\n${eventOf(replyTo(received, textResult('x')), `: ${key}\n`)}`,
  ),
  'in the id of an empty event': inEvents(
    (key, received) => `id: ${key}\ndata:\n\n${eventOf(replyTo(received, textResult('x')))}`,
  ),
  'in progress': inEvents(
    (key, received) =>
      eventOf({
        jsonrpc: '2.0',
        method: 'notifications/progress',
        params: { progressToken: key, progress: 1, message: key },
      }) + eventOf(replyTo(received, textResult('x'))),
  ),
  'in a log message': inEvents(
    (key, received) =>
      eventOf({ jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', logger: key, data: key } }) +
      eventOf(replyTo(received, textResult('x'))),
  ),
  'in a method that nobody knows': inEvents(
    (key, received) =>
      eventOf({ jsonrpc: '2.0', method: key, params: {} }) + eventOf(replyTo(received, textResult('x'))),
  ),
  'in an event that is no JSON': inEvents((key) => `data: ${key}\n\n`),
  'in an event that never ends': inEvents((key) => `data: ${key}`),
  'in a Content-Type': (received, response) =>
    sendJson(response, replyTo(received, textResult('x')), {
      'content-type': `application/json; a=${keyOf(received)}`,
    }),
  'in Retry-After and Allow': (received, response) =>
    sendJson(response, { error: 'x' }, { 'retry-after': keyOf(received), allow: keyOf(received) }, 503),
  'in Mcp-Session-Id': (received, response) =>
    sendJson(response, replyTo(received, textResult('x')), { 'mcp-session-id': keyOf(received) }),
  'in a header of its own': (received, response) =>
    sendJson(response, replyTo(received, textResult('x')), {
      'x-echo': keyOf(received),
      'set-cookie': `k=${keyOf(received)}`,
    }),
  'in WWW-Authenticate': (received, response) =>
    sendJson(response, { error: keyOf(received) }, { 'www-authenticate': `Bearer realm="${keyOf(received)}"` }, 401),
  'in a redirect': (received, response) =>
    sendJson(response, {}, { location: `https://example.com/${encodeURIComponent(keyOf(received))}` }, 302),
  'in the reason phrase': (_received, response) => {
    response.writeHead(500, HEADER_SECRET.replaceAll(/[^ -~]/g, '')).end('{}')
    return true
  },
  'in an HTML page with status 500': (received, response) => {
    response
      .writeHead(500, { 'content-type': 'text/html' })
      .end(`<html><pre>X-Api-Key: ${keyOf(received)}</pre></html>`)
    return true
  },
  'in a text with status 404': (received, response) => {
    response.writeHead(404, { 'content-type': 'text/plain' }).end(keyOf(received))
    return true
  },
  'in a JSON text that is cut off': raw(
    (key) =>
      `{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"${key.slice(0, 4)}${JSON.stringify(key)}`,
  ),
  'in bytes that are no text': (received, response) => {
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(keyOf(received))]))
    return true
  },
}

describe.each(['db', 'basic'])('a server that got a credential (%s) and says it', (connection) => {
  it.each(Object.entries(PLACES))('%s', async (_, script) => {
    server.behave(script)
    const answer = await ask(connection)
    expect(server.received.at(-1)?.message).toMatchObject({ method: 'tools/call' })
    expect(keyOf(server.received.at(-1) ?? ({ headers: {} } as Received)).length).toBeGreaterThan(10)
    expect(answer.length).toBeGreaterThan(10)
  })

  it('in a list of tools', async () => {
    server.behave((received, response) =>
      sendJson(
        response,
        replyTo(received, {
          tools: [
            {
              name: keyOf(received),
              description: keyOf(received),
              inputSchema: { type: 'object', default: keyOf(received) },
            },
          ],
        }),
      ),
    )
    // A definition is not rewritten: it does not pass.
    expect(await ask(connection, 'tools/list')).toContain('The list was withheld')
  })

  it('in a text, which is masked there and comes for the rest as it was', async () => {
    server.behave(inText((key) => `before ${key} after`))
    expect(await ask(connection)).toMatch(/before \[[^\]]*masked[^\]]*\] after/)
  })
})

it('a client that knows a credential and sends it does not bring it into the log', async () => {
  server.behave()
  const { body, headers } = modern('tools/call', {
    name: 'query',
    arguments: { key: HEADER_SECRET, [HEADER_SECRET]: 1 },
  })
  const all = { ...(await goodHeaders({ gateway })), ...headers, 'user-agent': HEADER_SECRET }
  expect((await post(gateway.url('db'), body, all)).status).toBe(200)
  await expectNoSecretKept([HEADER_SECRET], gateway)
})

it('nothing that is kept, shown or printed holds a credential, and the log is whole', async () => {
  await expectNoSecretKept(SECRETS, gateway)
  expectNoSecret(SECRETS, printed(), 'what the gateway printed')
  expect(JSON.stringify(await recordsOf(gateway))).toMatch(/"credential":\{"redact":\d/)
})
