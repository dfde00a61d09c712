// People log in to the page of approvals with their identity provider and decide there.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { POLICY } from '../support/deciding.ts'
import { openSession } from '../support/mcp-client.ts'
import { type PageWorld, startPageWorld } from '../support/page-world.ts'
import { at, ofKind, recordsOf } from '../support/records.ts'

let world: PageWorld
beforeAll(async () => {
  world = await startPageWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

describe('the page of approvals', () => {
  it('leads whoever follows a link through a login to what they may see, and takes their vote', async () => {
    const { gateway, askAt, logIn } = world
    const id = await askAt({ sql: "UPDATE people SET mail = 'carol@example.org'" })
    const { browser, page } = await logIn('bob', id)
    expect(page.url.pathname).toBe(`/approvals/${id}`)
    expect(page.text).toContain('UPDATE people')
    expect(page.text).not.toContain('carol@example.org')
    const exact = await browser.send(page, 'reveal')
    expect(exact.text).toContain('carol@example.org')
    const voted = await browser.send(page, 'vote', { verdict: 'approve', reason: '' })
    expect(voted).toMatchObject({ status: 303 })
    expect(voted.headers.get('location')).toBe(`/approvals/${id}`)
    expect((await browser.visit(page.url)).text).toContain('<span class="state approved">')
    const records = await recordsOf(gateway)
    const [login] = ofKind(records, 'auth').filter((one) => at(one, 'outcome', 'status') === 'ok')
    expect(at(login, 'actor', 'sub')).toBe('bob')
    const [vote] = ofKind(records, 'approval.vote').filter((one) => at(one, 'approval', 'id') === id)
    expect(at(vote, 'approval', 'via')).toBe('page')
  })

  it('lists what waits, and lets whoever asked say why and take it back', async () => {
    const { gateway, askAt, logIn } = world
    const id = await askAt({ sql: 'mine' })
    expect((await (await logIn('bob')).browser.visit(`${gateway.base()}/approvals`)).text).toContain(id)
    const { browser, page } = await logIn('alice', id)
    expect(page.text).not.toContain('value="approve"')
    expect((await browser.send(page, 'reason', { reason: 'ticket 7' })).status).toBe(303)
    const now = await browser.visit(page.url)
    expect(now.text).toContain('ticket 7')
    expect((await browser.send(now, 'cancel')).status).toBe(303)
    expect((await browser.visit(page.url)).text).toContain('<span class="state cancelled">')
  })

  it('says of access that a yes is for more than one call', async () => {
    const { gateway, provider, logIn } = world
    const [allowed] = POLICY.rules
    const approval = { by: [{ group: 'dba' }], scope: '30m' }
    const access = { id: 'access', effect: 'approve', match: { connections: ['db'] }, approval }
    await gateway.writePolicy({ ...POLICY, rules: [allowed, access] })
    const session = await openSession({ gateway, token: await provider.token('alice', gateway.base()) })
    await expect
      .poll(async () => (await session.ask('tools/list')).text, { timeout: 15_000 })
      .toContain('request_access')
    const { text } = await session.call('request_access', { reason: 'invoices' })
    const [, id] = /APPROVAL PENDING \(id ([^)]+)\)/.exec(text) ?? []
    const { browser, page } = await logIn('bob', id)
    expect(page.text).toContain('<b>access</b> to db')
    expect(page.text).toContain('every call on db that these rules are about, for 30m')
    expect((await browser.visit(`${gateway.base()}/approvals`)).text).toContain('<b>access</b> to db')
    await gateway.writePolicy(POLICY)
  })

  it('ends a session at logout', async () => {
    const { gateway, logIn } = world
    const { browser, page } = await logIn('bob')
    const cookies = new Map(browser.cookies)
    expect((await browser.send(page, 'logout')).status).toBe(303)
    for (const [key, value] of cookies) browser.cookies.set(key, value)
    expect((await browser.visit(`${gateway.base()}/approvals`)).text).toContain('Log in')
  })
})
