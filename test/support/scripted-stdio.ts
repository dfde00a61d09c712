// A server over standard input and output that does what the name of the tool says, and clients' messages for it.
import { Sealed } from '../../src/base/sealed.ts'
import { clientMessage, sendPassage, type Sending } from './upstream-front.ts'
import type { Upstream, UpstreamReply } from '../../src/upstream/upstream.ts'

/** `tools`: text of an object of functions `(message, reply) => …`; `out(message)` and `raw(text)` write. `first` runs at start. */
export function scripted(tools: string, first = ''): string {
  return `
import { createInterface } from 'node:readline'
const raw = (text) => process.stdout.write(text)
const out = (message) => raw(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\\n')
const told = (text) => out({ method: 'notifications/message', params: { level: 'info', data: text } })
const tools = ${tools}
${first}
createInterface({ input: process.stdin }).on('line', (text) => {
  const message = JSON.parse(text)
  const reply = (result) => out({ id: message.id, result })
  if (message.method === 'initialize')
    reply({ protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: 'scripted', version: '1' } })
  else if (message.method === 'tools/call') tools[message.params.name]?.(message, reply)
  else tools[message.method]?.(message, reply)
})
`
}

export const initialize = clientMessage(
  '{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}',
)

export function toolCall(id: number, name: string, progressToken?: number) {
  const meta = progressToken === undefined ? '' : `"_meta":{"progressToken":${progressToken}},`
  return clientMessage(
    `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{${meta}"name":"${name}","arguments":{}}}`,
  )
}

/** Opens a session and returns what sends within it. */
export async function openSession(upstream: Upstream) {
  const opened = await sendPassage(upstream, initialize)
  const sessionId = Sealed.open(opened.headers)['mcp-session-id']
  if (opened.kind === 'body') opened.done()
  const within = (sending: Sending = {}): Sending => ({ sessionId, ...sending })
  return {
    sessionId,
    opened,
    call: (id: number, name: string, progressToken?: number, sending: Sending = {}) =>
      sendPassage(upstream, toolCall(id, name, progressToken), within(sending)),
    say: (text: string) => sendPassage(upstream, clientMessage(text), within()),
    listen: (sending: Sending = {}) =>
      sendPassage(upstream, { kind: 'listen', era: 'legacy', lastEventId: undefined }, within(sending)),
    end: () => sendPassage(upstream, { kind: 'end', era: 'legacy' }, within()),
  }
}

/** The messages of a reply: of a body one, of a stream all until its end. */
export async function messagesOf(reply: UpstreamReply): Promise<Record<string, unknown>[]> {
  if (reply.kind === 'body') {
    const text = new TextDecoder().decode(Sealed.open(reply.body))
    reply.done()
    return text === '' ? [] : [JSON.parse(text) as Record<string, unknown>]
  }
  const messages: Record<string, unknown>[] = []
  for await (const event of reply.events) messages.push(messageOf(Sealed.open(event).data))
  return messages
}

/** The next `count` messages of a stream that stays open. */
export async function nextMessages(reply: UpstreamReply, count: number): Promise<Record<string, unknown>[]> {
  if (reply.kind !== 'stream') throw new Error('not a stream')
  const events = reply.events[Symbol.asyncIterator]()
  const messages: Record<string, unknown>[] = []
  while (messages.length < count) {
    const next = await events.next()
    if (next.done === true) throw new Error('the stream ended')
    messages.push(messageOf(Sealed.open(next.value).data))
  }
  return messages
}

function messageOf(data: Uint8Array | undefined): Record<string, unknown> {
  return JSON.parse(new TextDecoder().decode(data)) as Record<string, unknown>
}
