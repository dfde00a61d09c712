// What somebody tries who wants a yes that nobody meant to give: at the page where people decide.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Browser, csrfIn, type PageReply } from '../support/browser.ts'
import { needBrowser, openInBrowser } from '../support/chromium.ts'
import { type PageWorld, startPageWorld } from '../support/page-world.ts'
import { at, ofKind, recordsOf } from '../support/records.ts'
import { INSTALL_MS } from '../support/system-package.ts'

let world: PageWorld
beforeAll(needBrowser, INSTALL_MS)
beforeAll(async () => {
  world = await startPageWorld({ acts_for: { agent: ['bob'] } })
})
afterAll(() => world[Symbol.asyncDispose]())

const APPROVE = { verdict: 'approve', reason: '' }

/** Why votes about an approval did not count, as the log has to have it. */
const refused = new Map<string, string>()

/** Nobody agreed, and nothing ran. */
async function expectPending(id: string): Promise<void> {
  const { browser, page } = await world.logIn('bob', id)
  expect((await browser.visit(page.url)).text).toContain('<span class="state pending">')
  expect(world.server.reached()).not.toContain('tools/call')
}

describe('a vote that must not count', () => {
  it.each([
    ['about their own request', 'alice', 'alice', 'own_request'],
    ['by another account with the same address', 'alice', 'other', 'same_person'],
    ['by whom the agent acts for', 'agent', 'bob', 'acts_for_requester'],
  ])('%s is refused, and on record', async (_, asker, voter, why) => {
    const id = await world.askAt({ sql: `trick ${why}` }, asker)
    const { browser, page } = await world.logIn(voter, id)
    expect(await browser.send(page, 'vote', APPROVE)).toMatchObject({ status: 403 })
    refused.set(id, why)
    await expectPending(id)
  })

  it('by somebody who left the group after they logged in is refused', async () => {
    const id = await world.askAt({ sql: 'left' })
    const { browser, page } = await world.logIn('bob', id)
    world.people.bob.groups = []
    const voted = await browser.send(page, 'vote', APPROVE)
    world.people.bob.groups = ['dba']
    expect(voted.status).toBe(403)
    expect(voted.text).not.toContain('left')
    refused.set(id, 'not_an_approver')
    await expectPending(id)
  })

  it.each([
    ['no proof', (page: PageReply) => ({ origin: page.url.origin }), { csrf: '' }],
    ['another page of this machine', () => ({ origin: 'http://127.0.0.1:1' }), {}],
    ['no origin', () => ({}), {}],
    ['another site, as the browser says', () => ({ 'sec-fetch-site': 'cross-site' }), {}],
  ])('by a form with %s is refused, and on record', async (what, headers, fields) => {
    const id = await world.askAt({ sql: `form ${what}` })
    const { browser, page } = await world.logIn('bob', id)
    const body = new URLSearchParams({ csrf: csrfIn(page), ...APPROVE, ...fields })
    const sent = await browser.visit(new URL(`${page.url.pathname}/vote`, page.url), {
      method: 'POST',
      body,
      headers: headers(page),
    })
    expect(sent.status).toBe(403)
    refused.set(id, 'not_from_page')
    await expectPending(id)
  })

  it('by a form with the proof of another session is refused', async () => {
    const id = await world.askAt({ sql: 'other session' })
    const { page: others } = await world.logIn('bob', id)
    const { browser, page } = await world.logIn('bob', id)
    expect((await browser.send(page, 'vote', { ...APPROVE, csrf: csrfIn(others) })).status).toBe(403)
    await expectPending(id)
  })

  it('by a page of a stranger, or a form that is none, is refused', async () => {
    const id = await world.askAt({ sql: 'stranger' })
    const { browser, page } = await world.logIn('bob', id)
    const to = new URL(`${page.url.pathname}/vote`, page.url)
    const good = new URLSearchParams({ csrf: csrfIn(page), ...APPROVE })
    const tries: RequestInit[] = [
      { body: good, headers: { origin: 'https://evil.example' } },
      { body: good, headers: { origin: 'null' } },
      { body: JSON.stringify(APPROVE), headers: { origin: page.url.origin, 'content-type': 'application/json' } },
      { body: good.toString(), headers: { origin: page.url.origin, 'content-type': 'text/plain' } },
      {
        body: `${good.toString()}&verdict=deny`,
        headers: { origin: page.url.origin, 'content-type': 'application/x-www-form-urlencoded' },
      },
    ]
    for (const init of tries) expect((await browser.visit(to, { method: 'POST', ...init })).status).toBeGreaterThan(399)
    await expectPending(id)
  })

  it('by opening a link never happens', async () => {
    const id = await world.askAt({ sql: 'link' })
    const { browser, page } = await world.logIn('bob', id)
    const link = new URL(`${page.url.pathname}/vote?verdict=approve&csrf=${csrfIn(page)}`, page.url)
    for (const method of ['GET', 'HEAD', 'PUT']) expect((await browser.visit(link, { method })).status).toBe(405)
    refused.set(id, 'not_from_page')
    await expectPending(id)
  })
})

it('each vote that did not count is on record, with why', async () => {
  const votes = ofKind(await recordsOf(world.gateway), 'approval.vote')
  const why = new Map(votes.map((one) => [at(one, 'approval', 'id'), at(one, 'approval', 'detail')]))
  for (const [id, expected] of refused) expect(why.get(id)).toBe(expected)
  expect(refused.size).toBeGreaterThan(7)
})

describe('a login that must not count', () => {
  it('is one that began in another browser, and one that was used already', async () => {
    const attacker = new Browser()
    const start = await attacker.visit(`${world.gateway.base()}/approvals/login`)
    let reply = start
    while (!reply.headers.get('location')?.includes('/approvals/callback')) {
      const next = new URL(reply.headers.get('location') ?? '', reply.url)
      reply = next.pathname.startsWith('/interaction/')
        ? await attacker.visit(next, { method: 'POST', body: new URLSearchParams({ person: 'bob' }) })
        : await attacker.visit(next)
    }
    const callback = reply.headers.get('location') ?? ''
    const victim = new Browser()
    await victim.visit(`${world.gateway.base()}/approvals/login`)
    expect((await victim.visit(callback)).status).toBe(403)
    expect((await attacker.visit(callback)).status).toBe(303)
    expect((await attacker.visit(callback)).status).toBe(403)
    const logins = ofKind(await recordsOf(world.gateway), 'auth').filter(
      (one) => at(one, 'outcome', 'detail') === 'login_refused',
    )
    expect(logins.length).toBeGreaterThan(0)
  })

  it('takes no name of a session that the browser brought', async () => {
    const browser = new Browser()
    const host = new URL(world.gateway.base()).host
    browser.cookies.set(`${host} sallyport-session`, 'chosen-by-somebody')
    await browser.follow(`${world.gateway.base()}/approvals/login`, 'bob')
    expect(browser.cookies.get(`${host} sallyport-session`)).toMatch(/^[\w-]{43}$/)
    const thief = new Browser()
    thief.cookies.set(`${host} sallyport-session`, 'chosen-by-somebody')
    expect((await thief.visit(`${world.gateway.base()}/approvals`)).status).toBe(403)
  })

  it('forgets the session before it', async () => {
    const { browser } = await world.logIn('bob')
    const before = new Map(browser.cookies)
    await browser.follow(`${world.gateway.base()}/approvals/login`, 'ada')
    const thief = new Browser()
    for (const [key, value] of before) thief.cookies.set(key, value)
    expect((await thief.visit(`${world.gateway.base()}/approvals`)).status).toBe(403)
  })

  it.each(['https://evil.example', '//evil.example', '/\\evil.example', '../mcp/db', '7Kq2-9FzR@evil.example'])(
    'leads to a page of ours where it is told %s',
    async (to) => {
      const browser = new Browser()
      const url = `${world.gateway.base()}/approvals/login?to=${encodeURIComponent(to)}`
      const page = await browser.follow(url, 'bob')
      expect(page).toMatchObject({ status: 200 })
      expect(page.url.href).toBe(`${world.gateway.base()}/approvals`)
    },
  )
})

describe('what is shown', () => {
  it('is the same for an approval of others and for one that is none', async () => {
    const id = await world.askAt({ sql: 'guess' })
    const { browser } = await world.logIn('ada')
    const [there, nowhere] = await Promise.all(
      [id, '7Kq2-9FzR'].map((one) => browser.visit(`${world.gateway.base()}/approvals/${one}`)),
    )
    expect(there).toMatchObject({ status: 404 })
    expect(nowhere?.text).toBe(there?.text)
    const stranger = new Browser()
    const [a, b] = await Promise.all(
      [id, '7Kq2-9FzR'].map((one) => stranger.visit(`${world.gateway.base()}/approvals/${one}`)),
    )
    expect(a?.text.replaceAll(id, '')).toBe(b?.text.replaceAll('7Kq2-9FzR', ''))
  })

  it('cannot be framed, run anything, or be kept', async () => {
    const id = await world.askAt({ sql: 'headers' })
    const { browser, page } = await world.logIn('bob', id)
    for (const reply of [
      page,
      await browser.visit(`${world.gateway.base()}/approvals`),
      await new Browser().visit(page.url),
    ]) {
      expect(reply.headers.get('content-security-policy')).toBe(
        "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
      )
      expect(reply.headers.get('x-frame-options')).toBe('DENY')
      expect(reply.headers.get('cache-control')).toBe('no-store')
      expect(reply.headers.get('x-content-type-options')).toBe('nosniff')
      expect(reply.text).not.toContain('<script')
    }
  })

  it('is text, whatever an agent wrote', async () => {
    const evil = `"><script>document.title='owned'</script><img src=x onerror="document.title='owned'">`
    const token = await world.provider.token('alice', world.gateway.base())
    const meta = { 'sallyport/reason': `${evil} [link](https://evil.example) https://evil.example` }
    const id = await world.ask({ [evil]: evil, deep: [{ [evil]: evil }] }, { token, meta })
    const { browser, page } = await world.logIn('bob', id)
    await browser.send(page, 'vote', { verdict: 'ask', reason: evil })
    const folder = await mkdtemp(join(tmpdir(), 'sallyport-test-page-'))
    try {
      const file = join(folder, 'page.html')
      const shown = await browser.visit(page.url)
      await writeFile(file, shown.text)
      const { dom } = await openInBrowser(file, folder)
      expect(dom).not.toContain('<title>owned')
      expect(dom).not.toMatch(/<(?:script|img)/)
      expect(dom).not.toContain('href="https://evil.example')
      expect(dom.split('&lt;script&gt;').length).toBeGreaterThan(4)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
})
