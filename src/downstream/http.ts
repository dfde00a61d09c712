import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { GatewayError } from '../base/assert.ts'
import { clock } from '../base/clock.ts'
import { type Body, readBody } from './body.ts'
import { type Exchange, HttpExchange } from './exchange.ts'
import { type ClientHeaders, readHeaders } from './headers.ts'
import { KeepAlive } from './keep-alive.ts'
import { checkOrigin, type Names } from './origin.ts'
import { preflight } from './preflight.ts'
import { errorPage, type Page } from './page.ts'

/** One request to the MCP endpoint of a connection: names and headers are read, the body is not. */
export interface Arrival {
  readonly method: 'POST' | 'GET' | 'DELETE'
  readonly connection: string
  readonly headers: ClientHeaders
  readonly authorization: string | undefined
  /** Address of the peer; what proxies claim in headers is not believed. */
  readonly address: string
  readBody(bytesMax: number): Promise<Body>
}

/** One request to the API, or to a page of it: its headers are read. */
export interface ApiRequest {
  readonly method: string
  readonly path: string
  /** What stands behind the question mark. */
  readonly query: string
  readonly headers: ClientHeaders
  readonly authorization: string | undefined
  readonly address: string
  readBody(bytesMax: number): Promise<Body>
}

/** How an open stream goes on. Whoever opened it has returned by then: an idle stream holds nothing of its opening. */
export type GoOn = () => Promise<void>

export interface HttpLimits {
  readonly headerBytesMax: number
  readonly headersMax: number
  readonly headersTimeoutMs: number
  readonly requestTimeoutMs: number
  readonly keepAliveQuietMs: number
  /** How long a client may take nothing of an answer that is ready for it. */
  readonly clientStallMs: number
  readonly socketsMax: number
}

export interface HttpOptions {
  readonly host: string
  readonly port: number
  readonly names: Names
  readonly limits: HttpLimits
  /** Carries one arrival to its end, or to an open stream. What it throws ends the exchange without data. */
  readonly arrive: (arrival: Arrival, exchange: Exchange) => Promise<GoOn | undefined>
  /** Everything that is not an MCP endpoint: health, metadata. Undefined: no such page. */
  readonly page: (path: string) => Page | undefined
  /** Answers below /api/v1/ and /approvals. */
  readonly api: (request: ApiRequest) => Promise<Page>
  readonly onBug: (error: unknown) => void
}

export interface HttpListener {
  readonly port: number
  readonly keepAlive: KeepAlive
  /** Stops accepting, ends what is open, and resolves when the last socket is closed. */
  close(): Promise<void>
}

/** Opens the listener that clients connect to. Throws if the address cannot be bound. */
export async function listenHttp(options: HttpOptions): Promise<HttpListener> {
  const { limits } = options
  const keepAlive = new KeepAlive(limits.keepAliveQuietMs)
  const server = createServer(
    {
      noDelay: true,
      keepAlive: true,
      maxHeaderSize: limits.headerBytesMax,
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      connectionsCheckingInterval: Math.min(1000, limits.headersTimeoutMs),
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    },
    (request, response) => void meet(request, response, options),
  )
  server.maxHeadersCount = limits.headersMax
  server.maxConnections = limits.socketsMax
  // A protocol switch is not ours to offer; node would otherwise leave the socket to nobody.
  server.on('upgrade', (_request, socket) => socket.destroy())
  await bind(server, options)
  keepAlive.start()
  return { port: portOf(server), keepAlive, close: () => close(server, keepAlive) }
}

/** Longer than the usual 60 s of proxies and clients, so that they and not we end an idle connection. */
const KEEP_ALIVE_TIMEOUT_MS = 75_000

async function meet(request: IncomingMessage, response: ServerResponse, options: HttpOptions): Promise<void> {
  const exchange = new HttpExchange(response, { nowMs: clock.nowMs(), stallMs: options.limits.clientStallMs })
  try {
    const goOn = await begin(request, exchange, options)
    await goOn?.()
  } catch (bug) {
    options.onBug(bug)
    if (exchange.state === 'waiting') void exchange.answer(500, ['Connection', 'close'])
    else exchange.drop()
  }
}

async function begin(request: IncomingMessage, exchange: Exchange, options: HttpOptions): Promise<GoOn | undefined> {
  const admitted = admit(request, options)
  if ('connection' in admitted) return options.arrive(admitted, exchange)
  if ('query' in admitted) {
    const page = await options.api(admitted)
    await exchange.answer(page.status, page.headers, page.body)
    return undefined
  }
  void exchange.answer(admitted.status, admitted.headers, admitted.body)
  return undefined
}

/** The checks that need no caller, in order; returns a page to answer with where one fails. */
function admit(request: IncomingMessage, options: HttpOptions): Arrival | ApiRequest | Page {
  // Node reads a start line without a version as HTTP/0.9, and headers behind it; that version has none.
  if (Number(request.httpVersion) < 1) return errorPage(400, 'Use HTTP/1.1.')
  const read = readHeaders(request.rawHeaders)
  if (read.kind === 'twice') return errorPage(400, `The header ${read.name} came twice. Send it once.`)
  const { headers, authorization } = read
  forgetHeaders(request)
  const verdict = checkOrigin(headers['host'], headers['origin'], options.names)
  if (verdict.kind === 'bad_host')
    return errorPage(403, 'This gateway does not answer to that Host. Add it to allowed_hosts.')
  if (verdict.kind === 'bad_origin')
    return errorPage(403, 'Pages of this Origin may not call. Add it to allowed_origins.')
  const path = pathOf(request.url)
  const address = request.socket.remoteAddress ?? ''
  if (isApi(path))
    return {
      method: request.method ?? '',
      path,
      query: queryOf(request.url),
      headers,
      authorization,
      address,
      readBody: (bytesMax) => readBody(request, headers['content-length'], bytesMax),
    }
  const connection = connectionOf(path)
  if (connection === undefined)
    return options.page(path) ?? errorPage(404, 'No such page. MCP endpoints are /mcp/<connection>.')
  const { method } = request
  if (method === 'OPTIONS') return preflight(headers)
  if (!isMcpMethod(method)) return errorPage(405, 'Use POST, GET or DELETE.', ['Allow', 'POST, GET, DELETE'])
  return {
    method,
    connection,
    headers,
    authorization,
    address,
    readBody: (bytesMax) => readBody(request, headers['content-length'], bytesMax),
  }
}

function isMcpMethod(method: string | undefined): method is Arrival['method'] {
  return method === 'POST' || method === 'GET' || method === 'DELETE'
}

/** Node keeps a request as long as its answer is open, and the token in it is as long as all the rest of a stream's text. */
function forgetHeaders(request: IncomingMessage): void {
  request.rawHeaders = []
  request.headers = {}
}

function pathOf(url: string | undefined): string {
  const text = url ?? '/'
  const query = text.indexOf('?')
  return query < 0 ? text : text.slice(0, query)
}

function queryOf(url = ''): string {
  const query = url.indexOf('?')
  return query < 0 ? '' : url.slice(query + 1)
}

/** What has an answer of its own, and may ask for a body: the API, and the page of approvals. */
function isApi(path: string): boolean {
  return path.startsWith(API) || path === APPROVALS || path.startsWith(`${APPROVALS}/`)
}

const API = '/api/v1/'
const APPROVALS = '/approvals'
const PREFIX = '/mcp/'
// Compared as written, never decoded: `/mcp/%64b` is no other spelling of `/mcp/db`, so no rule can be walked around by one.
const CONNECTION_NAME = /^[a-z0-9][a-z0-9-]{0,62}$/

function connectionOf(path: string): string | undefined {
  if (!path.startsWith(PREFIX)) return undefined
  const name = path.slice(PREFIX.length)
  return CONNECTION_NAME.test(name) ? name : undefined
}

function bind(server: Server, { host, port }: HttpOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (cause: NodeJS.ErrnoException): void => {
      const why = cause.code === 'EADDRINUSE' ? 'another program has it' : (cause.code ?? cause.message)
      reject(new GatewayError('config_invalid', `Cannot listen on ${host}:${port}: ${why}. Change listen.`, { cause }))
    }
    server.once('error', fail)
    server.listen(port, host, () => {
      server.off('error', fail)
      resolve()
    })
  })
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

function close(server: Server, keepAlive: KeepAlive): Promise<void> {
  keepAlive.stop()
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
