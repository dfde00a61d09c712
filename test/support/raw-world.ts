// A gateway, and calls to it that are written byte by byte: those that no HTTP client would send.
import { expect } from 'vitest'
import { startGateway } from './gateway.ts'
import type { Gateway } from './gateway.ts'
import { callModern, modern } from './mcp-client.ts'
import { rawRequest } from './raw.ts'
import { startScriptedServer } from './scripted-server.ts'
import type { ScriptedServer } from './scripted-server.ts'

export type Pairs = readonly (readonly [string, string])[]

export const HEADER_RECEIVE_MS = 2000
export const BODY_RECEIVE_MS = 2000

/** A good call, with the id 7. */
export const CALL = modern('tools/call', { name: 'query' }, 7)
export const LENGTH = ['Content-Length', String(CALL.body.length)] as const

export interface RawWorld extends AsyncDisposable {
  readonly gateway: Gateway
  readonly server: ScriptedServer
  /** Headers of a good call, without those that say how long the body is. */
  good(): Pairs
  /** Nobody heard of it, and the next good call passes. */
  expectUnharmed(): Promise<void>
}

/** Two connections to one server, `db` and `other`, and limits that a test need not wait for. */
export async function startRawWorld(): Promise<RawWorld> {
  const server = await startScriptedServer()
  const upstream = { http: { url: server.url } }
  const gateway = await startGateway({
    connections: { db: { upstream }, other: { upstream } },
    config: {
      limits: {
        header_receive: `${HEADER_RECEIVE_MS}ms`,
        body_receive: `${BODY_RECEIVE_MS}ms`,
        request_headers: '16KiB',
        request_header_count: 50,
      },
    },
  })
  const token = await gateway.token('alice')
  return {
    gateway,
    server,
    good: () => [
      ['Host', `127.0.0.1:${gateway.port()}`],
      ['Authorization', `Bearer ${token}`],
      ['Content-Type', 'application/json'],
      ['Accept', 'application/json, text/event-stream'],
      ...Object.entries(CALL.headers),
    ],
    expectUnharmed: async () => {
      expect(server.received).toEqual([])
      const { message } = await callModern({ gateway })
      expect(message).toMatchObject({ result: { content: [{ text: 'tools/call query' }] } })
    },
    [Symbol.asyncDispose]: async () => {
      await gateway.stop()
      await server[Symbol.asyncDispose]()
    },
  }
}

export function request(headers: Pairs, body = CALL.body, startLine = 'POST /mcp/db HTTP/1.1'): string {
  return rawRequest(startLine, headers, body)
}

/** Matches the status of a refusal: 4xx, or none where the connection was closed without a word. */
export const refused: unknown = expect.toSatisfy(
  (status: unknown) => status === undefined || (typeof status === 'number' && status >= 400 && status < 500),
)
