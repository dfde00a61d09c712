// URIs with values in them: an agent lists resources, sees stand-ins, and reads what it saw. The server compares letter by letter.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { concat, decodeLatin1, encodeUtf8, readBase64, toBase64 } from '../../src/base/bytes.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'
import { callModern, goodHeaders, modern, openSession, post } from '../support/mcp-client.ts'
import type { LegacySession } from '../support/mcp-client.ts'
import { isRecord } from '../support/process.ts'
import { at, ofKind, recordsOf } from '../support/records.ts'
import {
  type Message,
  replyTo,
  type ScriptedServer,
  sendJson,
  startScriptedServer,
  textResult,
} from '../support/scripted-server.ts'

const MAIL = 'ann@shop.example'
const PASSWORD = ['Kx7', 'qP2', 'vLm9'].join('-')
const OWN = [
  `crm://people/${MAIL}`,
  'crm://people/ann%40shop.example',
  'crm://people/Ann%40Shop.Example/orders?from=3#',
  `crm://find?email=${MAIL}&limit=1`,
  'crm://find?email=ann%40shop.example',
  'crm://find?q=mail%3Aann%40shop.example',
  'crm://by-phone/+4915123456789',
  'crm://by-phone/%2B49%201512%203456789',
  'urn:person:ann@shop.example',
]
const SECRET = [`db://app:${PASSWORD}@host/orders`, `vault://item?password=${PASSWORD}`]

let server: ScriptedServer
let gateway: Gateway
let alice: LegacySession
beforeAll(async () => {
  server = await startScriptedServer()
  gateway = await startGateway({ connections: { crm: { upstream: { http: { url: server.url } } } } })
  alice = await openSession({ gateway, connection: 'crm' })
})
beforeEach(() => {
  server.forget()
  listing([...OWN, ...SECRET])
})
afterAll(async () => {
  await gateway?.stop()
  await server?.[Symbol.asyncDispose]()
})

/** Knows these resources, and no other spelling of them. */
function listing(uris: readonly string[]): void {
  server.behave((received, response) => {
    const params = at(received.message, 'params')
    const uri = String(at(params, 'uri'))
    switch (received.method) {
      case 'resources/list': {
        const resources = uris.map((one, i) => ({ uri: one, name: `resource ${i}`, description: `of ${MAIL}` }))
        return sendJson(response, replyTo(received, { resources }))
      }
      case 'resources/read':
        if (!uris.includes(uri))
          return sendJson(response, {
            jsonrpc: '2.0',
            id: at(received.message, 'id'),
            error: { code: -32_002, message: `no ${uri}` },
          })
        return sendJson(
          response,
          replyTo(received, { contents: [{ uri, text: `${MAIL} ${encodeURIComponent(MAIL)} ${uri}` }] }),
        )
      case 'resources/subscribe':
      case 'resources/unsubscribe':
        return sendJson(response, replyTo(received, {}))
      case 'tools/call':
        return sendJson(
          response,
          replyTo(received, { content: uris.map((one) => ({ type: 'resource_link', uri: one, name: 'r' })) }),
        )
      default:
        return false
    }
  })
}

async function listed(): Promise<string[]> {
  const { message } = await alice.ask('resources/list')
  return urisIn(at(message, 'result', 'resources'))
}

function urisIn(list: unknown): string[] {
  return Array.isArray(list) ? list.map((one: unknown) => (isRecord(one) ? String(one['uri']) : '')) : []
}

/** URIs that reached the server. */
function asked(method: string): unknown[] {
  return server.received.filter((one) => one.method === method).map(({ message }) => at(message, 'params', 'uri'))
}

const readable = async () => (await listed()).slice(0, OWN.length)
const readOne = (uri: string) => alice.ask('resources/read', { uri })

describe('the URI of a resource with a value in it', () => {
  it('reaches its server as it was, however the value is spelled, and no value reaches the agent', async () => {
    const seen = await readable()
    for (const uri of seen) {
      expect(uri).toMatch(/sur_(?:email|phone)_[0-9a-z]{18}/)
      expect(decodeURIComponent(uri).toLowerCase()).not.toContain(MAIL)
    }
    expect(new Set(seen).size).toBe(OWN.length)
    for (const uri of seen) {
      const { message, text } = await readOne(uri)
      expect(urisIn(at(message, 'result', 'contents'))).toEqual([uri])
      expect(decodeURIComponent(text)).not.toContain(MAIL)
    }
    expect(asked('resources/read')).toEqual(OWN)
  })

  it('has the stand-in of the value, which an agent can compare', async () => {
    const reply = await alice.ask('resources/list')
    const stands = new Set(reply.text.match(/sur_email_[0-9a-z]{18}/g))
    expect(stands.size).toBe(1)
  })

  it('is the same for subscriptions, in links of a tool, and for modern clients with their header', async () => {
    const seen = await readable()
    for (const uri of seen) {
      await alice.ask('resources/subscribe', { uri })
      await alice.ask('resources/unsubscribe', { uri })
    }
    expect(asked('resources/subscribe')).toEqual(OWN)
    expect(asked('resources/unsubscribe')).toEqual(OWN)
    const links = urisIn(at((await alice.call('query')).message, 'result', 'content'))
    expect(links.slice(0, OWN.length)).toEqual(seen)
    const { body, headers } = modern('resources/read', { uri: seen[1] })
    const where = { gateway, connection: 'crm' }
    const reply = await post(gateway.url('crm'), body, { ...(await goodHeaders(where)), ...headers })
    expect(urisIn(at(reply.message, 'result', 'contents'))).toEqual([seen[1]])
    expect(server.received.at(-1)?.headers['mcp-name']).toBe(OWN[1])
    const linked = await callModern(where)
    expect(urisIn(at(linked.message, 'result', 'content')).slice(0, OWN.length)).toEqual(seen)
  })

  it('survives a restart of the gateway', async () => {
    const seen = await readable()
    await gateway.restart()
    alice = await openSession({ gateway, connection: 'crm' })
    for (const uri of seen) await readOne(uri)
    expect(asked('resources/read')).toEqual(OWN)
  })

  it('in other words is refused where the value would be told to somebody else, or is no part of a name', async () => {
    const stand = /sur_email_[0-9a-z]{18}/.exec((await readable())[0] ?? '')?.[0] ?? ''
    expect(stand).not.toBe('')
    const refused = [
      `crm://${stand}/orders`,
      `crm://${stand}`,
      `crm://people/x#${stand}`,
      `https://files.example/?of=${stand}`,
      `https://files.example/${stand}`,
      `crm://proxy?url=https://evil.example/${stand}`,
      `crm://proxy?url=https%3A%2F%2Fevil.example%2F${stand}`,
      `crm://proxy?url=https%253A%252F%252Fevil.example%252F${stand}`,
      `crm://proxy?url=//evil.example/${stand}`,
      `crm://proxy?url=gopher%3a%2f%2fevil.example/${stand}`,
      `crm://people/%4${stand}`,
    ]
    for (const uri of refused) {
      const { message } = await readOne(uri)
      expect([uri, at(message, 'error', 'message')]).toEqual([uri, expect.stringContaining('stand-in')])
    }
    expect(asked('resources/read')).toEqual([])
    await readOne(`crm://find?limit=1&email=${stand}`)
    expect(asked('resources/read')).toEqual([`crm://find?limit=1&email=${MAIL}`])
  })
})

it('a resource whose text is broken comes as base64 that a client can read, and without its values', async () => {
  const broken = Uint8Array.of(0, 0xff, 0xc3, 0x28)
  const whole = toBase64(concat([encodeUtf8(`to: ${MAIL}\n`), broken, encodeUtf8(`cc: ${MAIL}\n`)]))
  for (const blob of [whole, `${whole.replace(/=*$/, '')}===`, `${whole.replace(/=*$/, '')}==${whole}`]) {
    server.behave((received, response) =>
      received.method === 'resources/read'
        ? sendJson(response, replyTo(received, { contents: [{ uri: 'crm://mail/1', mimeType: 'text/plain', blob }] }))
        : false,
    )
    const { message } = await readOne('crm://mail/1')
    const [content] = at(message, 'result', 'contents') as readonly { blob: string }[]
    const out = readBase64(content?.blob ?? '')
    expect(toBase64(out)).toBe(content?.blob)
    expect(decodeLatin1(out)).toMatch(/^to: (sur_email_[0-9a-z]{18})\n\0ÿÃ\(cc: \1\n/)
    expect(decodeLatin1(out)).not.toContain(MAIL)
  }
})

describe('the URI of a resource with a secret in it', () => {
  it('is not read, and the agent learns that the secret is not given back', async () => {
    const seen = (await listed()).slice(OWN.length)
    expect(seen).toHaveLength(SECRET.length)
    for (const uri of [...seen, ...seen.map((one) => one.replace('redacted:', 'redacted%3A'))]) {
      expect(uri).toMatch(/redacted(?::|%3A)[a-z_]+/)
      expect(uri).not.toContain(PASSWORD)
      for (const method of ['resources/read', 'resources/subscribe', 'resources/unsubscribe']) {
        const { message } = await alice.ask(method, { uri })
        expect(at(message, 'error', 'message')).toMatch(/hidden for good.*not given back/)
      }
      const ref = { type: 'ref/resource', uri }
      const { message } = await alice.ask('completion/complete', { ref, argument: { name: 'a', value: 'b' } })
      expect(at(message, 'error', 'message')).toMatch(/hidden for good/)
    }
    expect(server.reached().filter((method) => method !== 'resources/list')).toEqual([])
    const refusal = ofKind(await recordsOf(gateway), 'refused').at(-1)
    expect(at(refusal, 'decision', 'reason')).toMatch(/^surrogate-unknown, redacted: /)
  })

  it('may stand in an argument of a tool, where it is text', async () => {
    server.behave((received, response) =>
      received.method === 'tools/call' ? sendJson(response, replyTo(received, textResult('ok'))) : false,
    )
    const { text } = await alice.call('query', { sql: 'redacted:password' } satisfies Message)
    expect(text).toContain('ok')
  })
})
