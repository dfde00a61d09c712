import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createHash } from 'node:crypto'
import { concat } from '../base/bytes.ts'
import type { Witness } from './witness.ts'

/** A request has 63 proof lines and some signatures at most; one with ML-DSA-44 has 3.2 KiB. */
const BODY_BYTES_MAX = 128 * 1024
/** A stranger that sends slowly holds a socket no longer. */
const REQUEST_MS = 10_000
const SOCKETS_MAX = 256

export interface WitnessServer {
  readonly url: string
  close(): Promise<void>
}

export interface WitnessServerOptions {
  readonly host: string
  readonly port: number
  readonly witness: Witness
  readonly onBug: (error: unknown) => void
}

/** `POST /add-checkpoint` and `GET /<sha256 of origin>/checkpoint`. Throws if the address cannot be bound. */
export async function listenWitness(options: WitnessServerOptions): Promise<WitnessServer> {
  const server = createServer(
    { requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS, connectionsCheckingInterval: 1000, keepAlive: true },
    (request, response) => {
      meet(request, response, options.witness).catch((bug: unknown) => {
        options.onBug(bug)
        // Whatever went wrong, nothing was cosigned: the answer is made last.
        if (response.headersSent) response.destroy()
        else answer(response, 500, 'the witness failed; try again\n')
      })
    },
  )
  server.maxConnections = SOCKETS_MAX
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, resolve)
  })
  return { url: urlOf(server, options.host), close: () => close(server) }
}

async function meet(request: IncomingMessage, response: ServerResponse, witness: Witness): Promise<void> {
  const path = (request.url ?? '').split('?')[0] ?? ''
  if (path === '/add-checkpoint') return addCheckpoint(request, response, witness)
  const wanted = /^\/([0-9a-f]{64})\/checkpoint$/.exec(path)?.[1]
  if (wanted === undefined)
    return answer(response, 404, 'there is /add-checkpoint and /<sha256 of origin>/checkpoint\n')
  if (request.method !== 'GET') return answer(response, 405, 'use GET\n', { allow: 'GET' })
  const origin = witness.origins.find((one) => createHash('sha256').update(one).digest('hex') === wanted)
  const note = origin === undefined ? undefined : witness.checkpoint(origin)
  if (note === undefined) return answer(response, 404, 'no head of such a log was cosigned here\n')
  answer(response, 200, note)
}

async function addCheckpoint(request: IncomingMessage, response: ServerResponse, witness: Witness): Promise<void> {
  if (request.method !== 'POST') return answer(response, 405, 'use POST\n', { allow: 'POST' })
  const body = await readBody(request)
  if (body === undefined) return answer(response, 413, 'the request is too long\n', { connection: 'close' })
  const answered = witness.addCheckpoint(body)
  switch (answered.kind) {
    case 'cosigned':
      return answer(response, 200, answered.lines)
    case 'stale':
      return answer(response, 409, `${answered.size}\n`, { 'content-type': 'text/x.tlog.size' })
    case 'refused':
      return answer(response, answered.status, `${answered.why}\n`)
  }
}

/** Undefined: there is more than anybody needs to send. */
async function readBody(request: IncomingMessage): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of request) {
    if (!(chunk instanceof Uint8Array)) continue
    bytes += chunk.length
    if (bytes > BODY_BYTES_MAX) return undefined
    chunks.push(chunk)
  }
  return concat(chunks)
}

function answer(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers })
  response.end(text)
}

function urlOf(server: Server, host: string): string {
  const address: AddressInfo | string | null = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return `http://${host.includes(':') ? `[${host}]` : host}:${port ?? 0}`
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeAllConnections()
  await closed
}
