// The database of the gateway cannot be written while calls are tasks: none runs twice, none is lost, and the gateway stays up.
import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { NO_PROBE, sharedApprovalWorld, withPolicy } from '../support/approval-world.ts'
import { idWaitingFor, vote } from '../support/approvals.ts'
import { openEvents, eventOf } from '../support/scripted-server.ts'
import { callAsTask, getTask, settled } from '../support/tasks.ts'

const world = sharedApprovalWorld('300ms')

const client = () => ({ gateway: world().gateway })
const approve = async () => vote(world().gateway, 'bob', await idWaitingFor(world().gateway, 'bob'), ['approve'])
const calls = () => world().server.received.filter(({ method }) => method === 'tools/call')

/** What a call came to cannot be written while `work` is done. */
async function whileFull(work: () => Promise<void>): Promise<void> {
  const database = new DatabaseSync(join(world().gateway.dataFolder, 'control.db'), { timeout: 5_000 })
  database.exec(
    `CREATE TRIGGER full BEFORE INSERT ON held_task WHEN NEW.answer IS NOT NULL
      BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END`,
  )
  try {
    await work()
  } finally {
    database.exec('DROP TRIGGER full')
    database.close()
  }
}

it('a call that ran is not run again, and its result is there once it can be kept', async () => {
  // What is approved for a session is not used up by the first run.
  const often = {
    id: 'often',
    effect: 'approve',
    match: { connections: ['db'], tools: ['often'] },
    approval: { by: [{ group: 'dba' }], scope: 'session' },
  }
  await withPolicy(world(), [often, NO_PROBE], async () => {
    const { taskId } = await callAsTask(client(), 'often', { sql: 'kept later' })
    await approve()
    await whileFull(async () => {
      for (let n = 0; n < 4; n += 1) expect(await getTask(client(), taskId)).toMatchObject({ status: 'working' })
      expect(calls()).toHaveLength(1)
    })
    expect(await settled(client(), taskId)).toMatchObject({
      status: 'completed',
      result: { content: [{ text: 'tools/call often' }] },
    })
    expect(calls()).toHaveLength(1)
  })
})

it('a call that is cut then, for the token that it ran with ends, takes nothing down with it', async () => {
  let gone = false
  world().server.behave(({ method }, response) => {
    if (method !== 'tools/call') return false
    response.on('close', () => (gone = true))
    openEvents(response).write(eventOf({ jsonrpc: '2.0', method: 'notifications/message', params: { data: 'on it' } }))
    return true
  })
  const { taskId } = await callAsTask(client(), 'write', { sql: 'cut' })
  await approve()
  const token = await world().gateway.token('alice', { exp: Math.floor(Date.now() / 1_000) + 3 })
  await whileFull(async () => {
    expect(await getTask({ ...client(), token }, taskId)).toMatchObject({ status: 'working' })
    await expect.poll(() => gone, { timeout: 20_000 }).toBe(true)
    expect(await getTask(client(), taskId)).toMatchObject({ status: 'working' })
  })
  expect(await settled(client(), taskId)).toMatchObject({
    status: 'failed',
    error: { message: expect.stringContaining('It may have run') },
  })
  expect(calls()).toHaveLength(1)
})
