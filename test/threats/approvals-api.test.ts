// The same over the API: old logins, bodies that are none, and ids of others.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { askApi } from '../support/approvals.ts'
import { type DecidingWorld, startDeciding } from '../support/deciding.ts'
import { at, ofKind, recordsOf } from '../support/records.ts'

let world: DecidingWorld
beforeAll(async () => {
  world = await startDeciding({ login_max_age: '10m', reveal: ['auditors'] })
})
afterAll(() => world[Symbol.asyncDispose]())

interface Sent {
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

async function send(id: string, step: string, init: Sent, claims = {}): Promise<number> {
  const { gateway } = world
  const headers = { authorization: `Bearer ${await gateway.token('bob', claims)}`, ...init.headers }
  const url = `${gateway.base()}/api/v1/approvals/${id}/${step}`
  return (await fetch(url, { method: 'POST', ...init, headers })).status
}

const JSON_TYPE = { 'content-type': 'application/json' }

it('a login whose groups may have changed since does not vote, reveal or revoke, and its vote is on record', async () => {
  const id = await world.ask({ sql: 'old' })
  const now = Math.floor(Date.now() / 1000)
  for (const iat of [now - 660, undefined]) {
    for (const step of ['vote', 'reveal', 'revoke']) {
      const body = JSON.stringify({ verdict: 'approve', reason: 'x' })
      expect(await send(id, step, { body, headers: JSON_TYPE }, { iat })).toBe(403)
    }
  }
  const votes = ofKind(await recordsOf(world.gateway), 'approval.vote').filter(
    (one) => at(one, 'approval', 'id') === id,
  )
  expect(votes.map((one) => at(one, 'approval', 'detail'))).toEqual(['login_too_old', 'login_too_old'])
  expect(await askApi(world.gateway, 'bob', `/${id}`)).toMatchObject({ body: { state: 'pending' } })
})

it('a body that a page of a stranger could send, or that is too long, is refused', async () => {
  const id = await world.ask({ sql: 'body' })
  const body = JSON.stringify({ verdict: 'approve' })
  expect(await send(id, 'vote', { body, headers: { 'content-type': 'text/plain' } })).toBe(415)
  expect(await send(id, 'vote', { body: `${body} `.padEnd(20_000), headers: JSON_TYPE })).toBe(413)
  for (const bad of [
    '[]',
    '{',
    '"approve"',
    '{"verdict":"yes"}',
    '{"verdict":["approve"]}',
    '{"verdict":"deny","reason":7}',
  ])
    expect(await send(id, 'vote', { body: bad, headers: JSON_TYPE })).toBe(400)
  expect(
    await send(id, 'vote', {
      body: JSON.stringify({ verdict: 'deny', reason: 'x'.repeat(2_001) }),
      headers: JSON_TYPE,
    }),
  ).toBe(400)
  expect(await askApi(world.gateway, 'bob', `/${id}`)).toMatchObject({ body: { state: 'pending' } })
})

it('exact arguments are for those whom the configuration names, among those who decide', async () => {
  const id = await world.ask({ sql: 'secret plans' })
  expect(await askApi(world.gateway, 'bob', `/${id}/reveal`, {})).toMatchObject({ status: 403 })
  expect(await askApi(world.gateway, 'ada', `/${id}/reveal`, {})).toMatchObject({ status: 404 })
  expect(await askApi(world.gateway, 'alice', `/${id}/reveal`, {})).toMatchObject({ status: 200 })
})

it('an id of others is answered as one that is none', async () => {
  const id = await world.ask({ sql: 'ids' })
  const [there, nowhere] = await Promise.all([id, '7Kq2-9FzR'].map((one) => askApi(world.gateway, 'ada', `/${one}`)))
  expect(there).toEqual(nowhere)
  expect(there?.status).toBe(404)
})
