// Calls that need approval, as plain clients of both eras make them: what they send, how they come back, and what they are told.
import type { Gateway } from './gateway.ts'
import { goodHeaders, LEGACY, modern, post, type Reply } from './mcp-client.ts'
import { isRecord } from './process.ts'
import type { Message } from './scripted-server.ts'

export interface HeldCall {
  readonly gateway: Gateway
  readonly tool: string
  readonly args: Message
  readonly person?: string
  readonly id?: number
  readonly signal?: AbortSignal
  /** Laid over the params. */
  readonly params?: Message
}

/** One request of the modern era, and what it is answered. */
export async function askModern({ gateway, tool, args, person = 'alice', id = 1, params }: HeldCall): Promise<Reply> {
  const { body, headers } = modern('tools/call', { name: tool, arguments: args, ...params }, id)
  return post(gateway.url('db'), body, { ...(await goodHeaders({ gateway, person })), ...headers })
}

/** The same as SDK clients do it: they come back for as long as they are told to, ten times at most. */
export async function driveModern(call: HeldCall): Promise<Reply> {
  let state: unknown
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const reply = await askModern({ ...call, params: state === undefined ? {} : { requestState: state } })
    if (resultOf(reply)['resultType'] !== 'input_required') return reply
    state = resultOf(reply)['requestState']
  }
  throw new Error('told to come back too often')
}

const ROUNDS_MAX = 10

/** One request of the legacy era, outside of a session. */
export async function askLegacy({ gateway, tool, args, person = 'alice', id = 1, ...more }: HeldCall): Promise<Reply> {
  const body = JSON.stringify({
    jsonrpc: '2.0',
    id,
    method: 'tools/call',
    params: { name: tool, arguments: args, ...more.params },
  })
  const headers = { ...(await goodHeaders({ gateway, person })), 'mcp-protocol-version': LEGACY }
  const response = await fetch(gateway.url('db'), { method: 'POST', body, headers, signal: more.signal ?? null })
  const text = await response.text()
  const last = /data: ?(\{.*\})\s*$/.exec(text)?.[1] ?? text
  const message: unknown = JSON.parse(last)
  return { status: response.status, headers: response.headers, text, message: isRecord(message) ? message : {} }
}

export function resultOf({ message }: Reply): Message {
  const { result } = message
  return isRecord(result) ? result : {}
}

/** The text of a tool result. */
export function textOf(reply: Reply): string {
  const { content } = resultOf(reply)
  const first: unknown = Array.isArray(content) ? content[0] : undefined
  return isRecord(first) && typeof first['text'] === 'string' ? first['text'] : ''
}

/** The approval that a pending answer names. */
export function pendingId(reply: Reply): string {
  const id = /APPROVAL PENDING \(id ([^)]+)\)/.exec(textOf(reply))?.[1]
  if (id === undefined) throw new Error(`not a pending answer: ${reply.text}`)
  return id
}
