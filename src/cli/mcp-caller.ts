import { GatewayError } from '../base/assert.ts'
import { isObject, type JsonObject, parseJson, stringifyJson } from '../base/json.ts'
import type { Caller } from './replay-against.ts'

export interface CallerOptions {
  /** The connection's address at the gateway: `http://127.0.0.1:7070/mcp/db`. */
  readonly url: string
  /** An access token of whoever looks: it is with that person's rights. */
  readonly token: string
  /** Era of the recorded session, which the server is known to speak. */
  readonly era: string | undefined
  readonly timeoutMs: number
}

const LEGACY = '2025-11-25'
const MODERN = '2026-07-28'
const CLIENT = { name: 'sallyport-replay', version: '1' }

/** The plainest client: one session where the era has some, one request for each call. */
export async function openCaller(options: CallerOptions): Promise<Caller> {
  const headers = {
    authorization: `Bearer ${options.token}`,
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
  }
  if (options.era === 'modern') return modernCaller(options, headers)
  const hello = { protocolVersion: LEGACY, capabilities: {}, clientInfo: CLIENT }
  const answer = await post(options, headers, request('initialize', hello, 0))
  const id = answer.headers.get('mcp-session-id')
  const session = { ...headers, 'mcp-protocol-version': LEGACY, ...(id === null ? {} : { 'mcp-session-id': id }) }
  await post(options, session, { jsonrpc: '2.0', method: 'notifications/initialized' })
  let next = 0
  return {
    call: async (params) => {
      next += 1
      return (await post(options, session, request('tools/call', params, next))).text
    },
  }
}

function modernCaller(options: CallerOptions, headers: Readonly<Record<string, string>>): Caller {
  const prefix = 'io.modelcontextprotocol/'
  const meta = {
    [`${prefix}protocolVersion`]: MODERN,
    [`${prefix}clientCapabilities`]: {},
    [`${prefix}clientInfo`]: CLIENT,
  }
  return {
    call: async (params) => {
      const name = typeof params['name'] === 'string' ? params['name'] : ''
      const mirrored = { ...headers, 'mcp-protocol-version': MODERN, 'mcp-method': 'tools/call', 'mcp-name': name }
      return (await post(options, mirrored, request('tools/call', { ...params, _meta: meta }, 1))).text
    },
  }
}

function request(method: string, params: JsonObject, id: number): JsonObject {
  return { jsonrpc: '2.0', id, method, params }
}

async function post(
  { timeoutMs, url }: CallerOptions,
  headers: Readonly<Record<string, string>>,
  message: JsonObject,
): Promise<{ readonly headers: Headers; readonly text: string }> {
  const response = await fetch(url, {
    method: 'POST',
    headers,
    body: stringifyJson(message),
    signal: AbortSignal.timeout(timeoutMs),
    redirect: 'error',
  }).catch((cause: unknown) => {
    throw new GatewayError('upstream_unreachable', `The gateway at ${url} does not answer.`, { cause })
  })
  const body = await response.text()
  if (!response.ok)
    throw new GatewayError('upstream_protocol', `The gateway at ${url} answered with status ${response.status}.`)
  const text = response.headers.get('content-type')?.startsWith('text/event-stream') === true ? lastReply(body) : body
  return { headers: response.headers, text }
}

/** Of an event stream the message that answers. */
function lastReply(body: string): string {
  const replies = scanEvents(body).filter((data) => {
    const message = parseJson(data)
    return isObject(message) && ('result' in message || 'error' in message)
  })
  const reply = replies.at(-1)
  if (reply === undefined) throw new Error('the stream ended without a reply')
  return reply
}

/** The data of each event of a whole stream (HTML, 9.2.6); events without data are none. */
function scanEvents(stream: string): readonly string[] {
  return stream
    .split(/\r\n\r\n|\n\n|\r\r/)
    .map((event) =>
      event
        .split(/\r\n|\n|\r/)
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice('data:'.length).replace(/^ /, ''))
        .join('\n'),
    )
    .filter((data) => data !== '')
}
