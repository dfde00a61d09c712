// A server that lies, and what it says.
import { expect } from 'vitest'
import { startGateway } from './gateway.ts'
import type { Gateway } from './gateway.ts'
import { callModern } from './mcp-client.ts'
import type { Reply } from './mcp-client.ts'
import { eventOf, openEvents, replyTo, sendJson, startScriptedServer, textResult } from './scripted-server.ts'
import type { Received, Script, ScriptedServer } from './scripted-server.ts'

/** What a call of the connection `db` may take in all. */
export const TOTAL_MS = 4000

export interface HostileWorld extends AsyncDisposable {
  readonly gateway: Gateway
  readonly server: ScriptedServer
  /** Where the server would like others to go. */
  readonly elsewhere: ScriptedServer
  /** The server behaves again: a good call passes, and the gateway found no bug in itself. */
  expectUnharmed(): Promise<void>
}

/** One server behind two connections: `db` with narrow limits, `wide` with those of every day. */
export async function startHostileWorld(): Promise<HostileWorld> {
  const server = await startScriptedServer()
  const elsewhere = await startScriptedServer()
  const upstream = { http: { url: server.url } }
  const limits = {
    reply_body: '512KiB',
    stream_event: '256KiB',
    upstream_first_byte: '1500ms',
    upstream_stream_idle: '2s',
    upstream_total: `${TOTAL_MS}ms`,
  }
  const gateway = await startGateway({ connections: { db: { upstream, limits }, wide: { upstream } } })
  return {
    gateway,
    server,
    elsewhere,
    expectUnharmed: async () => {
      server.behave()
      const { message } = await callModern({ gateway })
      expect(message).toMatchObject({ result: { content: [{ text: 'tools/call query' }] } })
      expect(gateway.process().stderr()).not.toContain('"bug"')
    },
    [Symbol.asyncDispose]: async () => {
      await gateway.stop()
      await server[Symbol.asyncDispose]()
      await elsewhere[Symbol.asyncDispose]()
    },
  }
}

/** Stands in everything that must not pass. */
export const LOOT = 'made-up-loot'

/** Answers with this body. */
export const body = (
  text: string,
  headers: Record<string, string> = { 'content-type': 'application/json' },
  status = 200,
): Script => {
  return (_, response) => {
    response.writeHead(status, headers).end(text)
    return true
  }
}
export const json =
  (make: (received: Received) => unknown): Script =>
  (received, response) =>
    sendJson(response, make(received))
export const events =
  (write: (received: Received) => string): Script =>
  (received, response) => {
    openEvents(response).end(write(received))
    return true
  }
/** Writes the answer itself, byte by byte, below HTTP. */
export const bytes =
  (write: (received: Received) => string): Script =>
  (received, response) => {
    response.socket?.end(Uint8Array.from(write(received), (letter) => letter.charCodeAt(0)))
    return true
  }

/** An error with the id of the request and a sentence, and no byte of the server's. */
export function expectFailed(reply: Reply, status = 502): void {
  expect({ status: reply.status, message: reply.message }).toMatchObject({
    status,
    message: { id: 1, error: { code: -31_502, message: expect.stringMatching(/\w+ \w+ \w+/) } },
  })
  expectNoLoot(reply)
}

export function expectNoLoot({ text, headers }: Reply): void {
  expect(`${text}${JSON.stringify([...headers])}`).not.toContain(LOOT)
}

/** A result that must not pass. */
export const result = { content: [{ type: 'text', text: LOOT }] }
/** The event that a good server would send. */
export const good = (received: Received): string => eventOf(replyTo(received, textResult('good')))

/** An answer with a JSON body, as bytes. */
export function http(text: string, length = text.length): string {
  return `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n${text}`
}

/** Writes the same again and again until the connection is gone. */
export function drip(response: Parameters<Script>[1], what: () => string): void {
  const timer = setInterval(() => response.write(what()), 100)
  response.on('close', () => clearInterval(timer))
}
