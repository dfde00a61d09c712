import { Client } from '@modelcontextprotocol/client'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { createMCPClient } from '@ai-sdk/mcp'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { EVERYTHING, FILESYSTEM, isAlive, stdioUpstream, until } from '../../test/support/stdio-upstream.ts'
import { startFront } from '../../test/support/upstream-front.ts'

describe('clients of MCP servers that are programs', () => {
  it('a legacy client works with server-everything as over HTTP, progress and log messages included', async () => {
    await using world = stdioUpstream({ args: [EVERYTHING, 'stdio'] })
    await using front = await startFront(world.upstream)
    const client = new ClientV1({ name: 'test', version: '1' }, { capabilities: { sampling: {} } })
    await client.connect(new TransportV1(front.url))
    expect((await client.listTools()).tools.map((tool) => tool.name)).toContain('echo')
    expect(await client.callTool({ name: 'echo', arguments: { message: 'grüße' } })).toMatchObject({
      content: [{ text: 'Echo: grüße' }],
    })
    const progress: number[] = []
    await client.callTool(
      { name: 'trigger-long-running-operation', arguments: { duration: 0.4, steps: 4 } },
      undefined,
      {
        onprogress: (one) => progress.push(one.progress),
      },
    )
    expect(progress).toEqual([1, 2, 3, 4])
    await client.close()
  })

  it('a server can ask the client while a call is open', async () => {
    await using world = stdioUpstream({ args: [EVERYTHING, 'stdio'] })
    await using front = await startFront(world.upstream)
    const client = new Client({ name: 'test', version: '1' }, { capabilities: { sampling: {} } })
    client.setRequestHandler('sampling/createMessage', async () => ({
      model: 'none',
      role: 'assistant' as const,
      content: { type: 'text' as const, text: 'sampled words' },
    }))
    await client.connect(new StreamableHTTPClientTransport(front.url))
    const result = await client.callTool({ name: 'trigger-sampling-request', arguments: { prompt: 'x', maxTokens: 5 } })
    expect(JSON.stringify(result)).toContain('sampled words')
    await client.close()
  })

  it('server-filesystem reads a file', async () => {
    await using world = stdioUpstream({ args: [FILESYSTEM, '.'] })
    writeFileSync(join(world.folder, 'note.txt'), 'written here')
    await using front = await startFront(world.upstream)
    const client = new Client({ name: 'test', version: '1' })
    await client.connect(new StreamableHTTPClientTransport(front.url))
    const read = await client.callTool({ name: 'read_text_file', arguments: { path: 'note.txt' } })
    expect(JSON.stringify(read)).toContain('written here')
    await client.close()
  })

  it('clients of both eras fall back to initialize: SDK client', async () => {
    await using world = stdioUpstream({ args: [EVERYTHING, 'stdio'] })
    await using front = await startFront(world.upstream)
    const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: 'auto' } })
    await client.connect(new StreamableHTTPClientTransport(front.url))
    expect((await client.listTools()).tools.length).toBeGreaterThan(5)
    expect(front.seen.map(({ message, status }) => `${message} ${status}`)).toEqual(
      expect.arrayContaining(['server/discover 400', 'initialize 200']),
    )
    await client.close()
  })

  it('clients of both eras fall back to initialize: AI SDK', async () => {
    await using world = stdioUpstream({ args: [EVERYTHING, 'stdio'] })
    await using front = await startFront(world.upstream)
    const client = await createMCPClient({ transport: { type: 'http', url: front.url.href } })
    expect(Object.keys(await client.tools())).toContain('echo')
    expect(front.seen.map(({ message, status }) => `${message} ${status}`)).toContain('server/discover 400')
    await client.close()
  })

  it('each session has a process of its own, and ending the session ends it', async () => {
    await using world = stdioUpstream({ args: [EVERYTHING, 'stdio'] })
    await using front = await startFront(world.upstream)
    const transports = [new StreamableHTTPClientTransport(front.url), new StreamableHTTPClientTransport(front.url)]
    for (const transport of transports) await new Client({ name: 'test', version: '1' }).connect(transport)
    expect(new Set(transports.map((transport) => transport.sessionId)).size).toBe(2)
    expect(world.pids().length).toBe(2)
    await transports[0]?.terminateSession()
    await until(() => !isAlive(world.pids()[0] ?? 0))
    expect(isAlive(world.pids()[1] ?? 0)).toBe(true)
    await world.upstream.close()
    expect(world.pids().some(isAlive)).toBe(false)
  })
})
