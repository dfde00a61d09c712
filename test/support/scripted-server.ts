// An MCP server that behaves as the test says, by default well, and remembers everything that reached it.
import { createServer } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { portOf } from './issuer.ts'
import { isRecord } from './process.ts'

export type Message = Readonly<Record<string, unknown>>

export interface Received {
  readonly verb: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly rawHeaders: readonly string[]
  readonly body: string
  /** The body, where it is one JSON object. */
  readonly message: Message | undefined
  /** Its `method`, or the HTTP verb where there is none. */
  readonly method: string
}

/** Answers one request; returns true if it did, else the server answers as a good one would. */
export type Script = (received: Received, response: ServerResponse) => boolean | void

export interface ScriptedServer extends AsyncDisposable {
  readonly url: string
  /** In the order of arrival. */
  readonly received: readonly Received[]
  /** Calls, reads and lists that reached it: everything but the handshake and what belongs to it. */
  reached(): readonly string[]
  /** How it behaves from now on; undefined: well. */
  behave(script?: Script): void
  forget(): void
}

const HANDSHAKE = new Set(['initialize', 'notifications/initialized', 'GET', 'DELETE', 'server/discover'])

/** Starts it on a free loopback port. */
export async function startScriptedServer(first?: Script): Promise<ScriptedServer> {
  let script = first
  const received: Received[] = []
  const server = createServer({ maxHeaderSize: 64 * 1024 }, (request, response) => {
    response.on('error', () => undefined)
    void hear(request, response)
  })
  const hear = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const one = receivedOf(request, await readAll(request))
    received.push(one)
    if (script?.(one, response) !== true) answerWell(one, response)
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${portOf(server.address())}/mcp`,
    received,
    reached: () => received.filter(({ method }) => !HANDSHAKE.has(method)).map(({ method }) => method),
    behave: (next) => {
      script = next
    },
    forget: () => {
      received.length = 0
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function readAll(request: IncomingMessage): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  try {
    for await (const chunk of request) text += decoder.decode(chunk as Uint8Array, { stream: true })
  } catch {
    // The peer broke off: what came is what there is.
  }
  return text
}

function receivedOf(
  { method: verb = '', url: path = '', headers, rawHeaders }: IncomingMessage,
  body: string,
): Received {
  const message = parsed(body)
  const method = typeof message?.['method'] === 'string' ? message['method'] : message === undefined ? verb : '(answer)'
  return { verb, path, headers, rawHeaders, body, message, method }
}

function parsed(body: string): Message | undefined {
  try {
    const value: unknown = JSON.parse(body)
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** Sends one JSON message. */
export function sendJson(
  response: ServerResponse,
  message: unknown,
  headers: Record<string, string> = {},
  status = 200,
): true {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(message))
  return true
}

/** The reply to a request. */
export function replyTo(received: Received, result: Message): Message {
  return { jsonrpc: '2.0', id: received.message?.['id'], result }
}

/** A tool result of one text. */
export function textResult(text: string): Message {
  return { resultType: 'complete', content: [{ type: 'text', text }] }
}

/** Opens an event stream; events are for the caller to write. */
export function openEvents(response: ServerResponse, headers: Record<string, string> = {}): ServerResponse {
  response.writeHead(200, { 'content-type': 'text/event-stream', ...headers }).flushHeaders()
  return response
}

/** One event with a JSON message. */
export function eventOf(message: unknown, fields = ''): string {
  return `${fields}data: ${JSON.stringify(message)}\n\n`
}

export const TOOLS = ['query', 'drop', 'list_users'] as const

function answerWell(received: Received, response: ServerResponse): void {
  const { verb, method, message } = received
  if (verb === 'GET') return void response.writeHead(405).end()
  if (verb === 'DELETE') return void response.writeHead(200).end()
  if (message?.['id'] === undefined || method === '(answer)') return void response.writeHead(202).end()
  const params = isRecord(message['params']) ? message['params'] : {}
  switch (method) {
    case 'initialize': {
      const { protocolVersion } = params
      const result = { protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'scripted', version: '1' } }
      return void sendJson(response, replyTo(received, result), { 'mcp-session-id': crypto.randomUUID() })
    }
    case 'tools/list':
      return void sendJson(
        response,
        replyTo(received, { tools: TOOLS.map((name) => ({ name, inputSchema: { type: 'object' } })) }),
      )
    default:
      return void sendJson(response, replyTo(received, textResult(`${method} ${nameIn(params)}`)))
  }
}

function nameIn({ name }: Message): string {
  return typeof name === 'string' ? name : ''
}
