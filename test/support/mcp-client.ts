// An MCP client of the plainest kind: what it sends is what the test wrote, and what it gets is kept as it came.
import type { Gateway } from './gateway.ts'
import { isRecord } from './process.ts'
import type { Message } from './scripted-server.ts'

export const LEGACY = '2025-11-25'
export const MODERN = '2026-07-28'

export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The body where it is one JSON object, else the message of the last event. */
  readonly message: Message
}

export interface Where {
  readonly gateway: Gateway
  readonly connection?: string
  readonly person?: string
  readonly token?: string
}

export type Headers_ = Readonly<Record<string, string>>

/** The headers of every good request. */
export async function goodHeaders({ gateway, person = 'alice', token }: Where): Promise<Record<string, string>> {
  return {
    authorization: `Bearer ${token ?? (await gateway.token(person))}`,
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
  }
}

/** Posts a body as it is and reads the answer to its end. */
export async function post(url: string, body: string | Uint8Array<ArrayBuffer>, headers: Headers_): Promise<Reply> {
  return read(await fetch(url, { method: 'POST', body, headers }))
}

export async function read(response: Response): Promise<Reply> {
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, message: messageOf(text) }
}

function messageOf(text: string): Message {
  const last = text.startsWith('{') ? text : /data: ?(\{.*\})\s*$/.exec(text)?.[1]
  if (last === undefined) return {}
  const value: unknown = JSON.parse(last)
  return isRecord(value) ? value : {}
}

export interface LegacySession {
  readonly url: string
  /** Of every request of this session; the id of the session among them. */
  readonly headers: Headers_
  readonly id: string
  ask(method: string, params?: Message, id?: number | string): Promise<Reply>
  call(tool: string, args?: Message): Promise<Reply>
  send(message: Message): Promise<Reply>
}

/** Says hello in the legacy way and gives what follows it. */
export async function openSession(where: Where, version = LEGACY, capabilities: Message = {}): Promise<LegacySession> {
  const url = where.gateway.url(where.connection ?? 'db')
  const base = await goodHeaders(where)
  const hello = await post(url, JSON.stringify(initialize(version, capabilities)), base)
  const id = hello.headers.get('mcp-session-id') ?? ''
  if (hello.status !== 200) throw new Error(`initialize was answered with ${hello.status}: ${hello.text}`)
  const headers = { ...base, 'mcp-protocol-version': version, ...(id === '' ? {} : { 'mcp-session-id': id }) }
  let next = 1
  const send = (message: Message) => post(url, JSON.stringify({ jsonrpc: '2.0', ...message }), headers)
  const ask: LegacySession['ask'] = (method, params = {}, asked) => {
    next += 1
    return send({ id: asked ?? next, method, params })
  }
  await send({ method: 'notifications/initialized' })
  return { url, headers, id, send, ask, call: (name, args = {}) => ask('tools/call', { name, arguments: args }) }
}

export function initialize(version = LEGACY, capabilities: Message = {}, id: number | string = 0): Message {
  const params = { protocolVersion: version, capabilities, clientInfo: { name: 'plain', version: '1.0' } }
  return { jsonrpc: '2.0', id, method: 'initialize', params }
}

/** A request of the modern era, body and the headers that mirror it. */
export function modern(
  method: string,
  params: Message = {},
  id: number | string = 1,
): { body: string; headers: Record<string, string> } {
  const meta = {
    'io.modelcontextprotocol/protocolVersion': MODERN,
    'io.modelcontextprotocol/clientCapabilities': {},
    'io.modelcontextprotocol/clientInfo': { name: 'plain', version: '1.0' },
    ...(isRecord(params['_meta']) ? params['_meta'] : {}),
  }
  const body = JSON.stringify({ jsonrpc: '2.0', id, method, params: { ...params, _meta: meta } })
  const name = params['name'] ?? params['uri'] ?? params['taskId']
  const named = typeof name === 'string' ? { 'mcp-name': name } : {}
  return { body, headers: { 'mcp-protocol-version': MODERN, 'mcp-method': method, ...named } }
}

/** A good modern call, to see that the gateway lives on. */
export async function callModern(where: Where, tool = 'query', args: Message = {}): Promise<Reply> {
  const { body, headers } = modern('tools/call', { name: tool, arguments: args })
  return post(where.gateway.url(where.connection ?? 'db'), body, { ...(await goodHeaders(where)), ...headers })
}
