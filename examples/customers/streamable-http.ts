// Serves an SDK server over Streamable HTTP on the loopback interface, both eras on one endpoint: requests of 2026-07-28
// are answered each by a fresh instance, older clients get a session.
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, Server } from 'node:http'
import { localhostHostValidation, localhostOriginValidation, toNodeHandler } from '@modelcontextprotocol/node'
import {
  createMcpHandler,
  isInitializeRequest,
  isLegacyRequest,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server'
import type { EventStore, McpServer, ServerNotifier } from '@modelcontextprotocol/server'

/** A session nobody ends would stay for ever: the oldest goes when there are more than this. */
const SESSIONS_MAX = 1000

/** Makes the server for one request (modern) or one session (legacy). `request` shows the headers it came with. */
export type MakeServer = (about: {
  readonly request: Request | undefined
  readonly changed: ServerNotifier
}) => McpServer

export interface ServeOptions {
  readonly makeServer: MakeServer
  /** 0: a free one. */
  readonly port: number
  /** Legacy sessions become resumable: one event store per session, and what SSE clients are told to wait. */
  readonly resumable?: { readonly makeEventStore: () => EventStore; readonly retryMs: number }
}

export interface Serving {
  /** `http://127.0.0.1:PORT/mcp`. */
  readonly url: string
  readonly close: () => Promise<void>
}

/** Listens on 127.0.0.1 and answers on `/mcp`. Foreign `Host` and `Origin` headers are refused (DNS rebinding). */
export async function serveStreamableHttp(options: ServeOptions): Promise<Serving> {
  const modern = createMcpHandler(
    (context) => options.makeServer({ request: context.requestInfo, changed: modern.notify }),
    { legacy: 'reject' },
  )
  const sessions = new Map<string, WebStandardStreamableHTTPServerTransport>()
  const answer = toNodeHandler({
    fetch: async (request) =>
      (await isLegacyRequest(request)) ? legacy(request, sessions, options, modern.notify) : modern.fetch(request),
  })
  const hostIsLocal = localhostHostValidation()
  const originIsLocal = localhostOriginValidation()
  const http = createServer((request, response) => {
    if (!hostIsLocal(request, response) || !originIsLocal(request, response)) return
    if (isServed(request) && new URL(request.url, 'http://localhost').pathname === '/mcp') {
      void answer(request, response)
    } else {
      response.writeHead(404).end()
    }
  })
  const port = await listen(http, options.port)
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    close: async () => {
      await Promise.all([...sessions.values()].map((session) => session.close()))
      await modern.close()
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
    },
  }
}

/** Node's type says that a request may lack these; one that a server got has both. */
function isServed(request: IncomingMessage): request is IncomingMessage & { method: string; url: string } {
  return typeof request.method === 'string' && typeof request.url === 'string'
}

type Sessions = Map<string, WebStandardStreamableHTTPServerTransport>

async function legacy(
  request: Request,
  sessions: Sessions,
  options: ServeOptions,
  changed: ServerNotifier,
): Promise<Response> {
  const id = request.headers.get('mcp-session-id')
  if (id !== null) {
    const known = sessions.get(id)
    if (known === undefined) return refuse(404, -32_001, 'Session not found')
    const response = await known.handleRequest(request)
    return request.method === 'GET' ? begun(response) : response
  }
  const body: unknown =
    request.method === 'POST'
      ? await request
          .clone()
          .json()
          .catch(() => undefined)
      : undefined
  if (!isInitializeRequest(body)) return refuse(400, -32_000, 'Bad Request: initialize first, then send Mcp-Session-Id')
  const session = await openSession(sessions, options, request, changed)
  return session.handleRequest(request)
}

/**
 * The headers of a stream leave with its first bytes, and its first event may come long after a client opened it and waits to
 * see it open. So the stream begins with a comment.
 */
function begun(response: Response): Response {
  const { body, headers } = response
  if (body === null || headers.get('content-type') !== 'text/event-stream') return response
  const first = new TransformStream<Uint8Array, Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode(': open\n\n')),
  })
  return new Response(body.pipeThrough(first), response)
}

async function openSession(
  sessions: Sessions,
  options: ServeOptions,
  request: Request,
  changed: ServerNotifier,
): Promise<WebStandardStreamableHTTPServerTransport> {
  const session = new WebStandardStreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: (id) => void sessions.set(id, session),
    onsessionclosed: (id) => void sessions.delete(id),
    ...(options.resumable === undefined
      ? {}
      : { eventStore: options.resumable.makeEventStore(), retryInterval: options.resumable.retryMs }),
  })
  const [oldest] = sessions.size >= SESSIONS_MAX ? sessions : []
  if (oldest !== undefined) {
    sessions.delete(oldest[0])
    await oldest[1].close()
  }
  await options.makeServer({ request, changed }).connect(session)
  return session
}

function refuse(status: number, code: number, message: string): Response {
  return Response.json({ jsonrpc: '2.0', id: null, error: { code, message } }, { status })
}

async function listen(http: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject)
    http.listen(port, '127.0.0.1', resolve)
  })
  const address = http.address()
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on a TCP port')
  return address.port
}
