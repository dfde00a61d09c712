// Somebody who vouches for the log searches it once more: a connection without masking has left values in it.
import { rm, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeCustomers } from '../../examples/customers/people.ts'
import { startCustomers } from '../../examples/customers/server.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'

const CUSTOMERS = makeCustomers()
let customers: Awaited<ReturnType<typeof startCustomers>>
let gateway: Gateway
beforeAll(async () => {
  customers = await startCustomers({ port: 0, apiKey: 'made-up-bureau-key' })
  const upstream = { http: { url: customers.url } }
  gateway = await startGateway({
    connections: { masked: { upstream }, open: { upstream, masking: { profile: 'off' } } },
  })
  await findOver('masked')
})
afterAll(async () => {
  await gateway.stop()
  await customers.close()
})

async function findOver(connection: string): Promise<void> {
  const client = new Client({ name: 'agent', version: '1' })
  const requestInit = { headers: { authorization: `Bearer ${await gateway.token('alice')}` } }
  await client.connect(new StreamableHTTPClientTransport(new URL(gateway.url(connection)), { requestInit }))
  const text = CUSTOMERS[0]?.name.split(' ').at(-1) ?? ''
  await client.callTool({ name: 'find_customer', arguments: { text, limit: 1 } })
  await client.close()
}

const search = (...args: string[]) => gateway.command(['mask', '--log', gateway.dataFolder, ...args])

describe('a search in a log', () => {
  it('finds nothing where everything was hidden, beside a gateway that runs', async () => {
    const { code, stdout } = await search()
    expect(stdout).toMatch(/^Searched \d+ records: no value that these rules hide\.\n$/)
    expect(code).toBe(0)
  })

  it('finds what got into it, says where and why, and shows nothing of it', async () => {
    await findOver('open')
    const { code, stdout } = await search()
    expect(stdout).toMatch(
      /\n#\d+ response result\.structuredContent\.customers\[0\]\.email: email 1\.00 surrogate \(key/,
    )
    expect(stdout).toMatch(/\nSearched \d+ records: \d+ values that these rules hide\.\n$/)
    for (const { email, card, iban } of CUSTOMERS)
      for (const value of [email, card, iban]) expect(stdout).not.toContain(value)
    expect(code).toBe(1)
    const lines = (await search('--json')).stdout.trimEnd().split('\n')
    expect(lines.map((line): unknown => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ seq: expect.any(Number), part: 'response', entity: 'email', action: 'surrogate' }),
    )
  })

  it('looks at one connection by the rules that it has', async () => {
    const of = (name: string) => search('-c', gateway.configFile, '--connection', name)
    expect((await of('masked')).code).toBe(0)
    expect((await of('open')).stdout).toMatch(/: no value that these rules hide/)
    expect((await search('--entity', 'phone')).stdout).toMatch(/: phone /)
  })

  it('takes a configuration for its keys and kinds, and looks at all connections', async () => {
    await findOver('open')
    const { code, stdout } = await search('-c', gateway.configFile)
    expect(stdout).toMatch(/: email 1\.00 surrogate /)
    expect(code).toBe(1)
  })

  it('in a folder without one says so', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sallyport-no-log-'))
    const { code, stderr } = await gateway.command(['mask', '--log', folder])
    await rm(folder, { recursive: true })
    expect(stderr).toContain(`There is no log in ${folder}.`)
    expect(code).toBe(2)
  })
})
