// kill -9 of a whole gateway under load, again and again: no client has seen a byte whose outcome is not in the log, and no
// server has seen a call whose intent is not.
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { intentOf } from '../../src/audit/pair.ts'
import { decodeUtf8 } from '../../src/base/bytes.ts'
import type { StoredRecord } from '../../src/audit/stored.ts'
import { packKeysOf } from '../../src/cli/pack-keys.ts'
import { readRecords } from '../../src/store/segments/read-records.ts'
import { verifyFolder } from '../../src/store/segments/verify.ts'
import { startGateway } from '../support/gateway.ts'
import type { Gateway } from '../support/gateway.ts'
import { goodHeaders, modern } from '../support/mcp-client.ts'
import { run } from '../support/records.ts'
import { eventOf, openEvents, replyTo, sendJson, startScriptedServer, textResult } from '../support/scripted-server.ts'
import type { Received, ScriptedServer } from '../support/scripted-server.ts'

const KILLS = Number(process.env['SALLYPORT_KILLS'] ?? 20)
const CLIENTS = 8
const STEPS = 3
/** After so many kills everything that was recorded is compared with everything that was seen. */
const COMPARED_EVERY = 10

let gateway: Gateway
let server: ScriptedServer
/** Keys of what reached the server. */
const reached = new Set<string>()
/** Keys of what clients saw; of streams, `key/step` too. */
const seen = new Set<string>()

beforeAll(async () => {
  server = await startScriptedServer(answerSlowly)
  gateway = await startGateway({
    connections: { db: { upstream: { http: { url: server.url } } } },
    config: { audit: { segment: { size: '1MiB' } } },
  })
})
afterAll(async () => {
  await gateway?.stop()
  await server?.[Symbol.asyncDispose]()
})

/** Notes the key, and answers with it: as one body, or in steps. */
function answerSlowly(received: Received, response: Parameters<typeof sendJson>[0]): boolean {
  const key = /"key":"([^"]+)"/.exec(received.body)?.[1]
  if (key === undefined) return false
  reached.add(key)
  if (received.method !== 'tools/call') return false
  const reply = replyTo(received, textResult(`done ${key}`))
  if (key.startsWith('body')) setTimeout(() => sendJson(response, reply), Math.random() * 5)
  else void answerInSteps(openEvents(response), key, reply)
  return true
}

async function answerInSteps(response: Parameters<typeof sendJson>[0], key: string, reply: unknown): Promise<void> {
  for (let progress = 1; progress <= STEPS; progress += 1) {
    response.write(
      eventOf({
        jsonrpc: '2.0',
        method: 'notifications/progress',
        params: { progressToken: 'x', progress, message: `step ${key}/${progress}` },
      }),
    )
    await sleep(Math.random() * 4)
  }
  response.end(eventOf(reply))
}

/** Calls until the gateway is gone, and notes everything that comes. */
async function callUntilGone(name: string, headers: Record<string, string>): Promise<void> {
  for (let n = 0; ; n += 1) {
    const key = `${['body', 'stream', 'notice'][n % STEPS] ?? ''}-${name}-${n}`
    try {
      await callOnce(key, headers)
    } catch {
      return
    }
  }
}

async function callOnce(key: string, headers: Record<string, string>): Promise<void> {
  const call = modern('tools/call', { name: 'query', arguments: { key } })
  const notice = {
    body: JSON.stringify({ jsonrpc: '2.0', method: 'notifications/roots/list_changed', params: { _meta: { key } } }),
    headers: {},
  }
  const { body, headers: mirrored } = key.startsWith('notice') ? notice : call
  const response = await fetch(gateway.url('db'), { method: 'POST', body, headers: { ...headers, ...mirrored } })
  // Status and headers are bytes too: of a whole reply they prove its outcome, of a notification that it was taken.
  if (!key.startsWith('stream')) seen.add(key)
  let text = ''
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk
    for (const [, which] of text.matchAll(/(?:step|done) ([^"]+)"/g)) if (which !== undefined) seen.add(which)
  }
  expect(response.status).toBe(key.startsWith('notice') ? 202 : 200)
}

interface Recorded {
  readonly intents: ReadonlySet<string>
  /** Keys, and `key/step`, of what was recorded as released. */
  readonly released: ReadonlySet<string>
  /** Intents that have no outcome, or more than one. */
  readonly unpaired: number
}

/** What was sealed meanwhile is encrypted. */
function keysOf() {
  return packKeysOf({ config: gateway.configFile }, gateway.dataFolder)
}

async function readLog(): Promise<Recorded> {
  const intents = new Set<string>()
  const released = new Set<string>()
  const open = new Map<number, number>()
  for await (const record of readRecords({ folder: gateway.dataFolder, keys: await keysOf() })) {
    noteKeys(record, { intents, released })
    const { entry, seq, parts } = record
    if (entry.kind === 'intent') open.set(seq, 0)
    const of = parts.envelope === undefined || entry.kind !== 'outcome' ? undefined : intentOf(parts.envelope.bytes)
    if (of !== undefined && open.has(of)) open.set(of, (open.get(of) ?? 0) + 1)
  }
  return { intents, released, unpaired: [...open.values()].filter((count) => count !== 1).length }
}

function noteKeys({ entry, parts }: StoredRecord, noted: { intents: Set<string>; released: Set<string> }): void {
  const key = /"key":"([^"]+)"/.exec(textOf(parts.request?.bytes))?.[1]
  if (key !== undefined && (entry.kind === 'intent' || entry.kind === 'notification')) noted.intents.add(key)
  if (key !== undefined && entry.kind === 'notification') noted.released.add(key)
  for (const [, which] of textOf(parts.response?.bytes).matchAll(/(?:step|done) ([^"]+)"/g))
    if (which !== undefined) noted.released.add(which)
}

function textOf(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? '' : decodeUtf8(bytes)
}

it(
  `after each of ${KILLS} kills the log holds every call that a server saw and every byte that a client saw`,
  async () => {
    for (let kill = 1; kill <= KILLS; kill += 1) {
      const headers = await goodHeaders({ gateway })
      const clients = Array.from({ length: CLIENTS }, (_, at) => callUntilGone(`${kill}-${at}`, headers))
      // A gateway that has just begun is slow, and slower where other things run: something has to pass before it is killed.
      const before = seen.size
      await expect.poll(() => seen.size).toBeGreaterThan(before + STEPS)
      await sleep(100 + Math.random() * 500)
      await gateway.kill()
      await Promise.all(clients)
      await gateway.restart()
      const report = verifyFolder(gateway.dataFolder, await keysOf())
      expect(report, `after kill ${kill}`).toMatchObject({ ok: true, findings: [] })
      if (kill % COMPARED_EVERY === 0 || kill === KILLS) await expectNothingLost(kill)
    }
    expectLoad()
    expect((await run(gateway, ['audit', 'verify'])).stdout).toContain('Verified')
  },
  60_000 + KILLS * 6_000,
)

async function expectNothingLost(kill: number): Promise<void> {
  const { intents, released, unpaired } = await readLog()
  const lost = {
    'calls that a server saw and the log did not': [...reached].filter((key) => !intents.has(key)),
    'bytes that a client saw and the log did not': [...seen].filter((key) => !released.has(key)),
    'intents without exactly one outcome': unpaired,
  }
  expect(lost, `after kill ${kill}`).toEqual({
    'calls that a server saw and the log did not': [],
    'bytes that a client saw and the log did not': [],
    'intents without exactly one outcome': 0,
  })
}

/** It was under load, in all three ways: a run in which nothing passed would prove nothing. */
function expectLoad(): void {
  const tooFew = ['body', 'stream', 'notice'].filter(
    (kind) => [...seen].filter((key) => key.startsWith(kind)).length < KILLS / 5,
  )
  expect(tooFew, 'ways that passed too little').toEqual([])
}
