// kill -9 of the gateway while calls are tasks: each is found again by its client, none runs twice, and what nobody knows is said.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ApprovalWorld, idOf, NO_PROBE, startApprovalWorld, withPolicy } from '../support/approval-world.ts'
import { askApi, vote } from '../support/approvals.ts'
import { callAsTask, getTask, settled } from '../support/tasks.ts'

let world: ApprovalWorld
beforeAll(async () => {
  world = await startApprovalWorld('300ms')
})
afterAll(() => world?.[Symbol.asyncDispose]())

const client = () => ({ gateway: world.gateway })
const timesReached = (sql: string) => world.server.received.filter(({ body }) => body.includes(`"${sql}"`)).length

const LATER = {
  id: 'later',
  effect: 'approve',
  match: { connections: ['db'], tools: ['later'] },
  approval: { by: [{ group: 'dba' }] },
}

const isSlow = (body: string) => body.includes('"running"') || body.includes('"free"')

describe('after kill -9', () => {
  const ids = new Map<string, unknown>()
  const approvals = new Map<string, string>()

  beforeAll(async () => {
    world.server.behave(({ method, body }) => method === 'tools/call' && isSlow(body))
    await withPolicy(world, [LATER, NO_PROBE], async () => {
      ids.set('free', (await callAsTask(client(), 'later', { sql: 'free' }))['taskId'])
      approvals.set('free', await idOf(world.gateway, 'free'))
      await approve('free')
    })
    for (const sql of ['pending', 'approved', 'running', 'done']) {
      ids.set(sql, (await callAsTask(client(), 'write', { sql }))['taskId'])
      approvals.set(sql, await idOf(world.gateway, sql))
    }
    for (const sql of ['approved', 'running', 'done']) await approve(sql)
    await settled(client(), ids.get('done'))
    // The server has it: a task is asked for until its call is on its way.
    for (const sql of ['running', 'free']) while (timesReached(sql) === 0) await getTask(client(), ids.get(sql))
    await world.gateway.kill()
    await world.gateway.restart()
  })

  const approve = (sql: string) => vote(world.gateway, 'bob', approvals.get(sql) ?? '', ['approve'])

  it('what was pending is pending, and runs once it is approved', async () => {
    expect(await getTask(client(), ids.get('pending'))).toMatchObject({ status: 'working' })
    await approve('pending')
    expect(JSON.stringify(await settled(client(), ids.get('pending')))).toContain('tools/call write')
    expect(timesReached('pending')).toBe(1)
  })

  it('what was approved runs, once', async () => {
    expect(timesReached('approved')).toBe(0)
    expect(JSON.stringify(await settled(client(), ids.get('approved')))).toContain('tools/call write')
    expect(timesReached('approved')).toBe(1)
  })

  it('what ran may have run, is not run again, and says so', async () => {
    const { status, result } = await settled(client(), ids.get('running'))
    expect(status).toBe('completed')
    expect(JSON.stringify(result)).toContain('may have run when the gateway stopped; it is not run again')
    expect(result).toMatchObject({ isError: true })
    expect(timesReached('running')).toBe(1)
    expect((await askApi(world.gateway, 'bob', `/${approvals.get('running') ?? ''}`)).body['state']).toBe('unknown')
  })

  it('what ran without an approval, for no rule wanted one by then, is not run again either', async () => {
    const { status, result } = await settled(client(), ids.get('free'))
    expect(status).toBe('completed')
    expect(JSON.stringify(result)).toContain('may have run when the gateway stopped; it is not run again')
    expect(result).toMatchObject({ isError: true })
    expect(timesReached('free')).toBe(1)
  })

  it('what was done is done, with its result', async () => {
    expect(JSON.stringify(await getTask(client(), ids.get('done')))).toContain('tools/call write')
    expect(timesReached('done')).toBe(1)
  })
})
