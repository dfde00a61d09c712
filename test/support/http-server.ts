// An HTTP server that behaves as a test wants it to, and a client of ours that talks to it.
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createTcpServer } from 'node:net'
import { decodeUtf8, encodeUtf8 } from '../../src/base/bytes.ts'
import { BufferBudget } from '../../src/transport/buffer-budget.ts'
import { HttpClient, type HttpOptions } from '../../src/transport/http.ts'
import type { HttpReply } from '../../src/transport/http-exchange.ts'

export const MIB = 1_048_576

type Handler = (req: IncomingMessage, res: ServerResponse) => unknown

export async function setUp(
  handler: Handler,
  options: Partial<HttpOptions> = {},
  budget = new BufferBudget(256 * MIB),
) {
  const listener: RequestListener = (req, res) => {
    req.resume()
    void handler(req, res)
  }
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const stop = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return world(server.address(), stop, options, budget)
}

export async function setUpTcp(answer: string) {
  const server = createTcpServer((socket) =>
    socket.on('error', () => undefined).once('data', () => socket.write(answer)),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const stop = async () => void server.close()
  return world(server.address(), stop, {}, new BufferBudget(MIB))
}

function world(address: unknown, server: () => Promise<unknown>, options: Partial<HttpOptions>, budget: BufferBudget) {
  const { port } = address as { port: number }
  const client = new HttpClient(
    {
      url: new URL(`http://127.0.0.1:${port}/mcp`),
      connectMs: 2000,
      firstByteMs: 10_000,
      streamIdleMs: 10_000,
      callTotalMs: 60_000,
      messageBytesMax: 16 * MIB,
      eventBytesMax: 16 * MIB,
      ...options,
    },
    budget,
  )
  return {
    client,
    budget,
    server,
    call,
    post: () => client.postMessage(encodeUtf8('{"jsonrpc":"2.0"}'), call()),
    async [Symbol.asyncDispose]() {
      await client.close()
      await server()
    },
  }
}

export function sse(res: ServerResponse): ServerResponse {
  res.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' }).flushHeaders()
  return res
}

export function streamOf(reply: HttpReply) {
  if (reply.kind !== 'stream') throw new Error('not a stream')
  return reply
}

export function textOf(reply: HttpReply): string {
  if (reply.kind !== 'body') throw new Error('not a body')
  reply.done()
  return decodeUtf8(reply.body)
}

export function everything(error: unknown): string {
  return error instanceof Error
    ? `${error.stack} ${JSON.stringify(error)} ${everything(error.cause)}`
    : JSON.stringify(error ?? '')
}

export const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
export const tick = () => new Promise((resolve) => setImmediate(resolve))

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}

function call() {
  return { headers: { 'content-type': 'application/json' }, onAbort: () => undefined }
}
