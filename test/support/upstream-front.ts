// The least that stands between an HTTP client and an Upstream: no identity, no policy, no record. For tests of upstreams alone.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { GatewayError } from '../../src/base/assert.ts'
import { entryIndex } from '../../src/base/ids.ts'
import { Sealed } from '../../src/base/sealed.ts'
import { Receipt } from '../../src/audit/log.ts'
import { Dispatch } from '../../src/masking/masked.ts'
import type { Decision } from '../../src/policy/decide.ts'
import { Permit } from '../../src/policy/permit.ts'
import type { ClientMessage, Passage } from '../../src/protocol/message.ts'
import { readClientMessage } from '../../src/protocol/read-client.ts'
import type { ForwardHeaders, Upstream, UpstreamReply } from '../../src/upstream/upstream.ts'

const JSON_LIMITS = { depthMax: 64, keysPerObjectMax: 1000, keysMax: 20_000 }
const HOP = /^(?:connection|keep-alive|transfer-encoding)$/
const FORWARDED = /^(?:accept|mcp-.*|last-event-id)$/

export interface Sending {
  readonly sessionId?: string | undefined
  readonly caller?: string
  readonly headers?: ForwardHeaders
  readonly onAbort?: (abort: () => void) => void
}

const ALLOWED: Decision = {
  kind: 'allow',
  rule: 'test',
  matched: ['test'],
  errors: [],
  shadowed: [],
  obligations: { limits: [], masks: [], alerts: [] },
}

/** Sends a passage with a permit and a receipt that nobody gave. */
export function sendPassage(upstream: Upstream, passage: Passage, sending: Sending = {}): Promise<UpstreamReply> {
  const permit = Permit.from(ALLOWED, passage)
  if (permit === undefined) throw new Error('no permit')
  return upstream.send(permit, Receipt.issue('intent', entryIndex(0)), {
    body: 'bytes' in passage ? new Dispatch(passage.bytes) : undefined,
    headers: sending.headers ?? {},
    link: { sessionId: sending.sessionId, caller: sending.caller ?? 'ann' },
    onAbort: sending.onAbort ?? (() => undefined),
  })
}

/** Reads a message as a client would send it. */
export function clientMessage(text: string, headers: Record<string, string> = {}): ClientMessage {
  const message = readClientMessage(new TextEncoder().encode(text), headers, JSON_LIMITS)
  if (message.kind === 'fault') throw new Error(message.message)
  return message
}

export async function startFront(upstream: Upstream) {
  const seen: { method: string; status: number; message: string }[] = []
  const server = createServer((req, res) => {
    void serve(upstream, req, res).then((message) =>
      seen.push({ method: req.method ?? '', status: res.statusCode, message }),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: new URL(`http://127.0.0.1:${address.port}/mcp`),
    /** Every exchange that has ended. */
    seen,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function serve(upstream: Upstream, req: IncomingMessage, res: ServerResponse): Promise<string> {
  try {
    const headers = flat(req)
    const passage = await passageOf(req, headers)
    const reply = await sendPassage(upstream, passage, {
      sessionId: passage.era === 'modern' ? undefined : headers['mcp-session-id'],
      headers: Object.fromEntries(Object.entries(headers).filter(([name]) => FORWARDED.test(name))),
      onAbort: (abort) => res.on('close', () => res.writableFinished || abort()),
    })
    await relay(reply, res)
    return 'method' in passage ? passage.method : passage.kind
  } catch (error) {
    if (!res.headersSent) res.writeHead(error instanceof GatewayError ? 502 : 500)
    res.end(String(error))
    return String(error)
  }
}

async function relay(reply: UpstreamReply, res: ServerResponse): Promise<void> {
  res.writeHead(reply.status, withoutHop(Sealed.open(reply.headers)))
  if (reply.kind === 'body') {
    res.end(Sealed.open(reply.body))
    reply.done()
    return
  }
  res.flushHeaders()
  res.on('close', () => reply.events.close())
  for await (const event of reply.events)
    if (!res.write(Sealed.open(event).raw)) await new Promise((resolve) => res.once('drain', resolve))
  res.end()
}

async function passageOf(req: IncomingMessage, headers: Record<string, string>): Promise<Passage> {
  if (req.method === 'GET') return { kind: 'listen', era: 'legacy', lastEventId: headers['last-event-id'] }
  if (req.method === 'DELETE') return { kind: 'end', era: 'legacy' }
  req.setEncoding('utf8')
  let text = ''
  for await (const chunk of req) text += String(chunk)
  return clientMessage(text, headers)
}

function flat(req: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(req.headers).map(([name, value]) => [name, String(value)]))
}

function withoutHop(headers: ForwardHeaders): ForwardHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP.test(name)))
}
