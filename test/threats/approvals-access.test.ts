// What people gave for a session is gone when the person who got it is: out of the group, logged out, or the session over.
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { askApi, idWaitingFor, vote, waitingFor } from '../support/approvals.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'
import { goodHeaders, type LegacySession, modern, openSession, post } from '../support/mcp-client.ts'
import { at, ofKind, recordsOf } from '../support/records.ts'
import { type ScriptedServer, startScriptedServer } from '../support/scripted-server.ts'

const POLICY = {
  version: 1,
  default: 'deny',
  groups: { engineers: ['engineers'], dba: ['dba'] },
  rules: [
    { id: 'all-use', effect: 'allow', match: { connections: ['db'] } },
    {
      id: 'access-by-the-session',
      effect: 'approve',
      match: { connections: ['db'], tools: ['watch', 'quick', 'slow'] },
      approval: { by: [{ group: 'dba' }], scope: 'session' },
    },
  ],
}
const EVENT = 'http://schemas.openid.net/event/backchannel-logout'
const CLIENT = 'gateway-client'

describe('what runs on access for a session', () => {
  let server: ScriptedServer
  let gateway: Gateway
  beforeAll(async () => {
    server = await startScriptedServer((received, response) => {
      if (received.method !== 'tools/call' || received.body.includes('"quick"')) return false
      // Never answered.
      if (received.body.includes('"slow"')) return true
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(
        'event: message\ndata: {"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"tick"}}\n\n',
      )
      return true
    })
    gateway = await startGateway({
      connections: { db: { upstream: { http: { url: server.url } } } },
      policy: POLICY,
      config: { approvals: { hold: '3s' } },
      issuer: { logout_audience: [CLIENT] },
    })
  })
  afterAll(async () => {
    await gateway.stop()
    await server[Symbol.asyncDispose]()
  })
  beforeEach(() => server.forget())

  /** A call that runs on access that was just given, and streams without an end. */
  const watching = async (session: LegacySession) => {
    const calling = fetch(session.url, {
      method: 'POST',
      headers: session.headers,
      body: JSON.stringify({ jsonrpc: '2.0', id: 9, method: 'tools/call', params: { name: 'watch', arguments: {} } }),
    })
    await vote(gateway, 'bob', await idWaitingFor(gateway, 'bob'), ['approve'])
    const body = (await calling).body?.getReader()
    if (body === undefined) throw new Error('no stream')
    let text = ''
    while (!text.includes('tick')) text += new TextDecoder().decode((await body.read()).value)
    // Ends well, or is cut: either way nothing comes any more.
    const over = async () => {
      for (;;) {
        const { done, value } = await body.read().catch(() => ({ done: true, value: undefined }))
        if (done) return 'over'
        text += new TextDecoder().decode(value)
      }
    }
    // In an object, or whoever waits for the call would wait for its end too.
    return { end: Promise.race([over(), sleep(15_000, 'goes on', { ref: false })]), read: () => text }
  }

  const logOut = async (claims: Record<string, unknown>) => {
    const all = { aud: CLIENT, sub: 'alice', jti: 'j', events: { [EVENT]: {} }, ...claims }
    const token = await gateway.issuer.sign(all, { header: { typ: 'logout+jwt' } })
    const url = `${gateway.base()}/api/v1/backchannel-logout`
    return (await fetch(url, { method: 'POST', body: new URLSearchParams({ logout_token: token }) })).status
  }

  it('is cut when the person comes without a group that they had', async () => {
    const session = await openSession({ gateway })
    const { end, read } = await watching(session)
    const token = await gateway.token('alice', { groups: [] })
    await openSession({ gateway, token })
    expect(await end).toBe('over')
    expect(read()).toMatch(
      /"id":9,"result":.*Stopped while it ran: it may have run.*was revoked .*groups.*"isError":true/,
    )
    const [revoked] = ofKind(await recordsOf(gateway), 'approval.revoked')
    expect(at(revoked, 'approval', 'reason')).toContain('groups')
    const details = async () => (await recordsOf(gateway)).map((record) => at(record, 'outcome', 'detail'))
    await expect.poll(details).toContain('revoked_during_execution')
  })

  it('is told why it was cut, and hears nothing of what comes later', async () => {
    const session = await openSession({ gateway })
    await watching(session)
    const calling = session.call('slow')
    await expect.poll(() => server.reached().length).toBe(2)
    const given = (await waitingFor(gateway, 'bob')).find(({ state }) => state === 'approved')
    await askApi(gateway, 'bob', `/${String(given?.['id'])}/revoke`, { reason: 'enough' })
    expect((await calling).text).toMatch(/Stopped while it ran: .* was revoked \(\\"enough\\"\)/)
  })

  it('is cut by a logout of the session at the provider that its token is of, and of no other', async () => {
    const tokenOf = (sid: string) => gateway.token('alice', { sid })
    const session = await openSession({ gateway, token: await tokenOf('laptop') })
    const { end } = await watching(session)
    expect(await logOut({ sub: undefined, sid: 'phone' })).toBe(200)
    expect(await Promise.race([end, sleep(300, 'goes on')])).toBe('goes on')
    expect(await logOut({ sub: undefined, sid: 'laptop' })).toBe(200)
    expect(await end).toBe('over')
    expect(await session.ask('tools/list')).toMatchObject({ status: 401 })
    const other = await openSession({ gateway, token: await tokenOf('desktop') })
    expect(await other.ask('tools/list')).toMatchObject({ status: 200 })
    const lapsed = ofKind(await recordsOf(gateway), 'approval.lapsed')
    expect(lapsed.map((one) => at(one, 'approval', 'detail'))).toEqual(['they logged out'])
  })

  it('ends by a logout also where nobody has come back to its session since a restart', async () => {
    const before = ofKind(await recordsOf(gateway), 'approval.lapsed').length
    const session = await openSession({ gateway, token: await gateway.token('alice', { sid: 'tablet' }) })
    await watching(session)
    await gateway.restart()
    expect(await logOut({ sub: undefined, sid: 'tablet' })).toBe(200)
    const lapsed = ofKind(await recordsOf(gateway), 'approval.lapsed')
    expect(lapsed.slice(before).map((one) => at(one, 'approval', 'detail'))).toEqual(['they logged out'])
  })

  it('is cut by a logout at the identity provider, after which the token opens nothing', async () => {
    const session = await openSession({ gateway })
    const { end } = await watching(session)
    for (const bad of [
      { aud: 'another' },
      { nonce: 'n' },
      { events: {} },
      { jti: undefined },
      { sub: undefined },
      { iat: Math.floor(Date.now() / 1000) - 1000 },
    ])
      expect([bad, await logOut(bad)]).toEqual([bad, 400])
    await sleep(1_100)
    expect(await logOut({})).toBe(200)
    expect(await end).toBe('over')
    expect(await session.ask('tools/list')).toMatchObject({ status: 401 })
    const next = await openSession({
      gateway,
      token: await gateway.token('alice', { iat: Math.floor(Date.now() / 1000) + 1 }),
    })
    expect(next.id).not.toBe('')
  })

  it('is of the login and the OAuth client that it was given to, and of no other of the same person', async () => {
    const tokenOf = (sid: string, client: string) => gateway.token('alice', { sid, client_id: client })
    // As clients without sessions come: the same name, from the same address.
    const asked = async (token: string) => {
      const { body, headers } = modern('tools/call', { name: 'quick', arguments: {} })
      const all = { ...(await goodHeaders({ gateway, token })), ...headers }
      return (await post(gateway.url('db'), body, all)).text
    }
    const mine = await tokenOf('here', 'agent')
    const asking = asked(mine)
    await vote(gateway, 'bob', await idWaitingFor(gateway, 'bob'), ['approve'])
    expect(await asking).toContain('tools/call quick')
    expect(await asked(mine)).toContain('tools/call quick')
    server.forget()
    for (const other of [await tokenOf('here', 'another agent'), await tokenOf('elsewhere', 'agent')])
      expect(await asked(other)).toContain('input_required')
    expect(server.reached()).toEqual([])
  })
})
