// What a support desk would want from its customer database, careless about who asks: guarding it is the gateway's task.
import { createHash, timingSafeEqual } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CallToolResult, McpServer, ServerContext } from '@modelcontextprotocol/server'
import { z } from 'zod'
import type { Database, Row } from './database.ts'
import { COUNTRIES, PLANS } from './people.ts'

const row = z.record(z.string(), z.union([z.string(), z.number(), z.null()]))
const customer = z.object({
  id: z.number(),
  name: z.string(),
  email: z.string(),
  phone: z.string(),
  card: z.string(),
  iban: z.string(),
  ssn: z.string().nullable(),
  country: z.string(),
  plan: z.string(),
  balance: z.number(),
})

export function addTools(server: McpServer, database: Database, apiKey: string | undefined): void {
  addQuery(server, database)
  addFindCustomer(server, database)
  addUpdateCustomer(server, database)
  addExport(server, database)
  addCreditReport(server, database, apiKey)
}

function addQuery(server: McpServer, database: Database): void {
  server.registerTool(
    'query',
    {
      title: 'Run SQL',
      description: 'Runs one SQLite statement on the table customers (see customers://schema). Reads and writes.',
      inputSchema: z.object({ sql: z.string().describe('One statement') }),
      outputSchema: z.object({ rows: z.array(row), truncated: z.boolean(), changes: z.number() }),
      annotations: { destructiveHint: true },
    },
    ({ sql }) => structured({ ...database.run(sql) }),
  )
}

function addFindCustomer(server: McpServer, database: Database): void {
  server.registerTool(
    'find_customer',
    {
      title: 'Find customers',
      description: 'Finds customers by a part of their name or e-mail address.',
      inputSchema: z.object({ text: z.string().min(1), limit: z.number().int().min(1).max(50).default(5) }),
      outputSchema: z.object({ customers: z.array(customer) }),
      annotations: { readOnlyHint: true },
    },
    ({ text, limit }) => {
      const sql = 'SELECT * FROM customers WHERE instr(lower(name), ?1) OR instr(lower(email), ?1) ORDER BY id LIMIT ?2'
      return structured({ customers: database.run(sql, text.toLowerCase(), limit).rows })
    },
  )
}

function addUpdateCustomer(server: McpServer, database: Database): void {
  server.registerTool(
    'update_customer',
    {
      title: 'Change a customer',
      description: 'Changes what is given, leaves the rest, answers with the customer as it is then.',
      inputSchema: z.object({
        id: z.number().int(),
        email: z.string().optional(),
        phone: z.string().optional(),
        plan: z.enum(PLANS).optional(),
        balance: z.number().optional(),
      }),
      outputSchema: z.object({ customer }),
      annotations: { idempotentHint: true },
    },
    ({ id, email, phone, plan, balance }) => {
      const sql = `UPDATE customers SET email = coalesce(?, email), phone = coalesce(?, phone), plan = coalesce(?, plan),
        balance = coalesce(?, balance) WHERE id = ? RETURNING *`
      const [changed] = database.run(sql, email ?? null, phone ?? null, plan ?? null, balance ?? null, id).rows
      return changed === undefined ? failed(`There is no customer ${id}.`) : structured({ customer: changed })
    },
  )
}

/** Rows between two progress notifications, and the pause that makes them visible. */
const EXPORT_STEP = 50
const EXPORT_PAUSE_MS = 20

function addExport(server: McpServer, database: Database): void {
  server.registerTool(
    'export_csv',
    {
      title: 'Export as CSV',
      description: 'Exports all customers, or those of one country, as CSV. Reports progress.',
      inputSchema: z.object({ country: z.enum(COUNTRIES).optional() }),
      annotations: { readOnlyHint: true },
    },
    async ({ country }, context) => {
      const sql = 'SELECT * FROM customers WHERE ?1 IS NULL OR country = ?1 ORDER BY id'
      const { rows } = database.run(sql, country ?? null)
      const lines = [Object.keys(rows[0] ?? {}).join(',')]
      for (let at = 0; at < rows.length; at += EXPORT_STEP) {
        // A client that cancelled wants nothing more.
        context.mcpReq.signal.throwIfAborted()
        lines.push(...rows.slice(at, at + EXPORT_STEP).map(csvLine))
        await report(context, Math.min(at + EXPORT_STEP, rows.length), rows.length)
        await sleep(EXPORT_PAUSE_MS)
      }
      return { content: [{ type: 'text', text: `${lines.join('\n')}\n` }] }
    },
  )
}

/** RFC 4180: quotes around what needs them, quotes inside doubled. */
function csvLine(values: Row): string {
  return Object.values(values)
    .map((value) => String(value ?? ''))
    .map((value) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value))
    .join(',')
}

async function report(context: ServerContext, progress: number, total: number): Promise<void> {
  const { _meta: meta } = context.mcpReq
  if (meta?.progressToken === undefined) return
  const message = `${progress} of ${total} customers`
  const params = { progressToken: meta.progressToken, progress, total, message }
  await context.mcpReq.notify({ method: 'notifications/progress', params })
}

function addCreditReport(server: McpServer, database: Database, apiKey: string | undefined): void {
  server.registerTool(
    'credit_report',
    {
      title: 'Credit report',
      description: 'Asks the credit bureau about a customer. The bureau wants its API key in the header X-Api-Key.',
      inputSchema: z.object({ id: z.number().int() }),
      outputSchema: z.object({ id: z.number(), name: z.string(), score: z.number(), limit: z.number() }),
      annotations: { readOnlyHint: true, openWorldHint: true },
    },
    ({ id }, context) => {
      const given = context.http?.req?.headers.get('x-api-key')
      if (apiKey === undefined || given === undefined || given === null || !isSame(given, apiKey)) {
        return failed('The credit bureau refused: the header X-Api-Key is missing or holds another key.')
      }
      const [found] = database.run('SELECT id, name, balance FROM customers WHERE id = ?', id).rows
      if (found === undefined) return failed(`There is no customer ${id}.`)
      const score = 300 + ((id * 7919) % 551)
      return structured({ id: found['id'], name: found['name'], score, limit: score * 20 })
    },
  )
}

/** Takes equally long for every wrong key. */
function isSame(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other))
}

function digest(text: string): Uint8Array {
  return createHash('sha256').update(text).digest()
}

/** The specification wants structured content repeated as text, for clients that know only text. */
function structured(content: Record<string, unknown>): CallToolResult {
  return { content: [{ type: 'text', text: JSON.stringify(content) }], structuredContent: content }
}

function failed(why: string): CallToolResult {
  return { content: [{ type: 'text', text: why }], isError: true }
}
