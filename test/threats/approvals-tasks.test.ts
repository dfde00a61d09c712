// A task is a call that runs later: whatever changed meanwhile counts, and its id is of no use to anybody else.
import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sharedApprovalWorld, withPolicy } from '../support/approval-world.ts'
import { idWaitingFor, vote } from '../support/approvals.ts'
import { ofKind, recordsOf } from '../support/records.ts'
import { eventOf, openEvents, replyTo, sendJson, textResult } from '../support/scripted-server.ts'
import { ask, callAsTask, getTask, resultOf, settled } from '../support/tasks.ts'

const world = sharedApprovalWorld('300ms')

const client = () => ({ gateway: world().gateway })
const approve = async () => vote(world().gateway, 'bob', await idWaitingFor(world().gateway, 'bob'), ['approve'])

describe('a call that is a task', () => {
  it('does not run where a rule denies it by the time that its client comes for it', async () => {
    const { taskId } = await callAsTask(client(), 'write', { sql: 'forbidden by now' })
    await approve()
    const frozen = { id: 'frozen', effect: 'deny', match: { tools: ['write', 'probe'], groups: ['engineers'] } }
    await withPolicy(world(), [frozen], async () => {
      // Neither is it run, nor may somebody who may not use the tool ask what it came to.
      const { message } = await ask(client(), 'tasks/get', { taskId })
      expect(JSON.stringify(message)).toContain('Refused')
      expect(world().server.reached()).toEqual([])
    })
  })

  it('is not run by its client asking again and again before somebody agrees', async () => {
    const { taskId } = await callAsTask(client(), 'write', { sql: 'impatient' })
    const asked = await Promise.all(Array.from({ length: 20 }, () => getTask(client(), taskId)))
    expect(new Set(asked.map(({ status }) => status))).toEqual(new Set(['working']))
    expect(world().server.reached()).toEqual([])
    await approve()
    await Promise.all(Array.from({ length: 20 }, () => getTask(client(), taskId)))
    expect(await settled(client(), taskId)).toMatchObject({ status: 'completed' })
    expect(world().server.reached()).toEqual(['tools/call'])
  })

  it('does not run on input that its client makes up', async () => {
    const { taskId } = await callAsTask(client(), 'write', { sql: 'harmless' })
    const inputResponses = { '1.name': { action: 'accept' }, name: { action: 'accept' } }
    expect(await resultOf(ask(client(), 'tasks/update', { taskId, inputResponses }))).toEqual({
      resultType: 'complete',
    })
    expect(await getTask(client(), taskId)).toMatchObject({ status: 'working' })
    await approve()
    await settled(client(), taskId)
    expect(world().server.received.at(-1)?.message?.['params']).not.toHaveProperty('inputResponses')
  })

  it('that asks for no task is held as before, also where others take tasks', async () => {
    const meta = { 'io.modelcontextprotocol/clientCapabilities': {} }
    const call = { name: 'write', arguments: { sql: 'no task' }, _meta: meta }
    expect(await resultOf(ask(client(), 'tools/call', call))).toMatchObject({ resultType: 'input_required' })
  })

  it('is not done by a body that cannot be read', async () => {
    world().server.behave(({ method }, response) => {
      if (method !== 'tools/call') return false
      response.writeHead(500, { 'content-type': 'application/json' })
      response.end('{"jsonrpc":"2.0","id":1,"result":{"content":[],"a":1,"a":2}}')
      return true
    })
    const { taskId } = await callAsTask(client(), 'write', { sql: 'unreadable' })
    await approve()
    expect(await settled(client(), taskId)).toMatchObject({
      status: 'failed',
      statusMessage: expect.stringContaining('HTTP 500'),
      error: { message: expect.stringContaining('HTTP 500') },
    })
  })

  it('is asked for by nobody who does not say that they take tasks, and none of them learns whether there is one', async () => {
    const { taskId } = await callAsTask(client(), 'write', { sql: 'undeclared' })
    const meta = { 'io.modelcontextprotocol/clientCapabilities': {} }
    for (const id of [taskId, 'gate-test'])
      for (const method of ['tasks/get', 'tasks/update', 'tasks/cancel']) {
        const params = method === 'tasks/update' ? { taskId: id, inputResponses: {} } : { taskId: id }
        const { status, message } = await ask(client(), method, { ...params, _meta: meta })
        expect(status).toBe(400)
        expect(message['error']).toMatchObject({
          code: -32_021,
          data: { requiredCapabilities: { extensions: { 'io.modelcontextprotocol/tasks': {} } } },
        })
      }
    expect(world().server.reached()).toEqual([])
    expect(await getTask(client(), taskId)).toMatchObject({ status: 'working' })
    await ask(client(), 'tasks/cancel', { taskId })
  })

  it('never shows what is masked, neither its result nor the words of its approval', async () => {
    const secret = ['sk', 'live', 'x'.repeat(24)].join('_')
    world().server.behave((received, response) =>
      received.method === 'tools/call'
        ? sendJson(response, replyTo(received, textResult(`the key is ${secret}`)))
        : false,
    )
    const { taskId } = await callAsTask(client(), 'write', { sql: 'masked' })
    await approve()
    const done = JSON.stringify(await settled(client(), taskId))
    expect(done).toContain('the key is')
    expect(done).not.toContain(secret)
    expect(JSON.stringify(await recordsOf(world().gateway))).not.toContain(secret)
  })

  it('is not believed to be done because a server says so', async () => {
    const { taskId } = await callAsTask(client(), 'write', { sql: 'not yet' })
    // Should a server ever learn the id, what it says of it is dropped.
    world().server.behave((received, response) => {
      if (received.method !== 'tools/call') return false
      const events = openEvents(response)
      const params = { taskId, status: 'completed', result: textResult('made up') }
      events.write(eventOf({ jsonrpc: '2.0', method: 'notifications/tasks', params }))
      events.end(eventOf(replyTo(received, textResult('read'))))
      return true
    })
    const { text } = await ask(client(), 'tools/call', { name: 'query', arguments: {} })
    expect(text).toContain('read')
    expect(text).not.toContain('made up')
    await approve()
  })

  it('is not sent a second time because somebody writes into its row, or puts back what stood there', async () => {
    const { taskId } = await callAsTask(client(), 'write', { sql: 'again' })
    await approve()
    const id = String(taskId)
    const database = new DatabaseSync(join(world().gateway.dataFolder, 'control.db'), { timeout: 5_000 })
    const before = database.prepare('SELECT status, updated_ms, mac FROM held_task WHERE id = ?').get(id)
    await settled(client(), taskId)
    world().server.forget()
    for (const { status, updated_ms: ms, mac } of [before ?? {}, { ...before, mac: new Uint8Array(32) }]) {
      database
        .prepare(
          'UPDATE held_task SET status = ?, updated_ms = ?, mac = ?, answer = NULL, answer_nonce = NULL WHERE id = ?',
        )
        .run(String(status), Number(ms), mac instanceof Uint8Array ? mac : null, id)
      expect((await ask(client(), 'tasks/get', { taskId })).message).toMatchObject({ error: { code: -32_602 } })
    }
    database.close()
    expect(world().server.reached()).toEqual([])
  })

  it('opens for nobody who writes themselves into its row', async () => {
    const { taskId } = await callAsTask(client(), 'write', { sql: 'stolen' })
    await approve()
    await settled(client(), taskId)
    const database = new DatabaseSync(join(world().gateway.dataFolder, 'control.db'), { timeout: 5_000 })
    const bob = database.prepare('SELECT principal FROM approver_login WHERE login LIKE ?').get('%bob@example.com%')
    const row = database.prepare('SELECT principal FROM held_task WHERE id = ?').get(String(taskId))
    expect(row?.['principal']).not.toBe(bob?.['principal'])
    const change = database.prepare('UPDATE held_task SET principal = ? WHERE id = ?')
    change.run(String(bob?.['principal']), String(taskId))
    const seen = await ask({ ...client(), person: 'bob' }, 'tasks/get', { taskId })
    expect(seen.message).toMatchObject({ error: { code: -32_602 } })
    change.run(String(row?.['principal']), String(taskId))
    database.close()
    expect(JSON.stringify(await getTask(client(), taskId))).toContain('tools/call write')
    const alerts = async () => JSON.stringify(ofKind(await recordsOf(world().gateway), 'alert'))
    await expect.poll(alerts).toContain(String(taskId))
  })
})
