// Many at once: each stream keeps its own order, and gets nothing of another.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startGateway } from '../support/gateway.ts'
import type { Gateway } from '../support/gateway.ts'
import { callModern } from '../support/mcp-client.ts'
import { run } from '../support/records.ts'
import { eventOf, openEvents, replyTo, startScriptedServer, textResult } from '../support/scripted-server.ts'
import type { ScriptedServer } from '../support/scripted-server.ts'

const STREAMS = 40
const STEPS = 50

let gateway: Gateway
let server: ScriptedServer
beforeAll(async () => {
  server = await startScriptedServer((received, response) => {
    if (received.method !== 'tools/call') return false
    const progressToken = /"key":"(\d+)"/.exec(received.body)?.[1] ?? ''
    openEvents(response)
    for (let progress = 0; progress < STEPS; progress += 1)
      response.write(eventOf({ jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken, progress } }))
    response.end(eventOf(replyTo(received, textResult(`done ${progressToken}`))))
    return true
  })
  gateway = await startGateway({ connections: { db: { upstream: { http: { url: server.url } } } } })
})
afterAll(async () => {
  await gateway?.stop()
  await server?.[Symbol.asyncDispose]()
})

it('many streams at once are carried each in its own order, to the caller whose it is', async () => {
  const orders = await Promise.all(
    Array.from({ length: STREAMS }, async (_, key) => {
      const { text } = await callModern({ gateway }, 'query', { key: String(key) })
      return [...text.matchAll(/"progressToken":"(\d+)","progress":(\d+)|done (\d+)/g)].map(
        ([, token, progress, done]) => done ?? `${token}/${progress}`,
      )
    }),
  )
  const wanted = Array.from({ length: STREAMS }, (_, key) => [
    ...Array.from({ length: STEPS }, (__, progress) => `${key}/${progress}`),
    String(key),
  ])
  expect(orders).toEqual(wanted)
  expect((await run(gateway, ['audit', 'verify'])).stdout).toContain('Verified')
})
