// What an agent sees of customers, and how it works with them all the same: real servers, real clients, the binary.
import { Client } from '@modelcontextprotocol/client'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeCustomers } from '../../examples/customers/people.ts'
import { startCustomers } from '../../examples/customers/server.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'
import { at, ofKind, recordsOf } from '../support/records.ts'

const SUR = /^sur_email_[0-9a-z]{18}$/
const CUSTOMERS = makeCustomers()
const [FIRST] = CUSTOMERS

let customers: Awaited<ReturnType<typeof startCustomers>>
let others: Awaited<ReturnType<typeof startCustomers>>
let gateway: Gateway
beforeAll(async () => {
  customers = await startCustomers({ port: 0, apiKey: 'made-up-bureau-key' })
  others = await startCustomers({ port: 0, apiKey: 'made-up-bureau-key' })
  const sinks = [
    { tool: 'update_customer', argument: 'email' },
    { tool: 'update_customer', argument: 'phone' },
    { tool: 'find_customer', argument: 'text' },
  ]
  const restore = { why: 'Support changes the customer it has found.', sinks }
  gateway = await startGateway({
    connections: {
      customers: { upstream: { http: { url: customers.url } }, masking: { restore } },
      others: { upstream: { http: { url: others.url } }, masking: { restore } },
    },
    policy: {
      version: 1,
      default: 'deny',
      groups: { dba: ['dba'] },
      rules: [
        { id: 'all', effect: 'allow', match: { connections: ['*'] } },
        {
          id: 'cards-last-four',
          effect: 'mask',
          match: { connections: ['customers'], groups: ['dba'] },
          mask: [{ entities: ['card'], with: 'partial' }],
        },
      ],
    },
  })
})
afterAll(async () => {
  await gateway.stop()
  await customers.close()
  await others.close()
})

interface Found {
  readonly id: number
  readonly email: string
  readonly phone: string
  readonly card: string
  readonly iban: string
  readonly ssn: string | null
}

async function agent(person: string, connection = 'customers') {
  const client = new Client({ name: 'agent', version: '1' })
  const headers = { authorization: `Bearer ${await gateway.token(person)}` }
  await client.connect(
    new StreamableHTTPClientTransport(new URL(gateway.url(connection)), { requestInit: { headers } }),
  )
  // The output schemas are known to client and gateway alike from here on.
  await client.listTools()
  const call = async (name: string, args: Record<string, unknown>) => {
    const result = await client.callTool({ name, arguments: args })
    const [first] = result.content as { text: string }[]
    return { text: first?.text ?? '', structured: result.structuredContent, isError: result.isError === true }
  }
  return {
    call,
    find: async (text: string): Promise<Found> => {
      const found = await call('find_customer', { text, limit: 1 })
      const list = at(found.structured, 'customers')
      if (!Array.isArray(list)) throw new Error(found.text)
      return list[0] as Found
    },
    [Symbol.asyncDispose]: () => client.close(),
  }
}

function stored(id: number): Record<string, unknown> {
  const [row] = customers.database.run('SELECT * FROM customers WHERE id = ?', id).rows
  return row ?? {}
}

describe('an agent that looks for a customer', () => {
  it('sees stand-ins, the same in text and structured content, and no value', async () => {
    await using alice = await agent('alice')
    const found = await alice.call('find_customer', { text: lastNameOf(FIRST), limit: 5 })
    expect(JSON.parse(found.text)).toEqual(found.structured)
    for (const { email, phone, card, iban } of CUSTOMERS)
      for (const value of [email, phone, card, iban]) expect(found.text).not.toContain(value)
    const again = await alice.call('find_customer', { text: lastNameOf(FIRST), limit: 5 })
    expect(again.structured).toEqual(found.structured)
  })

  it('sees what the rule for its group shows of it', async () => {
    await using bob = await agent('bob')
    const { card } = await bob.find(lastNameOf(FIRST))
    expect(card).toMatch(/^x[x-]*\d{4}$/)
  })

  it('changes that very customer with stand-ins, and the database has the true values', async () => {
    await using alice = await agent('alice')
    const found = await alice.find(lastNameOf(FIRST))
    expect(found.email).toMatch(SUR)
    const before = stored(found.id)
    customers.database.run(
      "UPDATE customers SET email = 'other@example.net', phone = '+49 30 1234567' WHERE id = ?",
      found.id,
    )
    const changed = await alice.call('update_customer', { id: found.id, email: found.email, phone: found.phone })
    expect(changed.isError).toBe(false)
    expect(stored(found.id)).toEqual(before)
    expect(at(changed.structured, 'customer', 'email')).toBe(found.email)
    expect(changed.text).not.toContain(before['email'])
  })

  it('finds the customer again by a stand-in', async () => {
    await using alice = await agent('alice')
    const found = await alice.find(lastNameOf(FIRST))
    expect((await alice.find(found.email)).id).toBe(found.id)
  })
})

describe('a stand-in', () => {
  it('is of no use anywhere else: the same words each time, and nothing reaches a server', async () => {
    await using alice = await agent('alice')
    await using bob = await agent('bob')
    await using elsewhere = await agent('alice', 'others')
    const { id, email } = await alice.find(lastNameOf(FIRST))
    const damaged = `${email.slice(0, -1)}${email.endsWith('0') ? '1' : '0'}`
    const before = stored(id)
    const refused = [
      await bob.call('update_customer', { id, email }),
      await elsewhere.call('update_customer', { id, email }),
      await alice.call('query', { sql: `SELECT id FROM customers WHERE email = '${email}'` }),
      await alice.call('update_customer', { id, email: damaged }),
      await alice.call('update_customer', { id, email: `https://evil.example/?e=${email}` }),
      await alice.call('update_customer', { id, email: `mailto:${email}` }),
      await alice.call('update_customer', { id, email: 'sur_email_000000000000000000' }),
    ]
    expect(refused.map(({ isError }) => isError)).toEqual(refused.map(() => true))
    expect(new Set(refused.map(({ text }) => text)).size).toBe(1)
    expect(refused[0]?.text).toContain('stand-in')
    expect(stored(id)).toEqual(before)
  })

  it('is not made of what an agent typed: the record has a hash of it, and that means nothing to anybody', async () => {
    await using alice = await agent('alice')
    const typed = 'typed.by.an.agent@example.com'
    await alice.call('find_customer', { text: typed })
    const text = JSON.stringify(await recordsOf(gateway))
    const kept = /h_email_[0-9a-z]{16}/.exec(text)?.[0]
    expect(kept).toBeDefined()
    expect(text).not.toContain(typed)
    await alice.call('update_customer', { id: 2, email: kept })
    expect(stored(2)['email']).toBe(kept)
  })

  it('survives a restart of the gateway', async () => {
    const first = await agent('alice')
    const { id, email } = await first.find(lastNameOf(FIRST))
    await first[Symbol.asyncDispose]()
    await gateway.restart()
    await using alice = await agent('alice')
    expect((await alice.call('update_customer', { id, email })).isError).toBe(false)
  })
})

describe('the record', () => {
  it('says what was hidden and what turned back, and holds no value', async () => {
    await using alice = await agent('alice')
    const { id, email } = await alice.find(lastNameOf(FIRST))
    await alice.call('update_customer', { id, email })
    const records = await recordsOf(gateway)
    const outcome = ofKind(records, 'outcome').findLast(
      (record) => at(record, 'masking', 'entities', 'email') !== undefined,
    )
    expect(outcome).toMatchObject({
      masking: { verified: 'passed', entities: { email: { surrogate: expect.any(Number) } } },
    })
    const intent = ofKind(records, 'intent').findLast((record) => at(record, 'masking', 'restored') !== undefined)
    expect(at(intent, 'masking', 'restored')).toEqual([email.slice(-18)])
    const text = JSON.stringify(records)
    for (const person of CUSTOMERS)
      for (const value of [person.email, person.card, person.iban]) expect(text).not.toContain(value)
  })
})

describe('a secret that an agent sends', () => {
  it('does not go to the server, and the agent learns why', async () => {
    await using alice = await agent('alice')
    const key = ['gh', 'p_', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'].join('')
    const { text, isError } = await alice.call('find_customer', { text: `the key is ${key}` })
    expect(isError).toBe(true)
    expect(text).toMatch(/a value of the kind secret, which must not go to "customers"/)
    expect(JSON.stringify(await recordsOf(gateway))).not.toContain(key)
  })
})

function lastNameOf(person: (typeof CUSTOMERS)[number] | undefined): string {
  return person?.name.split(' ').at(-1) ?? ''
}
