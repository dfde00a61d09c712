import { spawn } from 'node:child_process'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { describe, expect, it } from 'vitest'
import { initialize, messagesOf } from '../../test/support/scripted-stdio.ts'
import { EVERYTHING } from '../../test/support/stdio-upstream.ts'
import { clientMessage, sendPassage, startFront } from '../../test/support/upstream-front.ts'
import { Sealed } from '../base/sealed.ts'
import { BufferBudget } from '../transport/buffer-budget.ts'
import { DirectHttp } from './direct-http.ts'

const MIB = 1_048_576

describe('a call to a server over HTTP', () => {
  it('brings what the gateway lets through, the session and the credential, and nothing of the client that is secret', async () => {
    await using world = await setUp({ credentials: { Authorization: 'Bearer for-the-server', 'x-api-key': 'k' } })
    const headers = {
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2025-11-25',
      authorization: 'Bearer of-the-client',
      cookie: 'a=b',
      'proxy-authorization': 'Basic eA==',
      'mcp-session-id': 'of-another',
      'x-api-key': 'chosen-by-the-client',
    }
    await sendPassage(world.upstream, initialize, { headers, sessionId: 'mine' })
    const [seen] = world.seen
    expect(seen).toMatchObject({
      method: 'POST',
      headers: {
        accept: 'application/json, text/event-stream',
        'accept-encoding': 'identity',
        authorization: 'Bearer for-the-server',
        'content-type': 'application/json',
        'mcp-protocol-version': '2025-11-25',
        'mcp-session-id': 'mine',
        'x-api-key': 'k',
        host: world.url.host,
      },
    })
    expect(JSON.stringify(seen)).not.toMatch(/of-the-client|a=b|eA==|of-another|chosen-by/)
  })

  it('sends the very bytes that were recorded', async () => {
    await using world = await setUp({})
    const text = '{ "jsonrpc":"2.0", "id":12345678901234567890, "method":"ping","params":{"n":1.0} }'
    await sendPassage(world.upstream, clientMessage(text))
    expect(world.seen[0]?.body).toBe(text)
  })

  it('shows neither reply, nor its headers, nor its events by accident', async () => {
    await using world = await setUp({ reply: '{"secret":"of-the-server"}' })
    const reply = await sendPassage(world.upstream, initialize)
    expect(JSON.stringify(reply)).not.toContain('of-the-server')
    expect(JSON.stringify(reply)).not.toContain('x-from')
    expect(JSON.stringify(await messagesOf(reply))).toContain('of-the-server')
    expect(Sealed.open(reply.headers)['x-from']).toBe('server')
    expect(world.budget.heldBytes).toBe(0)
  })

  it('is a GET to listen and a DELETE to end', async () => {
    await using world = await setUp({})
    await sendPassage(
      world.upstream,
      { kind: 'listen', era: 'legacy', lastEventId: '7' },
      { sessionId: 's', headers: { 'last-event-id': '7' } },
    )
    await sendPassage(world.upstream, { kind: 'end', era: 'legacy' }, { sessionId: 's' })
    expect(world.seen).toMatchObject([
      { method: 'GET', headers: { 'last-event-id': '7', 'mcp-session-id': 's' }, body: '' },
      { method: 'DELETE', headers: { 'mcp-session-id': 's' }, body: '' },
    ])
    expect(world.seen[0]?.headers).not.toHaveProperty('content-type')
  })

  it('goes nowhere without a receipt', async () => {
    await using world = await setUp({})
    const permit = { passage: initialize, rule: 'none' }
    const nothing = {
      body: undefined,
      headers: {},
      link: { sessionId: undefined, caller: 'ann' },
      onAbort: () => undefined,
    }
    // @ts-expect-error a look-alike is no permit, and an object no receipt
    await expect(world.upstream.send(permit, { kind: 'intent', index: 0 }, nothing)).rejects.toThrow(TypeError)
    expect(world.seen).toEqual([])
  })

  it('fails when the credential cannot be read, before anything is sent', async () => {
    await using world = await setUp({})
    const locked = new DirectHttp(httpOptions(world.url), world.budget, {
      headers: () => {
        throw new Error('locked')
      },
      env: () => ({}),
    })
    await expect(sendPassage(locked, initialize)).rejects.toThrow('locked')
    expect(world.seen).toEqual([])
    await locked.close()
  })
})

describe('server-everything over HTTP', () => {
  it('serves a client through it: calls, progress, its own stream, and the end of the session', async () => {
    await using server = await startEverything()
    const upstream = new DirectHttp(httpOptions(server.url), new BufferBudget(64 * MIB), {
      headers: () => ({}),
      env: () => ({}),
    })
    await using front = await startFront(upstream)
    const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: 'auto' } })
    const transport = new StreamableHTTPClientTransport(front.url)
    await client.connect(transport)
    expect(JSON.stringify(await client.callTool({ name: 'echo', arguments: { message: 'hi' } }))).toContain('Echo: hi')
    const progress: number[] = []
    await client.callTool(
      { name: 'trigger-long-running-operation', arguments: { duration: 0.3, steps: 3 } },
      { onprogress: (one) => progress.push(one.progress) },
    )
    expect(progress).toEqual([1, 2, 3])
    await transport.terminateSession()
    await client.close()
    expect(front.seen.map(({ method, status }) => `${method} ${status}`)).toEqual(
      expect.arrayContaining(['POST 400', 'POST 200', 'POST 202', 'GET 200', 'DELETE 200']),
    )
    await upstream.close()
  })
})

function httpOptions(url: URL) {
  return {
    url,
    connectMs: 2000,
    firstByteMs: 10_000,
    streamIdleMs: 10_000,
    callTotalMs: 60_000,
    messageBytesMax: MIB,
    eventBytesMax: MIB,
  }
}

async function setUp({ credentials = {}, reply = '{}' }: { credentials?: Record<string, string>; reply?: string }) {
  const seen: { method: string | undefined; headers: IncomingHttpHeaders; body: string }[] = []
  const server = createServer((req, res) => {
    let body = ''
    req.setEncoding('utf8').on('data', (text: string) => (body += text))
    req.on('end', () => {
      seen.push({ method: req.method, headers: req.headers, body })
      res.writeHead(200, { 'content-type': 'application/json', 'x-from': 'server' }).end(reply)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const url = new URL(`http://127.0.0.1:${address.port}/mcp?x=1`)
  const budget = new BufferBudget(64 * MIB)
  const upstream = new DirectHttp(httpOptions(url), budget, { headers: () => credentials, env: () => ({}) })
  return {
    seen,
    url,
    budget,
    upstream,
    async [Symbol.asyncDispose]() {
      await upstream.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** The program takes no port 0, so it is given one that was free a moment ago. */
async function startEverything() {
  const port = await freePort()
  const child = spawn(process.execPath, [EVERYTHING, 'streamableHttp'], {
    env: { ...process.env, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error('server-everything did not start')))
    child.stderr.on('data', (text) => {
      if (String(text).includes('listening')) resolve()
    })
  })
  return {
    url: new URL(`http://127.0.0.1:${port}/mcp`),
    async [Symbol.asyncDispose]() {
      const exited = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await exited
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
