import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { describe, expect, it } from 'vitest'
import { messagesOf, nextMessages, scripted } from '../../test/support/scripted-stdio.ts'
import { stdioUpstream, until } from '../../test/support/stdio-upstream.ts'
import { clientMessage, sendPassage, startFront, type Sending } from '../../test/support/upstream-front.ts'
import type { Upstream } from './upstream.ts'

const VERSION = '2026-07-28'
const META = `"io.modelcontextprotocol/protocolVersion":"${VERSION}","io.modelcontextprotocol/clientCapabilities":{}`

const TOOLS = `{
  'server/discover': (m, reply) => reply({ resultType: 'complete', supportedVersions: ['${VERSION}'], capabilities: {} }),
  plain: (m, reply) => reply({ pid: process.pid }),
  slow: (m, reply) => setTimeout(() => reply({ slow: true }), 300),
  never: () => undefined,
  logs: (m, reply) => { told('asked for'); reply({}) },
  asks: (m, reply) => { out({ id: 9, method: 'roots/list' }); reply({}) },
  cancelled: (m, reply) => reply({ cancelled: tools.seen }),
  'notifications/cancelled': (m) => { tools.seen = m.params.requestId },
  'subscriptions/listen': (m) => {
    const _meta = { 'io.modelcontextprotocol/subscriptionId': m.id }
    out({ method: 'notifications/subscriptions/acknowledged', params: { _meta } })
    setTimeout(() => out({ method: 'notifications/tools/list_changed', params: { _meta } }), 50)
  },
}`

describe('a modern server that is a program', () => {
  it('serves the SDK client, without a session and with one process per caller', async () => {
    const script = `
import { serveStdio } from '${import.meta.resolve('@modelcontextprotocol/server/stdio')}'
import { McpServer } from '${import.meta.resolve('@modelcontextprotocol/server')}'
serveStdio(() => {
  const server = new McpServer({ name: 'real', version: '1' }, { capabilities: { tools: {} } })
  server.registerTool('pid', { description: 'pid' }, async () => ({ content: [{ type: 'text', text: 'pid ' + process.pid }] }))
  return server
})`
    await using world = stdioUpstream({ script })
    await using front = await startFront(world.upstream)
    const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: 'auto' } })
    await client.connect(new StreamableHTTPClientTransport(front.url))
    const [first, second] = [await client.callTool({ name: 'pid' }), await client.callTool({ name: 'pid' })]
    expect(JSON.stringify(first)).toContain('pid ')
    expect(JSON.stringify(second)).toEqual(JSON.stringify(first))
    expect(front.seen.map(({ message }) => message)).not.toContain('initialize')
    await client.close()
  })

  it('is another process for another caller', async () => {
    await using world = stdioUpstream({ script: scripted(TOOLS) })
    const [ann, ann2, bob] = [
      await call(world.upstream, 1, 'plain'),
      await call(world.upstream, 2, 'plain'),
      await call(world.upstream, 1, 'plain', { caller: 'bob' }),
    ].map((messages) => JSON.stringify(messages[0]?.['result']))
    expect(ann2).toBe(ann)
    expect(bob).not.toBe(ann)
  })

  it('serves two calls with the same id one after the other', async () => {
    await using world = stdioUpstream({ script: scripted(TOOLS) })
    const [first, second] = await Promise.all([call(world.upstream, 1, 'slow'), call(world.upstream, 1, 'plain')])
    expect(first).toMatchObject([{ id: 1, result: { slow: true } }])
    expect(second).toMatchObject([{ id: 1, result: { pid: expect.any(Number) as number } }])
    expect(world.pids()).toHaveLength(2)
  })

  it('tells listeners apart, and a call with the id of a listener does not wait for it', async () => {
    await using world = stdioUpstream({ script: scripted(TOOLS) })
    const streams = await Promise.all([listen(world.upstream, 1), listen(world.upstream, 2)])
    for (const [index, stream] of streams.entries())
      expect(await nextMessages(stream, 2)).toMatchObject([
        {
          method: 'notifications/subscriptions/acknowledged',
          params: { _meta: { 'io.modelcontextprotocol/subscriptionId': index + 1 } },
        },
        {
          method: 'notifications/tools/list_changed',
          params: { _meta: { 'io.modelcontextprotocol/subscriptionId': index + 1 } },
        },
      ])
    expect(await call(world.upstream, 1, 'plain')).toMatchObject([{ id: 1 }])
  })

  it('is told when the client of a call is gone, and when one ends its subscription', async () => {
    await using world = stdioUpstream({ script: scripted(TOOLS) })
    const gone = call(world.upstream, 5, 'never', { onAbort: (abort) => setTimeout(abort, 1000) })
    await expect(gone).rejects.toMatchObject({ code: 'client_gone' })
    expect(await call(world.upstream, 6, 'cancelled')).toMatchObject([{ result: { cancelled: 5 } }])
    const stream = await listen(world.upstream, 7)
    if (stream.kind === 'stream') stream.events.close()
    expect(await call(world.upstream, 8, 'cancelled')).toMatchObject([{ result: { cancelled: 7 } }])
  })

  it('gives log messages to those who asked for them only, and its requests to nobody', async () => {
    await using world = stdioUpstream({ script: scripted(TOOLS) })
    expect(await call(world.upstream, 1, 'logs')).toHaveLength(1)
    expect(await call(world.upstream, 2, 'asks')).toHaveLength(1)
    const logged = request(3, 'tools/call', '"name":"logs"', ',"io.modelcontextprotocol/logLevel":"info"')
    expect(await messagesOf(await sendPassage(world.upstream, logged))).toHaveLength(2)
  })

  it('is started anew for the next call after it ended', async () => {
    await using world = stdioUpstream({
      script: scripted(TOOLS.replace('never: () => undefined', 'never: () => process.exit(3)')),
    })
    await expect(call(world.upstream, 1, 'never')).rejects.toMatchObject({ code: 'upstream_unreachable' })
    await until(() => world.news.filter(({ kind }) => kind === 'ended').length >= 2)
    await new Promise((resolve) => setTimeout(resolve, 600))
    expect(await call(world.upstream, 1, 'plain')).toHaveLength(1)
  })
})

describe('a legacy server that is a program', () => {
  it.each([
    [
      'knows no discovery',
      scripted('{}').replace(
        'else tools',
        "else out({ id: message.id, error: { code: -32601, message: 'no' } }); if (0) tools",
      ),
    ],
    ['ends when it is not initialized first', `process.stdin.once('data', () => process.exit(1))`],
  ])('that %s answers modern requests as SDK servers do', async (_, script) => {
    await using world = stdioUpstream({ script })
    const reply = await sendPassage(world.upstream, request(1, 'server/discover', ''))
    expect(reply).toMatchObject({ kind: 'body', status: 400 })
    expect(await messagesOf(reply)).toMatchObject([{ id: null, error: { code: -32_000 } }])
    await sendPassage(world.upstream, request(2, 'tools/list', ''))
    expect(world.pids()).toHaveLength(1)
  })
})

function request(id: number, method: string, params: string, meta = '') {
  const name = /"name":"([^"]+)"/.exec(params)?.[1]
  const comma = params === '' ? '' : ','
  return clientMessage(
    `{"jsonrpc":"2.0","id":${id},"method":"${method}","params":{"_meta":{${META}${meta}}${comma}${params}}}`,
    {
      'mcp-protocol-version': VERSION,
      'mcp-method': method,
      ...(name === undefined ? {} : { 'mcp-name': name }),
    },
  )
}

async function call(upstream: Upstream, id: number, name: string, sending: Sending = {}) {
  return messagesOf(await sendPassage(upstream, request(id, 'tools/call', `"name":"${name}","arguments":{}`), sending))
}

function listen(upstream: Upstream, id: number) {
  return sendPassage(upstream, request(id, 'subscriptions/listen', '"notifications":{"toolsListChanged":true}'))
}
