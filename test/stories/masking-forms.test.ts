// A server asks its user by a form for what it said before, and what the client has of that is a stand-in: in both eras, on the
// stream of the call and on that of the session.
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { acceptedContent, inputRequired, McpServer } from '@modelcontextprotocol/server'
import type { ElicitRequestFormParams } from '@modelcontextprotocol/server'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { serveStreamableHttp } from '../../examples/customers/streamable-http.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'
import { at, ofKind, recordsOf } from '../support/records.ts'

const EMAIL = 'erika.muster@example.com'
const FORM: ElicitRequestFormParams['requestedSchema'] = {
  type: 'object',
  properties: { email: { type: 'string', format: 'email' }, other: { type: 'string' } },
}
const nothing = z.object({})

/** What was filled in, as the server got it. */
let filled: unknown[]
let server: Awaited<ReturnType<typeof serveStreamableHttp>>
let gateway: Gateway
beforeAll(async () => {
  server = await serveStreamableHttp({ port: 0, makeServer })
  const upstream = { http: { url: server.url } }
  const sinks = [
    { tool: 'write_to', field: 'email' },
    { tool: 'later', field: 'email' },
    { tool: 'publish', field: 'email' },
  ]
  gateway = await startGateway({
    connections: {
      crm: { upstream, masking: { restore: { why: 'Support writes to the customer it has found.', sinks } } },
      guarded: { upstream },
    },
    policy: {
      version: 1,
      default: 'deny',
      rules: [
        { id: 'all', effect: 'allow', match: { connections: ['*'] } },
        {
          id: 'no-mail-goes-out',
          effect: 'mask',
          match: { connections: ['guarded'] },
          mask: [{ entities: ['email'], in: ['arguments'], with: 'redact' }],
        },
      ],
    },
  })
})
afterAll(async () => {
  await gateway?.stop()
  await server?.close()
})
beforeEach(() => {
  filled = []
})

const said = (text: string) => ({ content: [{ type: 'text' as const, text }] })
const withIt = (email: string): Record<string, string> => ({ email })

function makeServer(): McpServer {
  const crm = new McpServer({ name: 'crm', version: '1' })
  crm.registerTool('find', { description: 'find', inputSchema: nothing }, () => said(`email: ${EMAIL}`))
  for (const [name, hint] of Object.entries({ write_to: false, publish: true, other: false }))
    crm.registerTool(
      name,
      { description: name, inputSchema: nothing, annotations: { openWorldHint: hint } },
      async (_, ctx) => {
        const params = { mode: 'form' as const, message: 'To whom?', requestedSchema: FORM }
        if (ctx.mcpReq.envelope !== undefined) {
          const content = acceptedContent(ctx.mcpReq.inputResponses, 'to whom')
          if (content === undefined)
            return inputRequired({ inputRequests: { 'to whom': inputRequired.elicit(params) } })
          filled.push(content)
          return said(`wrote to ${String(content['email'])}`)
        }
        const { content } = await ctx.mcpReq.send({ method: 'elicitation/create', params })
        filled.push(content)
        return said(`wrote to ${String(content?.['email'])}`)
      },
    )
  crm.registerTool('later', { description: 'later', inputSchema: nothing }, async () => {
    const { content } = await crm.server.elicitInput({ mode: 'form', message: 'To whom?', requestedSchema: FORM })
    filled.push(content)
    return said(`wrote to ${String(content?.['email'])}`)
  })
  return crm
}

async function agent(mode: 'legacy' | 'auto', connection = 'crm') {
  let fill = withIt
  let known = ''
  const client = new Client(
    { name: 'agent', version: '1' },
    { capabilities: { elicitation: { form: {} } }, versionNegotiation: { mode } },
  )
  client.setRequestHandler('elicitation/create', () => ({ action: 'accept', content: fill(known) }))
  const headers = { authorization: `Bearer ${await gateway.token('alice')}` }
  await client.connect(
    new StreamableHTTPClientTransport(new URL(gateway.url(connection)), { requestInit: { headers } }),
  )
  await client.listTools()
  const call = (name: string) => client.callTool({ name, arguments: {} })
  known = /sur_email_\w+/.exec(JSON.stringify(await call('find')))?.[0] ?? ''
  expect(known).not.toBe('')
  return {
    known,
    /** What the client gets of a tool that asks by a form. */
    asked: async (name: string, how = fill) => {
      fill = how
      try {
        return JSON.stringify(await call(name))
      } catch (error) {
        return String(error)
      }
    },
    [Symbol.asyncDispose]: () => client.close(),
  }
}

describe.each(['legacy', 'auto'] as const)('a form that a server asks for: %s', (mode) => {
  it('is answered with the value, which is hidden again in what comes back and on record', async () => {
    await using alice = await agent(mode)
    expect(await alice.asked('write_to')).toContain(`wrote to ${alice.known}`)
    expect(filled).toEqual([{ email: EMAIL }])
    const records = await recordsOf(gateway)
    expect(JSON.stringify(records)).not.toContain(EMAIL)
    expect(
      records.some((record) => JSON.stringify(at(record, 'masking') ?? record).includes(alice.known.slice(-18))),
    ).toBe(true)
  })

  it('gets no value where it is no sink, of another tool, or of one that reaches beyond the server', async () => {
    await using alice = await agent(mode)
    await alice.asked('write_to', (other) => ({ other }))
    await alice.asked('write_to', (email) => ({ email: `to ${email}` }))
    await alice.asked('other', (email) => ({ email }))
    await alice.asked('publish', (email) => ({ email }))
    expect(filled).toEqual([])
    const reasons = ofKind(await recordsOf(gateway), 'refused').map((record) =>
      String(at(record, 'decision', 'reason')),
    )
    expect(reasons.slice(-4)).toEqual(Array(4).fill(expect.stringMatching(/^surrogate-unknown/)))
  })

  it('is answered as it wants where a rule hides what was filled in', async () => {
    await using alice = await agent(mode, 'guarded')
    await alice.asked('write_to', () => ({ email: 'joe.bloggs@example.org' }))
    expect(filled).toEqual([{ email: expect.stringMatching(/@mask\.invalid$/) }])
  })
})

it('a form on the stream of the session is of the call that runs', async () => {
  await using alice = await agent('legacy')
  expect(await alice.asked('later')).toContain(`wrote to ${alice.known}`)
  expect(filled).toEqual([{ email: EMAIL }])
})
