// How long a stand-in lives, and how many turn back: a real customer database, a real client, and a clock that can be set ahead.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startCustomers } from '../../examples/customers/server.ts'
import { clockAhead, type ClockAhead } from '../support/clock-ahead.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'
import { at, ofKind, recordsOf } from '../support/records.ts'

const MINUTE_MS = 60_000
/** Of the gateway in this test. */
const PER_MINUTE = 4

let customers: Awaited<ReturnType<typeof startCustomers>>
let gateway: Gateway
let clock: ClockAhead
const folder = mkdtempSync(join(tmpdir(), 'stand-ins-'))
beforeAll(async () => {
  customers = await startCustomers({ port: 0, apiKey: undefined })
  clock = clockAhead(folder)
  const sinks = [{ tool: 'update_customer', argument: 'email' }]
  gateway = await startGateway({
    connections: {
      customers: {
        upstream: { http: { url: customers.url } },
        masking: { restore: { why: 'Support changes the customer it has found.', sinks } },
      },
    },
    config: { masking: { surrogates: { lifetime: '1m', restores_per_minute: PER_MINUTE } } },
    env: clock.env,
  })
})
afterAll(async () => {
  await gateway?.stop()
  await customers?.close()
  rmSync(folder, { recursive: true, force: true })
})

async function agent() {
  const client = new Client({ name: 'agent', version: '1' })
  const headers = { authorization: `Bearer ${await gateway.token('alice')}` }
  await client.connect(
    new StreamableHTTPClientTransport(new URL(gateway.url('customers')), { requestInit: { headers } }),
  )
  await client.listTools()
  const call = async (name: string, args: Record<string, unknown>) => {
    const result = await client.callTool({ name, arguments: args })
    const [first] = result.content as { text: string }[]
    return { text: first?.text ?? '', structured: result.structuredContent, isError: result.isError === true }
  }
  return {
    find: async (limit: number) => {
      const { structured } = await call('find_customer', { text: 'a', limit })
      return at(structured, 'customers') as { readonly id: number; readonly email: string }[]
    },
    update: (id: number, email: string) => call('update_customer', { id, email }),
    [Symbol.asyncDispose]: () => client.close(),
  }
}

const stored = (id: number) => customers.database.run('SELECT email FROM customers WHERE id = ?', id).rows[0]?.['email']

async function lastReason(): Promise<unknown> {
  return at(ofKind(await recordsOf(gateway), 'refused').at(-1), 'decision', 'reason')
}

it('more of them in a minute than one person needs are refused, and turn back a minute later', async () => {
  await using alice = await agent()
  const found = await alice.find(PER_MINUTE + 1)
  expect(new Set(found.map(({ email }) => email)).size).toBe(PER_MINUTE + 1)
  const before = found.map(({ id }) => stored(id))
  const answers = []
  for (const { id, email } of found) answers.push(await alice.update(id, email))
  expect(answers.map(({ isError }) => isError)).toEqual([...Array<boolean>(PER_MINUTE).fill(false), true])
  expect(found.map(({ id }) => stored(id))).toEqual(before)
  const [first, last] = [found[0], found.at(-1)]
  // What turned back already may do so again.
  expect((await alice.update(first?.id ?? 0, first?.email ?? '')).isError).toBe(false)
  expect(answers.at(-1)?.text).toContain('cannot be used here')
  expect(await lastReason()).toMatch(/^surrogate-unknown, too-many: /)
  expect(gateway.process().stderr()).toContain('more stand-ins were to turn back for one caller than may')
  expect(last?.email).toMatch(/^sur_email_/)
})

it('one whose time is over is refused in the same words as one that never was', async () => {
  clock.setAhead(MINUTE_MS)
  await using alice = await agent()
  const [found] = await alice.find(1)
  const { id = 0, email = '' } = found ?? {}
  const before = stored(id)
  expect((await alice.update(id, email)).isError).toBe(false)
  clock.setAhead(2 * MINUTE_MS + 1)
  const late = await alice.update(id, email)
  const made = await alice.update(id, 'sur_email_000000000000000000')
  expect(late).toEqual(made)
  expect(late.isError).toBe(true)
  expect(stored(id)).toBe(before)
  // The next one is another, and of use.
  const [again] = await alice.find(1)
  expect(again?.email).not.toBe(email)
  expect((await alice.update(id, again?.email ?? '')).isError).toBe(false)
})
