// Streams through the gateway: events arrive one by one, servers ask and clients answer, broken streams are resumed, and calls
// that nobody waits for any more end.
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openAnswering } from '../support/answering-client.ts'
import { startGateway } from '../support/gateway.ts'
import type { Gateway } from '../support/gateway.ts'
import { callModern, goodHeaders, modern, openSession } from '../support/mcp-client.ts'
import type { LegacySession } from '../support/mcp-client.ts'
import { startProgram } from '../support/process.ts'
import type { Program } from '../support/process.ts'
import { at, ofKind, recordsOf, run } from '../support/records.ts'
import { eventOf, openEvents, replyTo, startScriptedServer, textResult } from '../support/scripted-server.ts'
import type { ScriptedServer } from '../support/scripted-server.ts'

let gateway: Gateway
let server: ScriptedServer
let fixture: Program
beforeAll(async () => {
  server = await startScriptedServer()
  fixture = await startProgram({ args: ['test/conformance/fixture.ts'] })
  gateway = await startGateway({
    connections: {
      db: { upstream: { http: { url: server.url } } },
      fixture: { upstream: { http: { url: String(fixture.ready['url']) } } },
    },
  })
})
afterAll(async () => {
  await gateway?.stop()
  await server?.[Symbol.asyncDispose]()
  await fixture?.stop()
})

it('progress arrives step by step, while the call runs, each step on record before', async () => {
  const stepMs = 150
  server.behave((received, response) => {
    if (received.method !== 'tools/call') return false
    openEvents(response)
    void (async () => {
      for (let progress = 1; progress <= 5; progress += 1) {
        response.write(
          eventOf({ jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: 't', progress } }),
        )
        await sleep(stepMs)
      }
      response.end(eventOf(replyTo(received, textResult('done'))))
    })()
    return true
  })
  const { body, headers } = modern('tools/call', { name: 'query' })
  const response = await fetch(gateway.url('db'), {
    method: 'POST',
    body,
    headers: { ...(await goodHeaders({ gateway })), ...headers },
  })
  expect(response.headers.get('x-accel-buffering')).toBe('no')
  expect(response.headers.get('cache-control')).toContain('no-transform')
  const came: number[] = []
  for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? [])
    for (const _ of text.matchAll(/^data:/gm)) came.push(Date.now())
  expect(came).toHaveLength(6)
  const gaps = came.slice(1).map((time, index) => time - (came[index] ?? 0))
  // Were they held back, all but the first gap would be nothing.
  expect(gaps.filter((gap) => gap > stepMs / 2).length).toBeGreaterThanOrEqual(3)
  const parts = ofKind(await recordsOf(gateway), 'part').slice(-5)
  expect(
    parts
      .map((part) => JSON.parse(String(at(part, 'body', 'res', 'text'))) as { params: { progress: number } })
      .map(({ params }) => params.progress),
  ).toEqual([1, 2, 3, 4, 5])
})

describe('a stream that broke off', () => {
  it('is resumed from the last event that was seen, and its reply is the outcome of the first call', async () => {
    const session = await openSession({ gateway, connection: 'fixture' })
    const stop = new AbortController()
    const params = { name: 'test_tool_with_progress', arguments: {}, _meta: { progressToken: 'p' } }
    const body = JSON.stringify({ jsonrpc: '2.0', id: 41, method: 'tools/call', params })
    const first = await fetch(session.url, { method: 'POST', body, headers: session.headers, signal: stop.signal })
    const lastId = await readUntilProgress(first, stop)
    const text = await resume(session, lastId)
    expect(text).toContain('"id":41')
    expect(text).toContain('Done')
    const records = await recordsOf(gateway)
    const intent = records.findLast(
      (record) => at(record, 'mcp', 'target') === 'test_tool_with_progress' && record['kind'] === 'intent',
    )
    await expect
      .poll(
        async () =>
          (await recordsOf(gateway)).filter(
            (record) => record['kind'] === 'outcome' && record['of'] === intent?.['seq'],
          ),
        { timeout: 20_000 },
      )
      .toMatchObject([{ outcome: { status: 'ok' } }])
  })

  it('was closed by the server in the middle of a call, and the client of the SDK comes back by itself', async () => {
    const { client } = await openAnswering({ gateway, connection: 'fixture' })
    const result = await client.callTool({ name: 'test_reconnection', arguments: {} })
    await client.close()
    expect(JSON.stringify(result)).toContain('the result came later')
  })
})

/** Reads until the first progress, then breaks off. Gives the id of the last event that was seen. */
async function readUntilProgress(response: Response, stop: AbortController): Promise<string> {
  let text = ''
  try {
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk
      if (text.includes('notifications/progress')) stop.abort()
    }
  } catch {
    // Broken off on purpose.
  }
  return [...text.matchAll(/^id: ?(.+)$/gm)].at(-1)?.[1] ?? ''
}

/** Servers say 409 until they have noticed that the first stream is gone. */
async function resume({ url, headers }: LegacySession, lastId: string): Promise<string> {
  for (;;) {
    const response = await fetch(url, { headers: { ...headers, 'last-event-id': lastId } })
    if (response.status !== 409) return readUntilReply(response)
    await response.text()
    await sleep(50)
  }
}

async function readUntilReply(response: Response): Promise<string> {
  let text = ''
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk
    if (/"result":.*\n\n/.test(text)) break
  }
  return text
}

describe('a call that nobody waits for', () => {
  it('is cancelled at the server when a legacy client says so', async () => {
    const session = await openSession({ gateway, connection: 'fixture' })
    const key = crypto.randomUUID()
    const call = session.ask('tools/call', { name: 'test_wait', arguments: { key } }, 77)
    await sleep(500)
    expect((await session.send({ method: 'notifications/cancelled', params: { requestId: 77 } })).status).toBe(202)
    await expect
      .poll(async () => (await session.call('test_was_cancelled', { key })).text, { timeout: 20_000 })
      .toContain('true')
    expect(ofKind(await recordsOf(gateway), 'notification').map((record) => at(record, 'mcp', 'method'))).toContain(
      'notifications/cancelled',
    )
    // The server answers a cancelled call no more, so its stream would stay open.
    await Promise.race([call, sleep(2000)])
  })

  it('is given up at the server when a modern client goes away', async () => {
    const key = crypto.randomUUID()
    const { body, headers } = modern('tools/call', { name: 'test_wait', arguments: { key } })
    const stop = new AbortController()
    const call = fetch(gateway.url('fixture'), {
      method: 'POST',
      body,
      headers: { ...(await goodHeaders({ gateway })), ...headers },
      signal: stop.signal,
    })
    await sleep(500)
    stop.abort()
    await call.catch(() => undefined)
    await expect
      .poll(async () => (await callModern({ gateway, connection: 'fixture' }, 'test_was_cancelled', { key })).text, {
        timeout: 20_000,
      })
      .toContain('true')
  })
})

it('after all that the log is whole', async () => {
  expect((await run(gateway, ['audit', 'verify'])).stdout).toContain('Verified')
})
