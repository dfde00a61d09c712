// A client that takes tasks gets one for a call that waits for people, and comes back for what became of it.
import { describe, expect, it } from 'vitest'
import { NO_PROBE, sharedApprovalWorld, withPolicy } from '../support/approval-world.ts'
import { askApi, idWaitingFor, vote, waitingFor } from '../support/approvals.ts'
import { goodHeaders, modern, post } from '../support/mcp-client.ts'
import { at, recordsOf } from '../support/records.ts'
import { openEvents, eventOf, replyTo, sendJson } from '../support/scripted-server.ts'
import { ask, callAsTask, getTask, resultOf, settled, TAKES_TASKS } from '../support/tasks.ts'

const world = sharedApprovalWorld('300ms')

const client = () => ({ gateway: world().gateway })
const approve = (id: string) => vote(world().gateway, 'bob', id, ['approve'])
const stateOf = async (id: string) => (await askApi(world().gateway, 'bob', `/${id}`)).body['state']
const throughAnotherClient = () => world().gateway.token('alice', { client_id: 'another' })
const calls = () => world().server.received.filter(({ method }) => method === 'tools/call')

describe('a call that needs approval, of a client that takes tasks', () => {
  it('becomes a task, and runs once when its client comes back after somebody agreed', async () => {
    const task = await callAsTask(client(), 'write', { sql: 'as a task' })
    expect(task).toMatchObject({
      resultType: 'task',
      taskId: expect.stringMatching(/^task_[\w-]{32}$/),
      status: 'working',
      statusMessage: expect.stringMatching(/^Waiting for 1 approval from "dba" – http.*\/approvals\//),
      ttlMs: expect.any(Number),
      pollIntervalMs: 5_000,
    })
    const id = await idWaitingFor(world().gateway, 'bob')
    expect(await getTask(client(), task['taskId'])).toMatchObject({ resultType: 'complete', status: 'working' })
    await approve(id)
    expect(calls()).toEqual([])
    const done = await settled(client(), task['taskId'])
    expect(done).toMatchObject({
      taskId: task['taskId'],
      resultType: 'complete',
      status: 'completed',
      result: { resultType: 'complete', content: [{ text: 'tools/call write' }] },
    })
    expect(await getTask(client(), task['taskId'])).toEqual(done)
    expect(calls()).toHaveLength(1)
    expect(await stateOf(id)).toBe('executed')
    // The server gets the call, and nothing of the request that it was sent for.
    expect(calls()[0]?.headers).toMatchObject({ 'mcp-method': 'tools/call', 'mcp-name': 'write' })
    expect(world().server.reached()).toEqual(['tools/call'])
    const told = (await recordsOf(world().gateway)).filter((record) => at(record, 'decision', 'approval') === id)
    const kinds = told.map((record) => [record['kind'], at(record, 'mcp', 'method')].join(' '))
    expect(kinds.slice(0, 2)).toEqual(['refused tools/call', 'decision tasks/get'])
    expect(kinds).toContain('intent tools/call')
  })

  it('says what people want to know first', async () => {
    const { taskId } = await callAsTask(client(), 'write', { sql: 'why' })
    const id = await idWaitingFor(world().gateway, 'bob')
    await vote(world().gateway, 'bob', id, ['ask', 'which ticket?'])
    const { statusMessage } = await getTask(client(), taskId)
    expect(statusMessage).toContain('Asked back by "Bob": "which ticket?"')
    await ask(client(), 'tasks/cancel', { taskId })
  })

  it('that somebody denies is a task that is done, and says who and why', async () => {
    const { taskId } = await callAsTask(client(), 'write', { sql: 'denied' })
    await vote(world().gateway, 'bob', await idWaitingFor(world().gateway, 'bob'), ['deny', 'not on a Friday'])
    const { status, result } = await settled(client(), taskId)
    expect(status).toBe('completed')
    expect(result).toMatchObject({ isError: true, content: [{ text: expect.stringContaining('not on a Friday') }] })
    expect(calls()).toEqual([])
  })

  it('twice, runs once, and the other task says so', async () => {
    const both = await Promise.all(['a', 'b'].map(() => callAsTask(client(), 'write', { sql: 'twice' })))
    expect(await waitingFor(world().gateway, 'bob')).toHaveLength(1)
    await approve(await idWaitingFor(world().gateway, 'bob'))
    const done = await Promise.all(both.map(({ taskId }) => settled(client(), taskId)))
    const texts = done.map(({ result }) => JSON.stringify(result))
    expect(texts.filter((text) => text.includes('tools/call write'))).toHaveLength(1)
    expect(texts.filter((text) => text.includes('isError'))).toHaveLength(1)
    expect(calls()).toHaveLength(1)
  })

  it('that its client takes back is asked for no more', async () => {
    const { taskId } = await callAsTask(client(), 'write', { sql: 'taken back' })
    const id = await idWaitingFor(world().gateway, 'bob')
    expect(await resultOf(ask(client(), 'tasks/cancel', { taskId }))).toEqual({ resultType: 'complete' })
    expect(await getTask(client(), taskId)).toMatchObject({ status: 'cancelled' })
    expect(await stateOf(id)).toBe('cancelled')
    // It may be said again, and changes nothing.
    expect(await resultOf(ask(client(), 'tasks/cancel', { taskId }))).toEqual({ resultType: 'complete' })
  })

  it('that is taken back while another waits for the same is still asked for', async () => {
    const [one, other] = await Promise.all(['a', 'b'].map(() => callAsTask(client(), 'write', { sql: 'shared' })))
    await ask(client(), 'tasks/cancel', { taskId: one?.['taskId'] })
    await approve(await idWaitingFor(world().gateway, 'bob'))
    expect(await settled(client(), other?.['taskId'])).toMatchObject({ status: 'completed' })
  })

  it('that is taken back leaves alone what was approved for the session, which others use', async () => {
    const often = {
      id: 'often',
      effect: 'approve',
      match: { connections: ['db'], tools: ['often'] },
      approval: { by: [{ group: 'dba' }], scope: 'session' },
    }
    await withPolicy(world(), [often, NO_PROBE], async () => {
      const { taskId } = await callAsTask(client(), 'often', { sql: 'one' })
      const id = await idWaitingFor(world().gateway, 'bob')
      await approve(id)
      await ask(client(), 'tasks/cancel', { taskId })
      expect(await stateOf(id)).toBe('approved')
    })
  })

  it('is cut where it runs when its client takes it back, and its end is on record', async () => {
    let gone = false
    world().server.behave(({ method }, response) => {
      response.on('close', () => (gone = true))
      return method === 'tools/call'
    })
    const { taskId } = await callAsTask(client(), 'write', { sql: 'slow' })
    await approve(await idWaitingFor(world().gateway, 'bob'))
    expect(await getTask(client(), taskId)).toMatchObject({ status: 'working' })
    await ask(client(), 'tasks/cancel', { taskId })
    await expect.poll(() => gone).toBe(true)
    expect(await getTask(client(), taskId)).toMatchObject({ status: 'cancelled' })
    const outcome = async () => at((await recordsOf(world().gateway)).at(-2), 'outcome', 'status')
    await expect.poll(outcome).toBe('cancelled')
  })

  it('of a server that answers with a stream and an error has failed, in its words', async () => {
    world().server.behave((received, response) => {
      if (received.method !== 'tools/call') return false
      const events = openEvents(response)
      events.write(
        eventOf({ jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: 'on it' } }),
      )
      const error = { code: -32_000, message: 'no such table' }
      events.end(eventOf({ jsonrpc: '2.0', id: received.message?.['id'], error }))
      return true
    })
    const { taskId } = await callAsTask(client(), 'write', { sql: 'fails' })
    await approve(await idWaitingFor(world().gateway, 'bob'))
    const done = await settled(client(), taskId)
    expect(done).toMatchObject({ status: 'failed', error: { code: -32_000, message: 'no such table' } })
    expect(done).not.toHaveProperty('result')
  })
})

describe('tasks of others', () => {
  it('do not exist: of another person, of nobody, of another connection', async () => {
    const { taskId } = await callAsTask(client(), 'write', { sql: 'mine' })
    for (const asked of [
      ask({ ...client(), person: 'bob' }, 'tasks/get', { taskId }),
      ask(client(), 'tasks/get', { taskId: `${String(taskId)}x` }),
      ask({ ...client(), person: 'bob' }, 'tasks/cancel', { taskId }),
      ask({ ...client(), connection: 'calm' }, 'tasks/get', { taskId }),
      ask({ ...client(), token: await throughAnotherClient() }, 'tasks/get', { taskId }),
    ])
      expect((await asked).message).toMatchObject({ error: { code: -32_602, message: expect.any(String) } })
    expect(world().server.reached()).toEqual([])
    expect(await getTask(client(), taskId)).toMatchObject({ status: 'working' })
    await ask(client(), 'tasks/cancel', { taskId })
  })
})

describe('the extension', () => {
  it('is said to be there where calls may wait, and nowhere else', async () => {
    world().server.behave((received, response) =>
      received.method === 'server/discover'
        ? sendJson(response, replyTo(received, { supportedVersions: ['2026-07-28'], capabilities: { tools: {} } }))
        : false,
    )
    expect((await resultOf(ask(client(), 'server/discover', {})))['capabilities']).toEqual({
      tools: {},
      extensions: { 'io.modelcontextprotocol/tasks': {} },
    })
    const calm = { ...client(), connection: 'calm' }
    expect((await resultOf(ask(calm, 'server/discover', {})))['capabilities']).toEqual({ tools: {} })
  })

  it('of the server itself is used instead, and asking for its task needs no approval again', async () => {
    const task = { taskId: 'theirs', status: 'working', createdAt: '', lastUpdatedAt: '', ttlMs: null }
    world().server.behave((received, response) => {
      const { method } = received
      if (method === 'server/discover') {
        const capabilities = { extensions: { 'io.modelcontextprotocol/tasks': {} } }
        return sendJson(response, replyTo(received, { supportedVersions: ['2026-07-28'], capabilities }))
      }
      if (method === 'tools/call') return sendJson(response, replyTo(received, { resultType: 'task', ...task }))
      if (method === 'tasks/get') return sendJson(response, replyTo(received, { resultType: 'complete', ...task }))
      return false
    })
    await ask(client(), 'server/discover', {})
    const held = await callAsTask(client(), 'write', { sql: 'theirs' })
    expect(held).toMatchObject({ resultType: 'input_required' })
    await approve(await idWaitingFor(world().gateway, 'bob'))
    const { body, headers } = modern('tools/call', {
      name: 'write',
      arguments: { sql: 'theirs' },
      requestState: held['requestState'],
      _meta: TAKES_TASKS,
    })
    const good = await goodHeaders(client())
    const made = await post(world().gateway.url('db'), body, { ...good, ...headers })
    expect(made.message).toMatchObject({ result: { resultType: 'task', taskId: 'theirs' } })
    expect(await getTask(client(), 'theirs')).toMatchObject({ taskId: 'theirs', status: 'working' })
    expect(world().server.reached()).toEqual(['tools/call', 'tasks/get'])
  })
})
