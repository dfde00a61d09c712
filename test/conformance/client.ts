// The client that the conformance suite starts: `node client.ts URL`. Does what the scenario asks and exits 0.
// It plays the scenarios without authorization; those with it are about a client and its identity provider, not about us.
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import type { FetchLike } from '@modelcontextprotocol/client'
import { isRecord } from '../support/process.ts'

/** Long enough for one retry of a closed stream, short enough to end before the suite ends us. */
const LINGER_MS = 100

type Play = (client: Client) => Promise<unknown>

const PLAYS: Readonly<Record<string, Play>> = {
  initialize: (client) => client.listTools(),
  tools_call: async (client) => {
    await client.listTools()
    await client.callTool({ name: 'add_numbers', arguments: { a: 5, b: 3 } })
  },
  'request-metadata': (client) => client.listTools(),
  'elicitation-sep1034-client-defaults': (client) => client.callTool({ name: 'test_client_elicitation_defaults' }),
  'sse-retry': (client) => client.callTool({ name: 'test_reconnection' }),
  'http-standard-headers': async (client) => {
    const [tool] = (await client.listTools()).tools
    if (tool !== undefined) await client.callTool({ name: tool.name, arguments: {} })
    const [resource] = (await client.listResources()).resources
    if (resource !== undefined) await client.readResource({ uri: resource.uri })
    const [prompt] = (await client.listPrompts()).prompts
    if (prompt !== undefined) await client.getPrompt({ name: prompt.name })
  },
  'http-custom-headers': async (client) => {
    await client.listTools()
    for (const call of callsOf(process.env['MCP_CONFORMANCE_CONTEXT'])) await client.callTool(call)
  },
  'http-invalid-tool-headers': async (client) => {
    for (const { name } of (await client.listTools()).tools) await client.callTool({ name, arguments: { region: 'x' } })
  },
  'sep-2322-client-request-state': async (client) => {
    await client.listTools()
    for (const what of ['echo_state', 'no_state', 'unrelated']) {
      await client.callTool({ name: `test_mrtr_${what}`, arguments: {} })
    }
    // The answer has no resultType, which the SDK refuses in this era. What the scenario looks at is the request.
    await client.callTool({ name: 'test_mrtr_no_result_type', arguments: {} }).catch(() => undefined)
  },
  'json-schema-ref-no-deref': (client) => client.listTools(),
  'json-schema-2020-12-preservation': async (client) => {
    const tool = (await client.listTools()).tools.find(({ name }) => name === 'json_schema_2020_12_tool')
    await client.callTool({ name: 'json_schema_echo', arguments: { schema: tool?.inputSchema } })
  },
}

/** Their mocks know nothing of `server/discover`; the client takes the revision it was told. */
const WITHOUT_DISCOVER = [
  'http-custom-headers',
  'http-invalid-tool-headers',
  'http-standard-headers',
  'sep-2322-client-request-state',
]

async function main(url: string, scenario: string, revision: string): Promise<void> {
  const play = PLAYS[scenario]
  if (play === undefined) throw new Error(`the scenario ${scenario} is not played here`)
  const client = new Client(
    { name: 'conformance-client', version: '1.0.0' },
    {
      capabilities: { roots: {}, sampling: {}, elicitation: { form: { applyDefaults: true } } },
      versionNegotiation: { mode: revision === '2026-07-28' ? { pin: revision } : 'legacy' },
    },
  )
  client.setRequestHandler('roots/list', () => ({ roots: [] }))
  client.setRequestHandler('elicitation/create', () => ({
    action: 'accept',
    content: scenario === 'sep-2322-client-request-state' ? { confirmed: true } : {},
  }))
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    requestInit: { headers: tokenHeader(process.env['CONFORMANCE_TOKEN']) },
    ...(WITHOUT_DISCOVER.includes(scenario) ? { fetch: discoverLocally(revision) } : {}),
  })
  await client.connect(transport)
  await play(client)
  await new Promise((resolve) => setTimeout(resolve, LINGER_MS))
  await client.close()
}

function tokenHeader(token: string | undefined): Record<string, string> {
  return token === undefined ? {} : { Authorization: `Bearer ${token}` }
}

function callsOf(context: string | undefined): { name: string; arguments: Record<string, unknown> }[] {
  const parsed: unknown = JSON.parse(context ?? '{}')
  const calls = isRecord(parsed) && Array.isArray(parsed['toolCalls']) ? parsed['toolCalls'] : []
  return calls.filter(isRecord).map((call) => ({
    name: String(call['name']),
    arguments: isRecord(call['arguments']) ? { ...call['arguments'] } : {},
  }))
}

function discoverLocally(revision: string): FetchLike {
  return async (url, init) => {
    const body: unknown = typeof init?.body === 'string' ? JSON.parse(init.body) : undefined
    if (!isRecord(body) || body['method'] !== 'server/discover') return fetch(url, init)
    const result = {
      resultType: 'complete',
      supportedVersions: [revision],
      capabilities: { tools: {}, resources: {}, prompts: {} },
      ttlMs: 0,
      cacheScope: 'private',
    }
    return Response.json({ jsonrpc: '2.0', id: body['id'], result })
  }
}

await main(
  process.argv[2] ?? '',
  process.env['MCP_CONFORMANCE_SCENARIO'] ?? '',
  process.env['MCP_CONFORMANCE_PROTOCOL_VERSION'] ?? '2025-11-25',
)
