// Unmodified clients get through the gateway what they get without it: lists, calls, progress, errors, cancellation.
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CLIENTS } from '../support/clients.ts'
import type { Args, Caller, Target } from '../support/clients.ts'
import { startGateway } from '../support/gateway.ts'
import type { Gateway } from '../support/gateway.ts'
import { root, startProgram } from '../support/process.ts'
import type { Program } from '../support/process.ts'

type Call = readonly [tool: string, args: Args]

interface Upstream {
  /** The server without the gateway; stdio has no such address and is compared with the same server over HTTP. */
  readonly server: 'everything' | 'fixture'
  readonly connection: string
  readonly works: Call
  readonly prints: string
  /** Answers with several kinds of content. */
  readonly mixes: Call
  readonly fails: Call
  readonly progresses: Call
  readonly waits: (key: string) => Call
  /** Asks whether a wait was cancelled, where the server can tell. */
  readonly wasCancelled?: (key: string) => Call
}

const EVERYTHING = {
  server: 'everything',
  works: ['echo', { message: 'Grüße, 世界' }],
  prints: 'Echo: Grüße, 世界',
  mixes: ['get-annotated-message', { messageType: 'success', includeImage: true }],
  fails: ['echo', {}],
  progresses: ['trigger-long-running-operation', { duration: 1, steps: 4 }],
  waits: () => ['trigger-long-running-operation', { duration: 3, steps: 30 }],
} as const satisfies Partial<Upstream>

const UPSTREAMS: readonly Upstream[] = [
  { ...EVERYTHING, connection: 'everything' },
  { ...EVERYTHING, connection: 'everything-stdio' },
  {
    server: 'fixture',
    connection: 'fixture',
    works: ['test_simple_text', {}],
    prints: 'This is a simple text response for testing.',
    mixes: ['test_multiple_content_types', {}],
    fails: ['test_error_handling', {}],
    progresses: ['test_tool_with_progress', {}],
    waits: (key) => ['test_wait', { key }],
    wasCancelled: (key) => ['test_was_cancelled', { key }],
  },
]

const EVERYTHING_STDIO = {
  command: process.execPath,
  args: [join(root, 'node_modules/@modelcontextprotocol/server-everything/dist/index.js'), 'stdio'],
}

let servers: Record<Upstream['server'], Program>
beforeAll(async () => {
  const [everything, fixture] = await Promise.all([
    startProgram({ args: ['test/support/everything.ts'] }),
    startProgram({ args: ['test/conformance/fixture.ts'] }),
  ])
  servers = { everything, fixture }
})
afterAll(() => Promise.all(Object.values(servers ?? {}).map((server) => server.stop())))

function direct(upstream: Upstream): Target {
  return { url: String(servers[upstream.server].ready['url']) }
}

/** Everything that a client sees of a server, in a form that can be compared. */
async function survey(open: (target: Target) => Promise<Caller>, target: Target, upstream: Upstream) {
  await using client = await open(target)
  const seen: Record<string, unknown> = {
    tools: await outcome(target, client.listTools()),
    works: await outcome(target, client.call(...upstream.works)),
    mixes: await outcome(target, client.call(...upstream.mixes)),
    fails: await outcome(target, client.call(...upstream.fails)),
  }
  if (client.can.progress) seen['progress'] = await withProgress(client, upstream)
  if (client.can.cancel) seen['cancelled'] = await cancelled(client, upstream)
  // From here on there are rejections. After one, SDK v1 resumes its stream, and "everything" replays all of the session then.
  for (const [name, ask] of Object.entries(client.more)) seen[name] = await outcome(target, ask())
  seen['unknown tool'] = await outcome(target, client.call('no-such-tool', {}))
  return seen
}

async function withProgress(client: Caller, upstream: Upstream): Promise<unknown> {
  const reports: unknown[] = []
  const result = await client.call(...upstream.progresses, { onProgress: (report) => reports.push(report) })
  return { reports, result }
}

/** The server needs a moment to learn of a cancel, and longer on a busy machine. */
const LEARNS_WITHIN_MS = 5000

/** Cancels a call that has begun, then goes on with the same connection. */
async function cancelled(client: Caller, upstream: Upstream): Promise<unknown> {
  const key = crypto.randomUUID()
  const stop = new AbortController()
  const begun = client.can.progress ? { onProgress: () => stop.abort() } : {}
  if (!client.can.progress) setTimeout(() => stop.abort(), 500)
  const call = client.call(...upstream.waits(key), { signal: stop.signal, ...begun })
  const ended = await call.then(
    () => 'an answer came',
    () => 'rejected',
  )
  const after = await client.call(...upstream.works)
  const end = Date.now() + LEARNS_WITHIN_MS
  let learned: unknown
  while (upstream.wasCancelled !== undefined && Date.now() < end) {
    learned = await client.call(...upstream.wasCancelled(key))
    if (JSON.stringify(learned).includes('true')) break
    await sleep(100)
  }
  return { ended, after, learned }
}

/** A rejection is an answer like another; addresses, which differ by nature, are taken out. */
async function outcome(target: Target, answer: Promise<unknown>): Promise<unknown> {
  const value = await answer.then(
    (result) => result,
    (error: unknown) => ({ rejected: String(error) }),
  )
  return JSON.parse(JSON.stringify(value ?? null).replaceAll(target.url, 'URL')) as unknown
}

const cases = Object.keys(CLIENTS).flatMap((client) => UPSTREAMS.map((upstream) => ({ client, upstream })))
const overHttp = cases.filter(({ upstream }) => upstream.connection !== 'everything-stdio')

function opener(client: string): (target: Target) => Promise<Caller> {
  const open = CLIENTS[client]
  if (open === undefined) throw new Error(`there is no client ${client}`)
  return open
}

const surveys = new Map<string, ReturnType<typeof survey>>()

/** What a client sees of a server is found out once, whatever it is compared with. */
function without(client: string, upstream: Upstream): ReturnType<typeof survey> {
  const key = `${client} of ${upstream.server}`
  const known = surveys.get(key) ?? survey(opener(client), direct(upstream), upstream)
  surveys.set(key, known)
  return known
}

describe('without the gateway', () => {
  it.each(overHttp)('$client talks to $upstream.connection', async ({ client, upstream }) => {
    const seen = await without(client, upstream)
    expect(JSON.stringify(seen['tools'])).toContain(upstream.works[0])
    expect(JSON.stringify(seen['works'])).toContain(upstream.prints)
    expect(JSON.stringify(seen['fails'])).toMatch(/isError|is_error/)
    const steps = upstream.server === 'fixture' ? 3 : 4
    const learned = upstream.server === 'fixture' ? { learned: { content: [{ type: 'text', text: 'true' }] } } : {}
    expect(seen).toMatchObject({
      ...('progress' in seen ? { progress: { reports: { length: steps } } } : {}),
      ...('cancelled' in seen ? { cancelled: { ended: 'rejected', ...learned } } : {}),
    })
  })
})

function asPrivate(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll('"cacheScope":"public"', '"cacheScope":"private"'))
}

describe('through the gateway', () => {
  let gateway: Gateway
  beforeAll(async () => {
    gateway = await startGateway({
      connections: {
        everything: { upstream: { http: { url: String(servers.everything.ready['url']) } } },
        'everything-stdio': { upstream: { stdio: EVERYTHING_STDIO } },
        fixture: { upstream: { http: { url: String(servers.fixture.ready['url']) } } },
      },
    })
  })
  afterAll(() => gateway?.stop())

  it.each(cases)('$client gets from $upstream.connection what it gets without', async ({ client, upstream }) => {
    const target = { url: gateway.url(upstream.connection), token: await gateway.token('alice') }
    const through = await survey(opener(client), target, upstream)
    // What a caller sees depends on who it is, so a shared cache may not keep it (protocol of 2026-07-28, caching).
    expect(JSON.stringify(through)).not.toContain('"cacheScope":"public"')
    expect(through).toEqual(asPrivate(await without(client, upstream)))
  })
})
