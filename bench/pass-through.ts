// What a proxy in Node costs at least: `node:http` in, undici `Pool.dispatch` out, bytes untouched, nothing decided, nothing
// recorded. Usage: node bench/pass-through.ts UPSTREAM_URL
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { Pool, type Dispatcher } from 'undici'
import { listen } from './ready.ts'

/** As many connections as the heaviest load opens. */
const CONNECTIONS_MAX = 64

const upstream = new URL(process.argv[2] ?? '')
const pool = new Pool(upstream.origin, { connections: CONNECTIONS_MAX, pipelining: 1 })

listen(createServer({ noDelay: true }, forward))

function forward(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Uint8Array[] = []
  request.on('data', (chunk: Uint8Array) => chunks.push(chunk))
  request.on('end', () => {
    const body = chunks.length === 1 ? chunks[0] : join(chunks)
    const { method = 'GET' } = request
    const headers = kept(request.rawHeaders)
    pool.dispatch({ path: upstream.pathname, method, headers, body: body ?? null }, new Relay(response))
  })
}

/** Headers of one connection stay on it (RFC 9110, 7.6.1). */
const HOP_BY_HOP = new Set(['host', 'connection', 'keep-alive', 'transfer-encoding', 'content-length', 'date'])

function kept(raw: readonly string[]): string[] {
  const headers: string[] = []
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] ?? ''
    if (!HOP_BY_HOP.has(name.toLowerCase())) headers.push(name, raw[at + 1] ?? '')
  }
  return headers
}

function join(chunks: readonly Uint8Array[]): Uint8Array | undefined {
  if (chunks.length === 0) return undefined
  const whole = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}

class Relay implements Dispatcher.DispatchHandler {
  readonly #response: ServerResponse
  constructor(response: ServerResponse) {
    this.#response = response
  }
  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#response.once('close', () => {
      if (!this.#response.writableEnded) controller.abort(new Error('client gone'))
    })
  }
  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    delete headers['connection']
    delete headers['keep-alive']
    delete headers['transfer-encoding']
    this.#response.writeHead(status, headers)
    this.#response.flushHeaders()
  }
  onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    if (this.#response.write(chunk)) return
    controller.pause()
    this.#response.once('drain', () => controller.resume())
  }
  onResponseEnd(): void {
    this.#response.end()
  }
  onResponseError(): void {
    if (this.#response.headersSent) this.#response.destroy()
    else this.#response.writeHead(502).end()
  }
}
