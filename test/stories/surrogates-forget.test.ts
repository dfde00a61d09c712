// Somebody asks to be forgotten while agents work: what they were given means nothing any more, from the next call on.
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeCustomers } from '../../examples/customers/people.ts'
import { startCustomers } from '../../examples/customers/server.ts'
import { principalId } from '../../src/identity/principal.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'
import { at } from '../support/records.ts'

const [FIRST] = makeCustomers()
let customers: Awaited<ReturnType<typeof startCustomers>>
let gateway: Gateway
beforeAll(async () => {
  customers = await startCustomers({ port: 0, apiKey: 'made-up-bureau-key' })
  const restore = { why: 'Support changes the customer.', sinks: [{ tool: 'update_customer', argument: 'email' }] }
  const upstream = { http: { url: customers.url } }
  gateway = await startGateway({
    connections: {
      first: { upstream, masking: { restore } },
      second: { upstream, masking: { restore } },
    },
  })
})
afterAll(async () => {
  await gateway.stop()
  await customers.close()
})

/** A stand-in of the first customer's address, and whether it can be used. */
async function given(person: string, connection = 'first') {
  const client = new Client({ name: 'agent', version: '1' })
  const requestInit = { headers: { authorization: `Bearer ${await gateway.token(person)}` } }
  await client.connect(new StreamableHTTPClientTransport(new URL(gateway.url(connection)), { requestInit }))
  await client.listTools()
  const text = FIRST?.name.split(' ').at(-1) ?? ''
  const found = await client.callTool({ name: 'find_customer', arguments: { text, limit: 1 } })
  const [row] = at(found.structuredContent, 'customers') as { id: number; email: string }[]
  if (row === undefined) throw new Error('there is no such customer')
  const { id, email } = row
  return {
    email,
    isGood: async () => (await client.callTool({ name: 'update_customer', arguments: { id, email } })).isError !== true,
    [Symbol.asyncDispose]: () => client.close(),
  }
}

const forget = (...whose: string[]) => gateway.command(['surrogates', 'forget', '-c', gateway.configFile, ...whose])

describe('surrogates forget, beside a gateway that runs', () => {
  it('erases those of a person, by the id of records or by subject, and nobody else’s', async () => {
    for (const whose of [principalId(gateway.issuer.url, 'alice'), 'alice']) {
      await using alice = await given('alice')
      await using bob = await given('bob')
      expect(await alice.isGood()).toBe(true)
      const done = await forget('--principal', whose)
      expect(done.stdout).toMatch(/^Erased \d+ stand-ins in 1 scope\. A running gateway refuses them now\.\n$/)
      expect(done.code).toBe(0)
      expect([await alice.isGood(), await bob.isGood()]).toEqual([false, true])
      await using again = await given('alice')
      expect(again.email).not.toBe(alice.email)
      expect(await again.isGood()).toBe(true)
    }
  })

  it('erases those of a connection', async () => {
    await using first = await given('alice')
    await using second = await given('alice', 'second')
    expect((await forget('--connection', 'second')).code).toBe(0)
    expect([await first.isGood(), await second.isGood()]).toEqual([true, false])
  })

  it('erases all, and says how many', async () => {
    await using alice = await given('alice')
    const { stdout, code } = await forget('--all', '--json')
    expect(JSON.parse(stdout)).toEqual({ scopes: expect.any(Number), surrogates: expect.any(Number) })
    expect(code).toBe(0)
    expect(await alice.isGood()).toBe(false)
    const database = new DatabaseSync(join(gateway.dataFolder, 'surrogates.db'), { readOnly: true })
    const left = database.prepare('SELECT (SELECT count(*) FROM scope) + (SELECT count(*) FROM surrogate) AS n').get()
    database.close()
    expect(left).toMatchObject({ n: 0 })
  })
})

describe('surrogates forget, where it erases nothing, says so', () => {
  it('of somebody who has none', async () => {
    const { stderr, code } = await forget('--principal', 'nobody')
    expect(stderr).toBe(`No such stand-ins are kept in ${gateway.dataFolder}.\n`)
    expect(code).toBe(1)
  })

  it('in a folder without any, and makes none there', async () => {
    const folder = join(gateway.folder, 'elsewhere')
    await mkdir(join(folder, 'connections'), { recursive: true })
    await writeFile(join(folder, 'policy.yaml'), 'version: 1\nrules: []\n')
    await writeFile(
      join(folder, 'sallyport.yaml'),
      'version: 1\nidentity: { issuers: [{ issuer: https://login.example.com }] }\nmaster_key: "${env:LOST_KEY}"\nresources: [connections/]\n',
    )
    const config = join(folder, 'sallyport.yaml')
    const { stderr, code } = await gateway.command(['surrogates', 'forget', '-c', config, '--all'])
    expect(stderr).toContain('No such stand-ins are kept in')
    expect(code).toBe(1)
    expect(existsSync(join(folder, 'data', 'surrogates.db'))).toBe(false)
  })

  it('while somebody else has the database locked', async () => {
    await using alice = await given('alice')
    const database = new DatabaseSync(join(gateway.dataFolder, 'surrogates.db'))
    database.exec('BEGIN IMMEDIATE')
    const { stderr, code } = await forget('--all')
    database.exec('ROLLBACK')
    database.close()
    expect(stderr).toMatch(/could not be erased: database is locked|cannot be opened/)
    expect(stderr).not.toContain('    at ')
    expect(code).toBe(3)
    expect(await alice.isGood()).toBe(true)
  })

  it.each([[[]], [['--all', '--principal', 'alice']], [['--connection']]])('called with %j', async (whose) => {
    const { stderr, code } = await forget(...whose)
    expect(stderr).toMatch(/Say whose|argument missing/)
    expect(code).toBe(2)
  })
})
