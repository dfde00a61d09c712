// Servers and proxies that compress though nobody asked them to: what they send is masked like everything else.
import { brotliCompressSync, constants, createGzip, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Gateway, startGateway } from '../support/gateway.ts'
import { callModern, openSession } from '../support/mcp-client.ts'
import { recordsOf } from '../support/records.ts'
import { eventOf, replyTo, type ScriptedServer, startScriptedServer, textResult } from '../support/scripted-server.ts'

const MAIL = 'erika.muster@shop.example'
const MIB = 1_048_576

let server: ScriptedServer
let gateway: Gateway
beforeAll(async () => {
  server = await startScriptedServer()
  gateway = await startGateway({
    connections: { db: { upstream: { http: { url: server.url } }, limits: { reply_body: '1MiB' } } },
  })
})
afterAll(async () => {
  await gateway?.stop()
  await server?.[Symbol.asyncDispose]()
})

it.each([
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
  ['zstd', zstdCompressSync],
] as const)('a reply in %s comes plain, with a stand-in, and so it is recorded', async (encoding, compress) => {
  server.behave((received, response) => {
    if (received.method !== 'tools/call') return false
    expect(received.headers['accept-encoding']).toBe('identity')
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': encoding })
    response.end(compress(JSON.stringify(replyTo(received, textResult(`It is ${MAIL}.`)))))
    return true
  })
  const reply = await callModern({ gateway })
  expect(reply.headers.get('content-encoding')).toBeNull()
  expect(reply.text).toMatch(/It is sur_email_[0-9a-z]{18}\./)
  const records = JSON.stringify(await recordsOf(gateway))
  expect(records).toContain('It is sur_email_')
  expect(records).not.toContain(MAIL)
})

it('a stream in gzip flows event by event, masked', async () => {
  const { promise: seen, resolve: goOn } = Promise.withResolvers<void>()
  server.behave((received, response) => {
    if (received.method !== 'tools/call') return false
    const stream = createGzip({ flush: constants.Z_SYNC_FLUSH })
    response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' })
    stream.pipe(response)
    const said = { level: 'info', data: `first ${MAIL}` }
    stream.write(eventOf({ jsonrpc: '2.0', method: 'notifications/message', params: said }))
    void seen.then(() => stream.end(eventOf(replyTo(received, textResult(`last ${MAIL}`)))))
    return true
  })
  const session = await openSession({ gateway })
  const body = { jsonrpc: '2.0', id: 'a', method: 'tools/call', params: { name: 'query', arguments: {} } }
  const response = await fetch(session.url, { method: 'POST', body: JSON.stringify(body), headers: session.headers })
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true })
    if (/first sur_email_/.test(text)) goOn()
  }
  expect(text).toMatch(/first (sur_email_[0-9a-z]{18})[^]*last \1/)
  expect(text).not.toContain(MAIL)
})

it('one that expands beyond what a reply may have, or that is broken, is an error which says so', async () => {
  const cases = [
    [gzipSync(new Uint8Array(64 * MIB)), /larger than 1048576 bytes/],
    [gzipSync(JSON.stringify({ text: MAIL })).subarray(0, 30), /broken or cut short/],
  ] as const
  for (const [bytes, words] of cases) {
    server.behave(({ method }, response) => {
      if (method !== 'tools/call') return false
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(bytes)
      return true
    })
    const reply = await callModern({ gateway })
    expect(reply.text).toMatch(words)
    expect(reply.message).toHaveProperty('error')
  }
})
