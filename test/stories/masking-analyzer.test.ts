// A connection whose answers are shown to an outside detector first, and what becomes of its questions.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Gateway } from '../support/gateway.ts'
import { startGateway } from '../support/gateway.ts'
import { goodHeaders, modern } from '../support/mcp-client.ts'
import { at, ofKind, recordsOf } from '../support/records.ts'
import { eventOf, openEvents, replyTo, sendJson, startScriptedServer, textResult } from '../support/scripted-server.ts'
import type { Script, ScriptedServer } from '../support/scripted-server.ts'

/** Takes every question, and answers those that it is told to. */
const asked = { questions: 0, left: 0, answers: true }
const analyzer = createServer((request, response) => {
  request.resume()
  asked.questions += 1
  response.on('close', () => {
    if (!response.writableFinished) asked.left += 1
  })
  if (asked.answers) response.writeHead(200, { 'content-type': 'application/json' }).end('[]')
})

let server: ScriptedServer
let gateway: Gateway
beforeAll(async () => {
  await new Promise<void>((resolve) => analyzer.listen(0, '127.0.0.1', resolve))
  server = await startScriptedServer()
  const { port } = analyzer.address() as AddressInfo
  gateway = await startGateway({
    connections: {
      db: {
        upstream: { http: { url: server.url } },
        masking: { analyzer: { url: `http://127.0.0.1:${port}`, timeout: '60s' } },
      },
    },
  })
})
afterAll(async () => {
  await gateway?.stop()
  await server?.[Symbol.asyncDispose]()
  analyzer.closeAllConnections()
  await new Promise((resolve) => analyzer.close(resolve))
})
beforeEach(() => {
  Object.assign(asked, { questions: 0, left: 0, answers: true })
})

const whole: Script = (received, response) => sendJson(response, replyTo(received, textResult('ask Ann Miller')))
const streamed: Script = (received, response) => {
  const stream = openEvents(response)
  stream.end(eventOf(replyTo(received, textResult('ask Ann Miller'))))
  return true
}

async function outcome(): Promise<unknown> {
  return at(ofKind(await recordsOf(gateway), 'outcome').at(-1), 'outcome')
}

/** A call, and what takes its client away. */
async function begin() {
  const leaving = new AbortController()
  const { body, headers } = modern('tools/call', { name: 'query', arguments: {} })
  const sent = { ...(await goodHeaders({ gateway })), ...headers }
  const reply = fetch(gateway.url('db'), { method: 'POST', body, headers: sent, signal: leaving.signal })
    .then((response) => response.text())
    .catch(() => 'left')
  return { reply, leave: () => leaving.abort() }
}

it('is asked before an answer leaves', async () => {
  server.behave(whole)
  expect(await (await begin()).reply).toContain('Ann Miller')
  expect(asked).toMatchObject({ questions: 1, left: 0 })
})

it.each([
  ['a whole answer', whole],
  ['an event', streamed],
])('is not asked any longer about %s that nobody waits for', async (_, script) => {
  server.behave(script)
  asked.answers = false
  const call = await begin()
  await expect.poll(() => asked.questions).toBe(1)
  call.leave()
  expect(await call.reply).toBe('left')
  await expect.poll(() => asked.left).toBe(1)
  await expect.poll(outcome, { timeout: 10_000 }).toEqual({ status: 'cancelled', detail: 'client_gone' })
})
