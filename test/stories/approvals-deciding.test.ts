// People decide about calls that wait: over the API and in a terminal.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askApi, vote, waitingFor } from '../support/approvals.ts'
import { type DecidingWorld, startDeciding } from '../support/deciding.ts'
import { at, ofKind, recordsOf } from '../support/records.ts'

let world: DecidingWorld
beforeAll(async () => {
  world = await startDeciding()
})
afterAll(() => world[Symbol.asyncDispose]())

describe('the API of approvals', () => {
  it('shows arguments masked, and exact ones only on request and on record', async () => {
    const { gateway, ask } = world
    const id = await ask({ sql: "UPDATE people SET mail = 'carol@example.org'" })
    const seen = await askApi(gateway, 'bob', `/${id}`)
    expect(seen.status).toBe(200)
    expect(JSON.stringify(seen.body)).not.toContain('carol@example.org')
    const exact = await askApi(gateway, 'bob', `/${id}/reveal`, {})
    expect(exact.body['exact_arguments']).toEqual({ sql: "UPDATE people SET mail = 'carol@example.org'" })
    const views = ofKind(await recordsOf(gateway), 'view').filter((one) => at(one, 'view', 'approval') === id)
    expect(views.map((one) => [at(one, 'actor', 'sub'), at(one, 'view', 'exact')])).toEqual([['bob', true]])
    expect(await askApi(gateway, 'ada', `/${id}/reveal`, {})).toMatchObject({ status: 404 })
  })

  it('tells how a call differs from the last one of its kind that was approved, and what became of others', async () => {
    const { gateway, ask } = world
    const first = await ask({ sql: 'UPDATE a SET x = 1', table: 'a' })
    await vote(gateway, 'bob', first, ['approve'])
    const second = await ask({ sql: 'UPDATE a SET x = 2', table: 'a' })
    const { body } = await askApi(gateway, 'bob', `/${second}`)
    expect(body['last_approved']).toMatchObject({
      id: first,
      same_call: false,
      changes: [{ path: '/sql', before: 'UPDATE a SET x = 1', after: 'UPDATE a SET x = 2' }],
    })
    expect(at(body, 'history', '0')).toBeUndefined()
    expect(body['history']).toEqual(expect.arrayContaining([expect.objectContaining({ id: first, state: 'approved' })]))
  })

  it('says that two calls differ where what differs is masked', async () => {
    const { gateway, ask } = world
    const first = await ask({ to: 'erin@example.org' })
    await vote(gateway, 'bob', first, ['approve'])
    const { body } = await askApi(gateway, 'bob', `/${await ask({ to: 'frank@example.org' })}`)
    const { changes, only_hidden: hidden } = Object(body['last_approved'])
    expect(hidden === true || changes.length > 0).toBe(true)
    expect(JSON.stringify(body)).not.toContain('frank@example.org')
  })

  it('warns of characters that nobody sees', async () => {
    const { gateway, ask } = world
    const { body } = await askApi(gateway, 'bob', `/${await ask({ sql: 'DROP \u202ETABLE p\u0430yments' })}`)
    expect(body['warnings']).toHaveLength(2)
  })

  it('lists what somebody asked for and what they decide about, page by page', async () => {
    const { gateway, ask } = world
    const id = await ask({ sql: 'listed' })
    const ids = async (person: string, query: string) => {
      const { body } = await askApi(gateway, person, query)
      return { ids: [body['approvals']].flat().map((one) => at(one, 'id')), next: body['next'] }
    }
    expect((await ids('alice', '?of=own')).ids).toContain(id)
    expect((await ids('alice', '?of=decide')).ids).toEqual([])
    expect((await ids('bob', '?of=decide&state=pending')).ids).toContain(id)
    expect((await ids('ada', '?state=all')).ids).toEqual([])
    const all = (await ids('bob', '?state=all')).ids
    const first = await ids('bob', '?state=all&limit=1')
    const second = await ids('bob', `?state=all&limit=1&before=${String(first.next)}`)
    expect([...first.ids, ...second.ids]).toEqual(all.slice(0, 2))
    for (const query of ['?state=odd', '?of=me', '?limit=0', '?before=x', '?limit=1&limit=2', '?q=1'])
      expect(await askApi(gateway, 'bob', query)).toMatchObject({ status: 400 })
  })

  it('lets whoever asked say why and take it back, and whoever decides take back a yes', async () => {
    const { gateway, ask } = world
    const id = await ask({ sql: 'mine' })
    expect(await askApi(gateway, 'bob', `/${id}/reason`, { reason: 'not mine' })).toMatchObject({ status: 403 })
    expect(await askApi(gateway, 'bob', `/${id}/cancel`, {})).toMatchObject({ status: 403 })
    expect(await askApi(gateway, 'alice', `/${id}/reason`, { reason: 'a ticket' })).toMatchObject({ status: 200 })
    expect(await askApi(gateway, 'alice', `/${id}/reason`, { reason: 'another' })).toMatchObject({ status: 409 })
    expect(await askApi(gateway, 'alice', `/${id}/cancel`, {})).toMatchObject({ body: { state: 'cancelled' } })
    const other = await ask({ sql: 'yours' })
    await vote(gateway, 'bob', other, ['approve'])
    expect(await askApi(gateway, 'alice', `/${other}/revoke`, { reason: 'no' })).toMatchObject({ status: 403 })
    expect(await askApi(gateway, 'bob', `/${other}/revoke`, {})).toMatchObject({ status: 400 })
    const revoked = await askApi(gateway, 'bob', `/${other}/revoke`, { reason: 'changed my mind' })
    expect(revoked).toMatchObject({ body: { state: 'revoked', why: 'changed my mind' } })
  })
})

describe('sallyport approvals', () => {
  it('lists, shows, asks back and approves, with the exit codes of every command', async () => {
    const { gateway, ask } = world
    const id = await ask({ sql: 'DROP TABLE \u202Eboats' }, { meta: { 'sallyport/reason': 'ticket\u001B[2J 7' } })
    const tokenFile = join(gateway.folder, 'bob.token')
    await writeFile(tokenFile, await gateway.token('bob'))
    const as = (...args: readonly string[]) =>
      gateway.command(['approvals', ...args, '--url', gateway.base(), '--token-file', tokenFile])
    expect(await as('list')).toMatchObject({ code: 0, stdout: expect.stringContaining(`${id}  pending`) })
    const shown = await as('show', id)
    expect(shown).toMatchObject({ code: 0, stdout: expect.stringContaining('DROP TABLE {U+202E}boats') })
    expect(shown.stdout).toContain('ticket{U+001B}[2J 7')
    expect(await as('deny', id)).toMatchObject({ code: 2 })
    expect(await as('ask', id, '--reason', 'which boats?')).toMatchObject({ code: 0 })
    const approved = await as('approve', id, '--json')
    expect(approved.code).toBe(0)
    expect(JSON.parse(approved.stdout)).toMatchObject({ state: 'approved', votes: [{ via: 'terminal' }, {}] })
    expect(await as('approve', id)).toMatchObject({ code: 1, stderr: expect.stringContaining('agreed already') })
    expect(await as('show', '7Kq2-9FzR')).toMatchObject({ code: 1 })
    expect(await as('show', 'x')).toMatchObject({ code: 2 })
    const nowhere = ['--url', 'http://127.0.0.1:9', '--token-file', tokenFile]
    expect(await gateway.command(['approvals', 'list', ...nowhere])).toMatchObject({ code: 3 })
    const open = ['--url', 'http://gateway.example', '--token-file', tokenFile]
    expect(await gateway.command(['approvals', 'list', ...open])).toMatchObject({ code: 2 })
    expect(await waitingFor(gateway, 'bob')).toEqual(expect.arrayContaining([expect.objectContaining({ id })]))
  })
})
