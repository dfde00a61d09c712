// Stands before the gateway for clients that cannot present a token: adds `Authorization` and changes nothing else.
// `Host` and `Origin` pass as they came, so that judging them stays the gateway's task.
import { Agent, createServer, request as send } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { portOf } from './issuer.ts'

export interface TokenFront {
  /** The target's URL, at the front's origin. */
  readonly url: string
  close(): Promise<void>
}

/** Relays everything on a free loopback port to the target's origin, path unchanged, both bodies streamed as they come. */
export async function startTokenFront(target: string, token?: string): Promise<TokenFront> {
  const { hostname, port, pathname } = new URL(target)
  const agent = new Agent({ keepAlive: true })
  const server = createServer((request, response) => {
    const headers = [...request.rawHeaders, ...(token === undefined ? [] : ['Authorization', `Bearer ${token}`])]
    const { method, url: path } = request
    relay(request, response, send({ agent, hostname, port, method, path, headers, setHost: false }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${portOf(server.address())}${pathname}`,
    close: async () => {
      agent.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function relay(request: IncomingMessage, response: ServerResponse, out: ReturnType<typeof send>): void {
  request.pipe(out)
  out.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, answer.rawHeaders)
    response.flushHeaders()
    answer.pipe(response)
    // A stream that breaks on one side must not look finished on the other.
    answer.on('error', () => response.destroy())
  })
  out.on('error', () => response.destroy())
  // The client went: in the modern era this is a cancel, and the gateway must see it.
  response.on('close', () => out.destroy())
}
