// An example MCP server: the customer database of a made-up company, full of made-up personal data, open to everybody on this
// machine. Put the gateway before it. Run it with: node server.js [port], and CUSTOMERS_API_KEY in the environment.
import { McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { openDatabase, SCHEMA } from './database.ts'
import type { Database } from './database.ts'
import { serveStreamableHttp } from './streamable-http.ts'
import type { Serving } from './streamable-http.ts'
import { addTools } from './tools.ts'

export interface CustomersOptions {
  /** 0: a free one. */
  readonly port: number
  /** What `credit_report` wants in the header X-Api-Key. Undefined: it refuses everybody. */
  readonly apiKey: string | undefined
}

export interface Customers extends Serving {
  /** What is in it, whoever asks. */
  readonly database: Database
}

/** Starts the server on 127.0.0.1 with a fresh database, the same for all clients. */
export async function startCustomers({ port, apiKey }: CustomersOptions): Promise<Customers> {
  const database = openDatabase()
  const serving = await serveStreamableHttp({ port, makeServer: () => makeServer(database, apiKey) })
  return {
    url: serving.url,
    database,
    close: async () => {
      await serving.close()
      database.close()
    },
  }
}

function makeServer(database: Database, apiKey: string | undefined): McpServer {
  const server = new McpServer(
    { name: 'customers', title: 'Customer database', version: '1.0.0' },
    { instructions: 'Customers of a made-up company. Read customers://schema before you write SQL.' },
  )
  addTools(server, database, apiKey)
  server.registerResource(
    'schema',
    'customers://schema',
    { title: 'Schema', description: 'The table, as SQL', mimeType: 'application/sql' },
    (uri) => ({ contents: [{ uri: uri.href, mimeType: 'application/sql', text: SCHEMA }] }),
  )
  server.registerPrompt(
    'customer_summary',
    { title: 'Summary', description: 'Sums up one customer', argsSchema: z.object({ name: z.string() }) },
    ({ name }) => {
      const text = `Find the customer ${name} with find_customer and sum up plan and balance in two sentences.`
      return { messages: [{ role: 'user', content: { type: 'text', text } }] }
    },
  )
  return server
}

if (import.meta.main) await main()

async function main(): Promise<void> {
  const serving = await startCustomers({
    port: Number(process.argv[2] ?? 0),
    apiKey: process.env['CUSTOMERS_API_KEY'],
  })
  process.stdout.write(`${JSON.stringify({ event: 'ready', url: serving.url })}\n`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void serving.close())
}
