// The server that the conformance suite calls: every tool, resource and prompt it knows by name, both eras on one endpoint.
// Run as a program it prints one line of JSON, {"event":"ready","url":"http://127.0.0.1:PORT/mcp"}.
import { createRequestStateCodec, McpServer } from '@modelcontextprotocol/server'
import type { JSONRPCMessage, EventStore, RequestStateCodec } from '@modelcontextprotocol/server'
import { serveStreamableHttp } from '../../examples/customers/streamable-http.ts'
import type { MakeServer, Serving } from '../../examples/customers/streamable-http.ts'
import { addAskingTools } from './fixture/asking.ts'
import { addContentTools } from './fixture/content.ts'
import { addPrompts } from './fixture/prompts.ts'
import { addResources } from './fixture/resources.ts'
import { addRoundTools } from './fixture/rounds.ts'
import { addWaitingTools } from './fixture/waiting.ts'
import { addToolsOfTheWire } from './fixture/wire.ts'

/** What the suite's polling scenarios expect to be told to wait, at most. */
const RETRY_MS = 5000
/** Long enough for any client to keep a list for the length of a scenario. */
const TTL_MS = 60_000

/** Starts the fixture on a free loopback port. */
export function startFixture(port = 0): Promise<Serving> {
  const world: World = {
    states: createRequestStateCodec<string>({ key: crypto.getRandomValues(new Uint8Array(32)) }),
    cancelled: new Set(),
  }
  return serveStreamableHttp({
    port,
    makeServer: (about) => makeServer(about, world),
    resumable: { makeEventStore, retryMs: RETRY_MS },
  })
}

/** What outlives a request. */
interface World {
  readonly states: RequestStateCodec<string>
  /** Keys of the waits that were cancelled. */
  readonly cancelled: Set<string>
}

function makeServer(about: Parameters<MakeServer>[0], { states, cancelled }: World): McpServer {
  const hint = { ttlMs: TTL_MS, cacheScope: 'public' } as const
  const server = new McpServer(
    { name: 'conformance-fixture', version: '1.0.0' },
    {
      instructions: 'A server for tests. It does what its tools are called.',
      capabilities: {
        tools: { listChanged: true },
        resources: { subscribe: true, listChanged: true },
        prompts: { listChanged: true },
        logging: {},
        completions: {},
      },
      cacheHints: {
        'server/discover': hint,
        'tools/list': hint,
        'prompts/list': hint,
        'resources/list': hint,
        'resources/templates/list': hint,
        'resources/read': hint,
      },
      requestState: { verify: (state, context) => states.verify(state, context) },
    },
  )
  addContentTools(server)
  addAskingTools(server)
  addRoundTools(server, states)
  addToolsOfTheWire(server, about.changed)
  addWaitingTools(server, cancelled)
  addResources(server)
  addPrompts(server)
  return server
}

/** Keeps every event of one session; sessions of tests are short. An event id is `<stream>_<number>`. */
function makeEventStore(): EventStore {
  const events: { id: string; stream: string; message: JSONRPCMessage }[] = []
  return {
    storeEvent: (stream, message) => {
      const id = `${stream}_${events.length}`
      events.push({ id, stream, message })
      return Promise.resolve(id)
    },
    getStreamIdForEventId: (id) => Promise.resolve(events.find((event) => event.id === id)?.stream),
    replayEventsAfter: async (lastId, { send }) => {
      const last = events.findIndex((event) => event.id === lastId)
      const stream = events[last]?.stream ?? ''
      for (const event of events.slice(last + 1)) {
        if (event.stream === stream && 'jsonrpc' in event.message) await send(event.id, event.message)
      }
      return stream
    },
  }
}

if (import.meta.main) {
  const fixture = await startFixture(Number(process.argv[2] ?? 0))
  process.stdout.write(`${JSON.stringify({ event: 'ready', url: fixture.url })}\n`)
}
