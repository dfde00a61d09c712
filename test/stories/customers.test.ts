// The example server does what its tools say, for clients of both lines of the SDK.
import { Client as ModernClient, StreamableHTTPClientTransport as ModernHttp } from '@modelcontextprotocol/client'
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as LegacyHttp } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeCustomers } from '../../examples/customers/people.ts'
import { startCustomers } from '../../examples/customers/server.ts'
import { initialize } from '../support/mcp-client.ts'

const API_KEY = 'made-up-bureau-key'
let customers: Awaited<ReturnType<typeof startCustomers>>
beforeAll(async () => {
  customers = await startCustomers({ port: 0, apiKey: API_KEY })
})
afterAll(() => customers.close())

interface Caller extends AsyncDisposable {
  tools(): Promise<string[]>
  call(name: string, args: Record<string, unknown>, onprogress?: (at: number) => void): Promise<Answer>
}
interface Answer {
  readonly text: string
  readonly structured: unknown
  readonly isError: boolean
}

const CLIENTS = {
  'SDK v1': async (headers = {}): Promise<Caller> => {
    const client = new LegacyClient({ name: 'test', version: '1' })
    await client.connect(new LegacyHttp(new URL(customers.url), { requestInit: { headers } }))
    return {
      tools: async () => (await client.listTools()).tools.map((tool) => tool.name),
      call: async (name, args, onprogress) =>
        read(await client.callTool({ name, arguments: args }, undefined, progress(onprogress))),
      [Symbol.asyncDispose]: () => client.close(),
    }
  },
  'SDK v2, legacy': (headers = {}) => connectV2('legacy', headers),
  'SDK v2, modern': (headers = {}) => connectV2('auto', headers),
} satisfies Record<string, (headers?: Record<string, string>) => Promise<Caller>>

async function connectV2(mode: 'auto' | 'legacy', headers: Record<string, string>): Promise<Caller> {
  const client = new ModernClient({ name: 'test', version: '1' }, { versionNegotiation: { mode } })
  await client.connect(new ModernHttp(new URL(customers.url), { requestInit: { headers } }))
  return {
    tools: async () => (await client.listTools()).tools.map((tool) => tool.name),
    call: async (name, args, onprogress) =>
      read(await client.callTool({ name, arguments: args }, progress(onprogress))),
    [Symbol.asyncDispose]: () => client.close(),
  }
}

function progress(onprogress: ((at: number) => void) | undefined): object {
  return onprogress === undefined ? {} : { onprogress: (report: { progress: number }) => onprogress(report.progress) }
}

function read(result: Record<string, unknown>): Answer {
  const [first] = Array.isArray(result['content']) ? (result['content'] as { text?: string }[]) : []
  return {
    text: first?.text ?? '',
    structured: result['structuredContent'],
    isError: result['isError'] === true,
  }
}

const [ada] = makeCustomers()

describe.each(Object.entries(CLIENTS))('the example server, called by %s', (_, connect) => {
  it('lists its five tools', async () => {
    await using client = await connect()
    expect(await client.tools()).toEqual(['query', 'find_customer', 'update_customer', 'export_csv', 'credit_report'])
  })

  it('answers SQL with rows, as structure and as the same text', async () => {
    await using client = await connect()
    const answer = await client.call('query', { sql: 'SELECT id, card FROM customers WHERE id <= 2 ORDER BY id' })
    const [first, second] = makeCustomers().map(({ id, card }) => ({ id, card }))
    expect(answer.structured).toEqual({ rows: [first, second], truncated: false, changes: 0 })
    expect(JSON.parse(answer.text)).toEqual(answer.structured)
  })

  it('writes, and shows what is there then', async () => {
    await using client = await connect()
    const answer = await client.call('update_customer', { id: 7, plan: 'enterprise' })
    expect(answer.structured).toMatchObject({ customer: { id: 7, plan: 'enterprise' } })
  })

  it('finds customers by name', async () => {
    await using client = await connect()
    const answer = await client.call('find_customer', { text: ada?.email ?? '' })
    expect(answer.structured).toMatchObject({ customers: [{ id: 1, name: ada?.name }] })
  })

  it('reports progress while it exports', async () => {
    await using client = await connect()
    const reports: number[] = []
    const answer = await client.call('export_csv', {}, (at) => reports.push(at))
    expect(answer.text.trimEnd().split('\n')).toHaveLength(501)
    expect(reports).toEqual([50, 100, 150, 200, 250, 300, 350, 400, 450, 500])
  })

  it('gives credit reports to those who hold the key, and an error to others', async () => {
    await using keyless = await connect()
    expect(await keyless.call('credit_report', { id: 1 })).toMatchObject({ isError: true, structured: undefined })
    await using wrong = await connect({ 'X-Api-Key': 'another-made-up-key' })
    expect(await wrong.call('credit_report', { id: 1 })).toMatchObject({ isError: true, structured: undefined })
    await using holder = await connect({ 'X-Api-Key': API_KEY })
    expect((await holder.call('credit_report', { id: 1 })).structured).toMatchObject({ id: 1, name: ada?.name })
  })

  it.each([
    "ATTACH '/tmp/sallyport-must-not-exist.db' AS x",
    "VACUUM INTO '/tmp/sallyport-must-not-exist.db'",
    'SELEKT',
  ])('answers %s with a tool error', async (sql) => {
    await using client = await connect()
    expect(await client.call('query', { sql })).toMatchObject({ isError: true })
  })
})

describe('the made-up customers', () => {
  it('are the same in every process, and well-formed', () => {
    const people = makeCustomers()
    expect(people).toEqual(makeCustomers())
    expect(people).toHaveLength(500)
    expect(people.filter(({ card }) => luhnSum(card) % 10 !== 0)).toEqual([])
    expect(people.filter(({ iban }) => ibanRest(iban) !== 1)).toEqual([])
    expect(people.filter(({ ssn }) => ssn !== null && !/^8\d\d-(?!00)\d\d-(?!0000)\d{4}$/.test(ssn))).toEqual([])
    expect(new Set(people.map(({ email }) => email)).size).toBe(500)
  })
})

/** Written the other way round than in the generator: from the left, by the weights of the position. */
function luhnSum(card: string): number {
  return Array.from(card, Number).reduce((sum, digit, at) => {
    const weighted = (card.length - at) % 2 === 0 ? digit * 2 : digit
    return sum + Math.floor(weighted / 10) + (weighted % 10)
  }, 0)
}

function ibanRest(iban: string): number {
  const moved = iban.slice(4) + iban.slice(0, 4)
  return Number(BigInt(moved.replaceAll(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55))) % 97n)
}

it('a stream that a client opens is seen to be open before there is anything to say', async () => {
  const headers = { accept: 'application/json, text/event-stream', 'content-type': 'application/json' }
  const hello = await fetch(customers.url, { method: 'POST', headers, body: JSON.stringify(initialize()) })
  const session = { ...headers, 'mcp-session-id': hello.headers.get('mcp-session-id') ?? '' }
  await hello.body?.cancel()
  const stream = await fetch(customers.url, { headers: session, signal: AbortSignal.timeout(2000) })
  expect(stream.status).toBe(200)
  await stream.body?.cancel()
})
