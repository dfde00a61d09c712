// A server of the SDK that says what it was planted with in every way that a server can say something.
import { Buffer } from 'node:buffer'
import { setTimeout as sleep } from 'node:timers/promises'
import { completable, McpServer, ResourceTemplate } from '@modelcontextprotocol/server'
import type { CallToolResult } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { serveStreamableHttp } from '../../../examples/customers/streamable-http.ts'
import type { Planted } from './planted.ts'

const nothing = z.object({})

export interface Words {
  /** Each value on a line behind its label. */
  readonly prose: string
  /** Each value under its key. */
  readonly fields: Readonly<Record<string, string>>
  readonly values: Readonly<Record<string, string>>
}

export function wordsOf(planted: readonly Planted[]): Words {
  return {
    prose: planted
      .filter(({ byKeyAlone }) => byKeyAlone !== true)
      .map(({ label, value }) => `${label}: ${value}`)
      .join('\n'),
    fields: Object.fromEntries(planted.map(({ key, value }) => [key, value])),
    values: Object.fromEntries(planted.map(({ what, value }) => [what, value])),
  }
}

/** Starts it on a free loopback port; `close` ends it. */
export function startPlanted(planted: readonly Planted[]) {
  const words = wordsOf(planted)
  return serveStreamableHttp({ port: 0, makeServer: ({ request }) => makeServer(words, request) })
}

function makeServer(words: Words, request: Request | undefined): McpServer {
  const server = new McpServer(
    { name: 'planted', version: '1.0.0' },
    {
      instructions: `Ask with these.\n${words.prose}`,
      capabilities: { logging: {}, completions: {}, tools: {}, prompts: {}, resources: {} },
    },
  )
  for (const [name, result] of Object.entries(results(words)))
    server.registerTool(name, { description: name, inputSchema: nothing }, () => result)
  // What the gateway sent, its own credential among it.
  server.registerTool('headers', { description: 'headers', inputSchema: nothing }, () =>
    said(JSON.stringify([...(request?.headers ?? [])])),
  )
  addTalkingTools(server, words)
  addPromptsAndResources(server, words)
  server.registerTool('described', { description: `Takes these.\n${words.prose}`, inputSchema: nothing }, () =>
    said('ok'),
  )
  return server
}

const said = (text: string): CallToolResult => ({ content: [{ type: 'text', text }] })

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}

function results({ prose, fields, values }: Words): Readonly<Record<string, CallToolResult>> {
  const json = JSON.stringify(fields)
  const table = [Object.keys(fields), Object.values(fields).map((value) => JSON.stringify(value))].join('\n')
  return {
    text: said(prose),
    json: said(json),
    'json-in-json': said(JSON.stringify({ rows: [{ body: JSON.stringify({ inner: json }) }] })),
    table: said(`${Object.keys(fields).join(' | ')}\n${Object.values(fields).join(' | ').replaceAll('\n', ' ')}`),
    percent: said(encodeURIComponent(prose)),
    structured: { ...said(json), structuredContent: fields },
    nested: { content: [], structuredContent: { found: [{ person: fields }], notes: prose } },
    keys: {
      content: [],
      structuredContent: { [values['email'] ?? '']: 1, [values['card'] ?? '']: { [values['iban'] ?? '']: true } },
    },
    failed: { ...said(prose), isError: true },
    meta: { ...said('see _meta'), _meta: { 'example.com/of': fields } },
    resource: {
      content: [{ type: 'resource', resource: { uri: 'planted://text', mimeType: 'text/plain', text: prose } }],
    },
    blobs: {
      content: [
        { type: 'resource', resource: { uri: 'planted://json', mimeType: 'application/json', blob: base64(json) } },
        { type: 'resource', resource: { uri: 'planted://text', mimeType: 'text/plain', blob: base64(prose) } },
        { type: 'resource', resource: { uri: 'planted://csv', mimeType: 'text/csv', blob: base64(table) } },
        { type: 'resource', resource: { uri: 'planted://any', blob: base64(prose) } },
      ],
    },
    link: {
      content: [
        {
          type: 'resource_link',
          uri: `https://files.example/of/${encodeURIComponent(values['email'] ?? '')}?card=${encodeURIComponent(values['card'] ?? '')}`,
          name: `for ${values['email']}`,
          title: `SSN: ${values['ssn']}`,
          description: prose,
        },
      ],
    },
    blocks: { content: (prose.match(/[^]{1,7}/g) ?? []).map((text) => ({ type: 'text', text })) },
  }
}

/** Tools that say something before they answer, or ask. */
function addTalkingTools(server: McpServer, { prose, fields }: Words): void {
  server.registerTool('throws', { description: 'throws', inputSchema: nothing }, () => {
    throw new Error(prose)
  })
  server.registerTool('echo', { description: 'echo', inputSchema: z.looseObject({}) }, (args) =>
    said(JSON.stringify(args)),
  )
  server.registerTool('talks', { description: 'talks', inputSchema: nothing }, async (_, ctx) => {
    const { _meta: meta } = ctx.mcpReq
    const progress = (message: string) =>
      ctx.mcpReq.notify({
        method: 'notifications/progress',
        params: { progressToken: meta?.progressToken ?? 0, progress: 1, message },
      })
    await ctx.mcpReq.log('info', prose)
    await ctx.mcpReq.log('info', fields)
    await progress(prose)
    for (const line of prose.split('\n')) {
      const middle = line.length >> 1
      await progress(line.slice(0, middle))
      await progress(line.slice(middle))
      await progress('. ')
    }
    return said('talked')
  })
  server.registerTool('asks', { description: 'asks', inputSchema: nothing }, async (_, ctx) => {
    const answer = await ctx.mcpReq.send({
      method: 'elicitation/create',
      params: {
        mode: 'form',
        message: prose,
        requestedSchema: { type: 'object', properties: { email: { type: 'string', default: fields['email'] ?? '' } } },
      },
    })
    return said(JSON.stringify(answer))
  })
  server.registerTool('samples', { description: 'samples', inputSchema: nothing }, async (_, ctx) => {
    const answer = await ctx.mcpReq.send({
      method: 'sampling/createMessage',
      params: {
        systemPrompt: prose,
        messages: [{ role: 'user', content: { type: 'text', text: prose } }],
        maxTokens: 9,
      },
    })
    return said(JSON.stringify(answer))
  })
  server.registerTool('waits', { description: 'waits', inputSchema: z.looseObject({}) }, async (args, ctx) => {
    await ctx.mcpReq.log('info', fields)
    await sleep(WAIT_MS, undefined, { signal: ctx.mcpReq.signal }).catch(() => undefined)
    return said(JSON.stringify(args))
  })
}

/** Until its caller goes away or the gateway ends. */
const WAIT_MS = 20_000

function addPromptsAndResources(server: McpServer, { prose, fields, values }: Words): void {
  const start = completable(z.string(), () => prose.split(/\n(?=\S+: )/))
  server.registerPrompt('prompt', { description: 'prompt', argsSchema: z.object({ start }) }, (args) => ({
    description: prose,
    messages: [
      { role: 'user', content: { type: 'text', text: `${prose} ${args.start}` } },
      {
        role: 'user',
        content: {
          type: 'resource',
          resource: { uri: 'planted://json', mimeType: 'application/json', text: JSON.stringify(fields) },
        },
      },
    ],
  }))
  const contents = (uri: URL) => ({
    contents: [{ uri: uri.href, mimeType: 'application/json', text: JSON.stringify(fields) }],
  })
  server.registerResource(
    `of ${values['email']}`,
    'planted://one',
    { description: prose, mimeType: 'application/json' },
    contents,
  )
  server.registerResource('other', new ResourceTemplate('planted://of/{who}', { list: undefined }), {}, contents)
}
