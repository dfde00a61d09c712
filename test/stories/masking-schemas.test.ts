// Tools with an output schema: their clients check results against it, and what is hidden in them must not make them fail.
import { McpServer, fromJsonSchema } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveStreamableHttp } from '../../examples/customers/streamable-http.ts'
import { CLIENTS } from '../support/clients.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'
import { madeResult } from '../support/masking/made-schemas.ts'
import { Chance } from '../support/masking/random.ts'
import { at } from '../support/records.ts'

const chance = new Chance(20_260_728)
const TOOLS = Array.from({ length: 12 }, (_, i) => ({ name: `tool_${i}`, ...madeResult(chance) }))
const EMAIL = 'only.this@example.com'
const NO_ROOM = {
  name: 'no_room',
  value: { email: EMAIL },
  planted: [EMAIL],
  document: { type: 'object', properties: { email: { const: EMAIL } }, required: ['email'] },
}

let server: Awaited<ReturnType<typeof serveStreamableHttp>>
let gateway: Gateway
beforeAll(async () => {
  server = await serveStreamableHttp({ port: 0, makeServer })
  gateway = await startGateway({ connections: { typed: { upstream: { http: { url: server.url } } } } })
})
afterAll(async () => {
  await gateway?.stop()
  await server?.close()
})

function makeServer(): McpServer {
  const typed = new McpServer({ name: 'typed', version: '1.0.0' })
  for (const { name, document, value } of [...TOOLS, NO_ROOM])
    typed.registerTool(
      name,
      { description: name, inputSchema: z.object({}), outputSchema: fromJsonSchema(document) },
      () => ({ content: [{ type: 'text', text: JSON.stringify(value) }], structuredContent: { ...value } }),
    )
  return typed
}

describe.each(['SDK v1', 'SDK v2, legacy', 'SDK v2, negotiating'])('a client that checks results: %s', (which) => {
  it('accepts each, and sees no value in it', async () => {
    await using client = await CLIENTS[which]?.({ url: gateway.url('typed'), token: await gateway.token('alice') })
    await client?.listTools()
    const masked: string[] = []
    for (const { name, planted } of TOOLS) {
      const result = await client?.call(name, {})
      const text = JSON.stringify(result)
      expect(planted.filter((value) => text.includes(value))).toEqual([])
      expect(at(result, 'structuredContent') === undefined).toBe(at(result, 'isError') === true)
      if (at(result, 'isError') !== true) masked.push(name)
    }
    // Stand-ins are made by chance: one that a tight schema has room for may be withheld the next time.
    expect(masked.length).toBeGreaterThan(TOOLS.length / 3)
  })

  it('reads why a result is withheld where its schema leaves no room', async () => {
    await using client = await CLIENTS[which]?.({ url: gateway.url('typed'), token: await gateway.token('alice') })
    await client?.listTools()
    const result = await client?.call(NO_ROOM.name, {})
    expect(result).toMatchObject({ isError: true })
    expect(at(result, 'structuredContent')).toBeUndefined()
    expect(JSON.stringify(result)).toMatch(/withheld.*output schema leaves no room/)
    expect(JSON.stringify(result)).not.toContain(EMAIL)
  })
})
