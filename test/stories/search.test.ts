// Who searches what was recorded, over the API and in a terminal, and what they get to see.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Gateway } from '../support/gateway.ts'
import { startGateway } from '../support/gateway.ts'
import { openSession } from '../support/mcp-client.ts'
import { at, ofKind, recordsOf, run } from '../support/records.ts'
import type { ScriptedServer } from '../support/scripted-server.ts'
import { startScriptedServer } from '../support/scripted-server.ts'

const POLICY = {
  version: 1,
  default: 'deny',
  rules: [
    { id: 'everybody-reads', effect: 'allow', match: { connections: ['*'], tools: ['query'] } },
    { id: 'nobody-truncates', effect: 'deny', match: { connections: ['*'], tools: ['truncate'] } },
  ],
}

let gateway: Gateway
let servers: ScriptedServer[]
beforeAll(async () => {
  servers = await Promise.all([startScriptedServer(), startScriptedServer()])
  const [db, wiki] = servers
  gateway = await startGateway({
    connections: {
      db: { upstream: { http: { url: db?.url ?? '' } } },
      wiki: { upstream: { http: { url: wiki?.url ?? '' } } },
    },
    policy: POLICY,
    config: { audit: { view: { auditors: ['auditors'], connections: [{ groups: ['dba'], connections: ['d*'] }] } } },
  })
  const alice = await openSession({ gateway, connection: 'db', person: 'alice' })
  await alice.call('query', { sql: 'select salary from wages where name = "zanzibar"' })
  await alice.call('truncate', { table: 'wages' })
  const bob = await openSession({ gateway, connection: 'wiki', person: 'bob' })
  await bob.call('query', { sql: 'zanzibar handbook' })
})
afterAll(async () => {
  await gateway?.stop()
  await Promise.all((servers ?? []).map((server) => server[Symbol.asyncDispose]()))
})

describe('an auditor', () => {
  it('finds what was recorded a moment ago, and each hit opens', async () => {
    const { status, body } = await search('ada', { q: 'zanzibar', count: 'true', facets: 'who,connection' })
    expect(status).toBe(200)
    expect(at(body, 'count')).toEqual({ n: 2, exact: true })
    const hits = hitsOf(body)
    expect(hits.map((hit) => at(hit, 'conn', 'name'))).toEqual(['wiki', 'db'])
    for (const hit of hits) expect(at(hit, 'integrity', 'state')).toBe('verified')
    expect(at(body, 'facets', 'connection', 'values')).toEqual([
      { value: 'db', n: 1 },
      { value: 'wiki', n: 1 },
    ])
  })

  it('asks by field, and is told the query as it was understood', async () => {
    const { body } = await search('ada', { q: 'USER:alice decision:deny' })
    expect(at(body, 'query')).toBe('who:alice decision:deny')
    expect(hitsOf(body).map((hit) => at(hit, 'decision', 'rule'))).toEqual(['nobody-truncates'])
  })

  it('leaves a record of the look itself, which can be found in turn', async () => {
    await search('ada', { q: 'kind:intent zebra', limit: '3' })
    const view = ofKind(await recordsOf(gateway), 'view').at(-1)
    expect(at(view, 'actor', 'sub')).toBe('ada')
    expect(at(view, 'view')).toEqual({ query: 'kind:intent zebra', rows: 0, sees: 'all' })
    const { body } = await search('ada', { q: 'kind:view who:ada', count: 'true' })
    expect(Number(at(body, 'count', 'n'))).toBeGreaterThan(0)
  })

  it('does not put a card number into the log by asking for it', async () => {
    const card = ['4111', '1111', '1111', '1111'].join('')
    const { status } = await search('ada', { q: card })
    expect(status).toBe(200)
    expect(JSON.stringify(await recordsOf(gateway))).not.toContain(card)
  })
})

describe('somebody who is no auditor', () => {
  it('sees their own calls and nobody else’s, in hits, counts and facets', async () => {
    const { body } = await search('alice', {
      q: '*',
      count: 'true',
      facets: 'who,connection',
      histogram: 'day',
      limit: '1000',
    })
    const hits = hitsOf(body)
    expect(hits.length).toBeGreaterThan(2)
    for (const hit of hits) expect(at(hit, 'actor', 'sub')).toBe('alice')
    expect(at(body, 'count', 'n')).toBe(hits.length)
    expect(JSON.stringify(at(body, 'facets'))).not.toMatch(/bob|wiki/)
  })

  it('sees what passed the connections of their groups', async () => {
    const { body } = await search('bob', { q: 'zanzibar' })
    expect(hitsOf(body).map((hit) => at(hit, 'actor', 'sub'))).toEqual(['bob', 'alice'])
    const { body: others } = await search('alice', { q: 'zanzibar' })
    expect(hitsOf(others).map((hit) => at(hit, 'actor', 'sub'))).toEqual(['alice'])
  })

  it('is not taken for somebody of that name at another issuer, whatever they write into the query', async () => {
    const { body } = await search('alice', { q: 'who:bob OR (* -who:alice) OR "zanzibar handbook"', count: 'true' })
    expect(hitsOf(body)).toEqual([])
    expect(at(body, 'count', 'n')).toBe(0)
  })
})

describe('the API', () => {
  it('looks for a regular expression in what the asker may see, and says how far it looked', async () => {
    const { body } = await search('alice', { q: '/ZANZ[i-b]?[aeiou]bar/ -kind:view', count: 'true' })
    expect(JSON.stringify(at(body, 'mistakes'))).toContain('invalid character class range')
    const q = '/ZANZ[aeiou]bar/ -kind:view'
    const all = await search('ada', { q, count: 'true', facets: 'connection' })
    expect([at(all.body, 'query'), at(all.body, 'count')]).toEqual([q, { n: 2, exact: true }])
    expect(at(all.body, 'looked', 'says')).toMatch(/^looked at \d+ records$/)
    const own = await search('alice', { q, count: 'true', facets: 'connection' })
    expect(hitsOf(own.body).map((hit) => at(hit, 'conn', 'name'))).toEqual(['db'])
    expect(at(own.body, 'facets', 'connection', 'values')).toEqual([{ value: 'db', n: 1 }])
    expect(Number(at(own.body, 'looked', 'at'))).toBeLessThan(Number(at(all.body, 'looked', 'at')))
  })

  it('wants to know who asks', async () => {
    const response = await fetch(`${gateway.base()}/api/v1/search?q=*`)
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toContain('resource_metadata=')
  })

  it('says what is wrong with a query, and where', async () => {
    const { status, body } = await search('ada', { q: 'sever:x' })
    expect(status).toBe(400)
    expect(at(body, 'mistakes')).toEqual([
      { span: { start: 0, end: 5 }, message: 'there is no field "sever"', suggestion: 'server:' },
    ])
  })

  it.each([
    ['an unknown parameter', 'q=*&fields=all', 400],
    ['a parameter that stands there twice', 'q=*&q=a', 400],
    ['a limit without end', 'q=*&limit=100000', 400],
    ['a facet that is no field', 'q=*&facets=password', 400],
    ['a zone that is nowhere', 'q=*&zone=Mars', 400],
  ])('refuses %s', async (_, query, status) => {
    const response = await get(`search?${query}`, 'ada')
    expect(response.status).toBe(status)
    expect(await response.text()).toMatch(/^\{"error":".+\."\}$/)
  })

  it('has no other page', async () => {
    expect((await get('everything', 'ada')).status).toBe(404)
    expect((await get('search?q=*', 'ada', 'POST')).status).toBe(405)
  })
})

describe('in a terminal', () => {
  it('the same question has the same answer, beside the gateway', async () => {
    const { body } = await search('ada', { q: 'zanzibar' })
    const { stdout } = await run(gateway, ['search', 'zanzibar', '--json'])
    expect(hitsOf(JSON.parse(stdout)).map((hit) => at(hit, 'seq'))).toEqual(hitsOf(body).map((hit) => at(hit, 'seq')))
  })

  it('words are marked, and what a server wrote draws nothing', async () => {
    const { stdout, stderr } = await run(gateway, ['search', '-kind:view', 'salary', '--count'])
    expect(stdout).toContain('»salary«')
    expect(stdout).toContain('1 records')
    expect(stderr).toContain('-kind:view salary: 1 shown')
  })

  it('a regular expression is looked for in what was recorded, and said to be', async () => {
    const { stdout, stderr } = await run(gateway, ['search', '/select\\s+sal[a-z]+/', 'who:alice', '--count'])
    expect(stdout).toContain('»select salary«')
    expect(stdout).toContain('1 records')
    expect(stderr).toMatch(/looked at \d+ records/)
    const done = await gateway.command(['search', 'x /(?=a)/', '--data', gateway.dataFolder])
    expect([done.code, done.stderr]).toEqual([2, expect.stringContaining('look-around')])
  })

  it('a mistake is shown with its place', async () => {
    const done = await gateway.command(['search', 'decision:denied', '--data', gateway.dataFolder])
    expect(done.code).toBe(2)
    expect(done.stderr).toContain('  decision:denied\n           ^^^^^^ decision is never "denied"; decision:deny\n')
  })

  it('the index cannot be thrown away under a running gateway, and can afterwards', async () => {
    const during = await gateway.command(['reindex', '--data', gateway.dataFolder])
    expect(during.code).toBe(3)
    expect(during.stderr).toContain('in use by another Sallyport process')
    await gateway.process().stop()
    const after = await gateway.command(['reindex', '--data', gateway.dataFolder])
    expect(after.stdout).toMatch(/^Indexed \d+ records\.\n$/)
    const { stdout } = await run(gateway, ['search', 'salary', '--count', '-n', '0'])
    expect(stdout).toBe('1 records\n')
  })
})

async function get(path: string, person: string, method = 'GET'): Promise<Response> {
  const headers = { authorization: `Bearer ${await gateway.token(person)}` }
  return fetch(`${gateway.base()}/api/v1/${path}`, { method, headers })
}

async function search(person: string, parameters: Readonly<Record<string, string>>) {
  const response = await get(`search?${new URLSearchParams(parameters).toString()}`, person)
  const body: unknown = await response.json()
  return { status: response.status, body }
}

function hitsOf(body: unknown): readonly unknown[] {
  const hits = at(body, 'hits')
  return Array.isArray(hits) ? hits : []
}
