// A call that is a task and asks for more in the middle: of its client, of people, or only to be asked again.
import { describe, expect, it } from 'vitest'
import { sharedApprovalWorld } from '../support/approval-world.ts'
import { idWaitingFor, vote } from '../support/approvals.ts'
import { replyTo, type Script, sendJson, textResult } from '../support/scripted-server.ts'
import { ask, callAsTask, getTask, resultOf, settled } from '../support/tasks.ts'

const world = sharedApprovalWorld('300ms')

const client = () => ({ gateway: world().gateway })
const approve = (id: string) => vote(world().gateway, 'bob', id, ['approve'])
const calls = () => world().server.received.filter(({ method }) => method === 'tools/call')

const answer = (content: object) => ({ action: 'accept', content })

/** Asks for two things, and is done once it has them. */
const asksTwice: Script = (received, response) => {
  const { message, method } = received
  if (method !== 'tools/call') return false
  if (JSON.stringify(message?.['params']).includes('inputResponses'))
    return sendJson(response, replyTo(received, textResult('done')))
  const params = { mode: 'form', message: 'which?', requestedSchema: { type: 'object', properties: {} } }
  const inputRequests = {
    name: { method: 'elicitation/create', params },
    age: { method: 'elicitation/create', params },
  }
  return sendJson(response, replyTo(received, { resultType: 'input_required', inputRequests, requestState: 'at one' }))
}

describe('a call that is a task', () => {
  it('goes on with input that the server asks for, once people agreed to that too', async () => {
    world().server.behave(asksTwice)
    const { taskId } = await callAsTask(client(), 'write', { sql: 'asks' })
    await approve(await idWaitingFor(world().gateway, 'bob'))
    const first = await settled(client(), taskId)
    expect(first).toMatchObject({ status: 'input_required', inputRequests: { '1.name': {}, '1.age': {} } })
    const give = (inputResponses: object) => resultOf(ask(client(), 'tasks/update', { taskId, inputResponses }))
    expect(await give({ '1.name': answer({ n: 12345678901234567890n.toString() }), '9.other': {} })).toEqual({
      resultType: 'complete',
    })
    const rest = await getTask(client(), taskId)
    expect(Object.keys(Object(rest['inputRequests']))).toEqual(['1.age'])
    await give({ '1.age': answer({ years: 40 }) })
    await approve(await idWaitingFor(world().gateway, 'bob'))
    expect(await settled(client(), taskId)).toMatchObject({
      status: 'completed',
      result: { content: [{ text: 'done' }] },
    })
    expect(calls().at(-1)?.message?.['params']).toMatchObject({
      name: 'write',
      arguments: { sql: 'asks' },
      requestState: 'at one',
      inputResponses: { name: answer({ n: '12345678901234567890' }), age: answer({ years: 40 }) },
    })
  })

  it('is no task of a server that would have made one, which nobody knew', async () => {
    world().server.behave((received, response) => {
      if (received.method !== 'tools/call') return false
      const task = { taskId: 'its own', status: 'working', createdAt: '', lastUpdatedAt: '', ttlMs: null }
      const takes = received.body.includes('io.modelcontextprotocol/tasks')
      return sendJson(response, replyTo(received, takes ? { resultType: 'task', ...task } : textResult('done')))
    })
    const { taskId } = await callAsTask(client(), 'write', { sql: 'whose task' })
    await approve(await idWaitingFor(world().gateway, 'bob'))
    expect(await settled(client(), taskId)).toMatchObject({
      status: 'completed',
      result: { content: [{ text: 'done' }] },
    })
  })

  it('goes on by itself where the server only wants to be asked again', async () => {
    world().server.behave((received, response) => {
      if (received.method !== 'tools/call') return false
      const isSecond = JSON.stringify(received.message?.['params']).includes('come back')
      const result = isSecond ? textResult('done') : { resultType: 'input_required', requestState: 'come back' }
      return sendJson(response, replyTo(received, result))
    })
    const { taskId } = await callAsTask(client(), 'write', { sql: 'again' })
    await approve(await idWaitingFor(world().gateway, 'bob'))
    expect(await getTask(client(), taskId)).toMatchObject({ status: 'working' })
    // It is another call by now, for the state is a param.
    expect(await getTask(client(), taskId)).toMatchObject({ status: 'working' })
    await approve(await idWaitingFor(world().gateway, 'bob'))
    expect(await settled(client(), taskId)).toMatchObject({
      status: 'completed',
      result: { content: [{ text: 'done' }] },
    })
    expect(calls()).toHaveLength(2)
  })
})
