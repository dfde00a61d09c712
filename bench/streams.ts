// What waiting costs: memory of idle streams, and of large replies to clients that read slowly.
import { Agent, request as send, type ClientRequest, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { memoryOf } from './process-cost.ts'
import { table } from './report.ts'
import { startTargets, type Target } from './targets.ts'

export interface StreamsMeasured {
  readonly idle: { readonly streams: number; readonly kibPerStream: number }
  readonly slow: {
    readonly clients: number
    readonly replyMib: number
    readonly peakGrowthMib: number
    readonly seconds: number
  }
}

const KIB = 1024
const MIB = 1024 * KIB
const REPLY_BYTES = 10 * MIB
const SLOW_CLIENTS = 20
/** A slow client takes what the socket gives at once and then rests: 64 KiB in 20 ms are about 3 MiB/s. */
const REST_MS = 20
/** Opened and closed before anything is measured, so that the code is compiled and the pools have their size. */
const WARM_UP_STREAMS = 200
/** Streams that are being opened at the same moment. */
const OPENING = 50
/** The collector of an idle process works some seconds after the last allocation. */
const SETTLE_MS = 12_000
const SETTLED_BYTES = 512 * KIB
const SETTLE_LOOKS_MAX = 20
const SAMPLE_MS = 20

/** Idle streams first, then slow clients, on one gateway. */
export async function measureStreams(tell: (line: string) => void, quick: boolean): Promise<StreamsMeasured> {
  await using targets = await startTargets()
  const gateway = targets.all.find(({ name }) => name === 'sallyport')
  if (gateway === undefined) throw new Error('no gateway to measure')
  const idle = await idleStreams(gateway, quick ? 1000 : 5000, tell)
  const slow = await slowClients(gateway, tell)
  return { idle, slow }
}

/** The report as text. */
export function printedStreams({ idle, slow }: StreamsMeasured): string {
  return table([
    ['memory of the gateway', 'measured', 'aimed at'],
    [`one idle stream (of ${idle.streams}), KiB`, idle.kibPerStream.toFixed(1), '<= 32'],
    [
      `${slow.clients} replies of ${slow.replyMib} MiB to slow clients, peak growth, MiB`,
      slow.peakGrowthMib.toFixed(0),
      `${slow.clients * slow.replyMib} if all were held`,
    ],
  ])
}

async function idleStreams(
  gateway: Target,
  count: number,
  tell: (line: string) => void,
): Promise<StreamsMeasured['idle']> {
  await closeAll(await openStreams(gateway, WARM_UP_STREAMS))
  const before = await settled(gateway.pid)
  tell(`before: ${(before / MIB).toFixed(0)} MiB; opening ${count} streams …`)
  const streams = await openStreams(gateway, count)
  const after = await settled(gateway.pid)
  tell(`with ${count} idle streams: ${(after / MIB).toFixed(0)} MiB`)
  await closeAll(streams)
  return { streams: count, kibPerStream: (after - before) / KIB / count }
}

/** One session and its stream per client, as real clients have. */
async function openStreams(gateway: Target, count: number): Promise<ClientRequest[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: OPENING })
  const streams: ClientRequest[] = []
  let next = 0
  const opener = async (): Promise<void> => {
    while (next++ < count) {
      const session = await openSession(gateway, agent)
      const stream = request(gateway, { method: 'GET', session, accept: 'text/event-stream' })
      stream.end()
      const { statusCode } = await responseOf(stream)
      if (statusCode !== 200) throw new Error(`no stream: ${statusCode}`)
      streams.push(stream)
    }
  }
  await Promise.all(Array.from({ length: OPENING }, opener))
  agent.destroy()
  return streams
}

async function openSession(gateway: Target, agent: Agent): Promise<string> {
  const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'bench', version: '1.0.0' } }
  const opening = request(gateway, { method: 'POST', agent })
  opening.end(JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params }))
  const response = await responseOf(opening)
  const session = response.headers['mcp-session-id']
  const said = await text(response)
  if (typeof session !== 'string') throw new Error(`no session: ${response.statusCode} ${said}`)
  return session
}

async function closeAll(streams: readonly ClientRequest[]): Promise<void> {
  for (const stream of streams) stream.destroy()
  await sleep(500)
}

/** Resident memory once it stays where it is. */
async function settled(pid: number): Promise<number> {
  await sleep(SETTLE_MS)
  let last = memoryOf(pid).now
  for (let look = 0; look < SETTLE_LOOKS_MAX; look++) {
    await sleep(1000)
    const { now } = memoryOf(pid)
    if (Math.abs(now - last) < SETTLED_BYTES) return now
    last = now
  }
  return last
}

async function slowClients(gateway: Target, tell: (line: string) => void): Promise<StreamsMeasured['slow']> {
  const before = await settled(gateway.pid)
  let peak = before
  const sampling = setInterval(() => {
    peak = Math.max(peak, memoryOf(gateway.pid).now)
  }, SAMPLE_MS)
  const began = performance.now()
  await Promise.all(Array.from({ length: SLOW_CLIENTS }, () => readSlowly(gateway)))
  clearInterval(sampling)
  const seconds = (performance.now() - began) / 1000
  tell(`${SLOW_CLIENTS} slow clients had their ${REPLY_BYTES / MIB} MiB after ${seconds.toFixed(1)} s`)
  return { clients: SLOW_CLIENTS, replyMib: REPLY_BYTES / MIB, peakGrowthMib: (peak - before) / MIB, seconds }
}

async function readSlowly(gateway: Target): Promise<void> {
  const agent = new Agent({ keepAlive: true })
  const session = await openSession(gateway, agent)
  const call = request(gateway, { method: 'POST', session, agent })
  call.end(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'big', arguments: {} } }))
  const response = await responseOf(call)
  const bytes = await drain(response, REST_MS)
  agent.destroy()
  if (response.statusCode !== 200 || bytes < REPLY_BYTES)
    throw new Error(`wrong reply: ${response.statusCode}, ${bytes} bytes`)
}

interface RequestOptions {
  readonly method: string
  readonly session?: string
  readonly accept?: string
  readonly agent?: Agent
}

function request(target: Target, { method, session, accept, agent }: RequestOptions): ClientRequest {
  return send(target.url, {
    method,
    agent: agent ?? false,
    headers: {
      'content-type': 'application/json',
      accept: accept ?? 'application/json, text/event-stream',
      ...(target.token === undefined ? {} : { authorization: `Bearer ${target.token}` }),
      ...(session === undefined ? {} : { 'mcp-session-id': session, 'mcp-protocol-version': '2025-06-18' }),
    },
  })
}

function responseOf(sent: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    sent.once('response', resolve)
    // Also hears what happens when we close a stream ourselves; the promise is settled by then.
    sent.on('error', reject)
  })
}

/** Reads to the end, resting after every piece, and gives the number of bytes. */
function drain(response: IncomingMessage, restMs: number): Promise<number> {
  let bytes = 0
  return new Promise((resolve, reject) => {
    response.on('data', (chunk: Uint8Array) => {
      bytes += chunk.length
      response.pause()
      setTimeout(() => response.resume(), restMs)
    })
    response.on('end', () => resolve(bytes))
    response.on('error', reject)
  })
}
