// HTTP/1.1 without an HTTP client: what a well-behaved client refuses to send is sent here byte by byte.
import { Buffer } from 'node:buffer'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** An answer that has not ended after this time is given back as far as it came. */
const READ_MS = 10_000

export interface RawReply {
  /** Every byte that came, as it came. */
  readonly bytes: Buffer
  /** Undefined where nothing came, or nothing that looks like HTTP. */
  readonly status: number | undefined
  /** In the order and spelling of the wire; several of one name stay several. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** The body, chunked transfer coding taken off. */
  readonly body: Buffer
  /** The peer closed the connection. */
  readonly closed: boolean
}

export interface RawConnection {
  readonly socket: Socket
  write(bytes: string | Uint8Array): void
  /** Ends our half; the peer may go on. */
  end(): void
  /** Waits until one whole response is there, or the peer closes, or time is up. Bytes before it are used up. */
  read(timeoutMs?: number): Promise<RawReply>
  /** Waits until what came contains `text`, and leaves it unread. False when the peer closed or time was up before. */
  until(text: string, timeoutMs?: number): Promise<boolean>
  close(): void
}

/** Opens a TCP connection to a loopback port. */
export async function openRaw(port: number, host = '127.0.0.1'): Promise<RawConnection> {
  const socket = connect({ port, host, allowHalfOpen: true })
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve).once('error', reject)
  })
  socket.setNoDelay(true)
  let held = Buffer.alloc(0)
  let closed = false
  socket.on('data', (more: Buffer) => {
    held = Buffer.concat([held, more])
  })
  socket.on('end', () => {
    closed = true
  })
  // A reset is one of the answers a test may want to see: it reads as closed.
  socket.on('error', () => {
    closed = true
  })
  socket.on('close', () => {
    closed = true
  })
  return {
    socket,
    write: (bytes) => void socket.write(bytes),
    end: () => void socket.end(),
    read: async (timeoutMs = READ_MS) => {
      await waitFor(() => closed || responseEnd(held) !== undefined, timeoutMs)
      const end = responseEnd(held) ?? held.length
      const bytes = held.subarray(0, end)
      held = held.subarray(end)
      return { bytes, ...parse(bytes), closed }
    },
    until: async (text, timeoutMs = READ_MS) => {
      await waitFor(() => closed || held.includes(text), timeoutMs)
      return held.includes(text)
    },
    close: () => void socket.destroy(),
  }
}

/** Sends the parts one after the other on a connection of its own, `pauseMs` apart, and reads one response. */
export async function sendRaw(
  port: number,
  parts: string | Uint8Array | readonly (string | Uint8Array)[],
  options: { readonly pauseMs?: number; readonly timeoutMs?: number } = {},
): Promise<RawReply> {
  const connection = await openRaw(port)
  try {
    for (const part of Array.isArray(parts) ? parts : [parts]) {
      connection.write(part)
      if (options.pauseMs !== undefined) await sleep(options.pauseMs)
    }
    return await connection.read(options.timeoutMs)
  } finally {
    connection.close()
  }
}

/** Writes a request as text: exactly these headers in this order, none added. Lines end in CRLF. */
export function rawRequest(
  startLine: string,
  headers: readonly (readonly [name: string, value: string])[],
  body = '',
): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  return `${startLine}\r\n${lines}\r\n${body}`
}

async function waitFor(done: () => boolean, timeoutMs: number): Promise<void> {
  const end = Date.now() + timeoutMs
  while (!done() && Date.now() < end) await sleep(5)
}

const HEAD_END = '\r\n\r\n'

/** Where the first whole response ends; undefined while it is not whole. Interim 1xx responses are responses too. */
function responseEnd(bytes: Buffer): number | undefined {
  const headEnd = bytes.indexOf(HEAD_END)
  if (headEnd < 0) return undefined
  const bodyStart = headEnd + HEAD_END.length
  const { status, headers } = parseHead(bytes.subarray(0, headEnd).toString('latin1'))
  if (status === undefined || status < 200 || status === 204 || status === 304) return bodyStart
  if (valueOf(headers, 'transfer-encoding') === 'chunked') return chunksEnd(bytes, bodyStart)
  const length = valueOf(headers, 'content-length')
  if (length === undefined) return undefined
  const end = bodyStart + Number(length)
  return bytes.length >= end ? end : undefined
}

function chunksEnd(bytes: Buffer, start: number): number | undefined {
  let at = start
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at)
    if (lineEnd < 0) return undefined
    const size = Number.parseInt(bytes.subarray(at, lineEnd).toString('latin1'), 16)
    at = lineEnd + 2 + size + 2
    if (at > bytes.length) return undefined
    if (size === 0) return at
  }
}

function parse(bytes: Buffer): Pick<RawReply, 'status' | 'headers' | 'body'> {
  const headEnd = bytes.indexOf(HEAD_END)
  if (headEnd < 0) return { status: undefined, headers: [], body: Buffer.alloc(0) }
  const { status, headers } = parseHead(bytes.subarray(0, headEnd).toString('latin1'))
  const rest = bytes.subarray(headEnd + HEAD_END.length)
  return { status, headers, body: valueOf(headers, 'transfer-encoding') === 'chunked' ? unchunk(rest) : rest }
}

function parseHead(head: string): Pick<RawReply, 'status' | 'headers'> {
  const [statusLine = '', ...lines] = head.split('\r\n')
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(statusLine)?.[1]
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon), line.slice(colon + 1).trim()]
  })
  return { status: status === undefined ? undefined : Number(status), headers }
}

/** First value of a header, its name without case. */
export function valueOf(headers: RawReply['headers'], name: string): string | undefined {
  return headers.find(([key]) => key.toLowerCase() === name)?.[1]
}

function unchunk(bytes: Buffer): Buffer {
  const parts: Buffer[] = []
  let at = 0
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at)
    const size = lineEnd < 0 ? 0 : Number.parseInt(bytes.subarray(at, lineEnd).toString('latin1'), 16)
    if (!(size > 0)) return Buffer.concat(parts)
    parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size))
    at = lineEnd + 2 + size + 2
  }
}
