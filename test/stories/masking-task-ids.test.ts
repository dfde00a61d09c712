// Ids of tasks that look like values: a server mints what it likes, and a client must get and give back just that.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Gateway, startGateway } from '../support/gateway.ts'
import { goodHeaders, initialize, modern, openSession, post } from '../support/mcp-client.ts'
import type { LegacySession } from '../support/mcp-client.ts'
import { at } from '../support/records.ts'
import {
  eventOf,
  openEvents,
  replyTo,
  type ScriptedServer,
  sendJson,
  startScriptedServer,
} from '../support/scripted-server.ts'

const MAIL = 'ann@shop.example'
const IDS = ['4111111111111111', MAIL, '+4915123456789']
const TASKS = 'io.modelcontextprotocol/tasks'

let server: ScriptedServer
let gateway: Gateway
let alice: LegacySession
beforeAll(async () => {
  server = await startScriptedServer()
  gateway = await startGateway({ connections: { jobs: { upstream: { http: { url: server.url } } } } })
  server.behave(mints(''))
  alice = await openSession({ gateway, connection: 'jobs' })
})
beforeEach(() => server.forget())
afterAll(async () => {
  await gateway?.stop()
  await server?.[Symbol.asyncDispose]()
})

const task = (taskId: string) => ({
  taskId,
  status: 'working',
  statusMessage: `for ${MAIL}`,
  createdAt: '2026-08-01T00:00:00Z',
  lastUpdatedAt: '2026-08-01T00:00:00Z',
  ttl: null,
})

/** Makes a task with this id of every call. */
function mints(taskId: string): Parameters<ScriptedServer['behave']>[0] {
  return (received, response) => {
    const id = String(at(received.message, 'params', 'taskId'))
    const isModern = received.headers['mcp-protocol-version'] === '2026-07-28'
    const say = (result: Record<string, unknown>) => sendJson(response, replyTo(received, result))
    switch (received.method) {
      case 'initialize': {
        const capabilities = { tools: {}, tasks: { list: {}, cancel: {}, requests: { tools: { call: {} } } } }
        const { protocolVersion } = initialize()['params'] as { protocolVersion: string }
        const result = { protocolVersion, capabilities, serverInfo: { name: 's', version: '1' } }
        return sendJson(response, replyTo(received, result), { 'mcp-session-id': crypto.randomUUID() })
      }
      case 'tools/call':
        return say(isModern ? { resultType: 'task', ...task(taskId), ttlMs: null } : { task: task(taskId) })
      case 'tasks/list':
        return say({ tasks: IDS.map(task) })
      case 'tasks/get':
      case 'tasks/cancel':
        return say({ resultType: 'complete', ...task(id) })
      case 'tasks/result':
        openEvents(response)
        response.write(eventOf({ jsonrpc: '2.0', method: 'notifications/tasks/status', params: task(id) }))
        response.end(
          eventOf(
            replyTo(received, {
              content: [{ type: 'text', text: `of ${MAIL}` }],
              _meta: { 'io.modelcontextprotocol/related-task': { taskId: id } },
            }),
          ),
        )
        return true
      default:
        return false
    }
  }
}

async function askModern(method: string, params: Record<string, unknown>) {
  const meta = { 'io.modelcontextprotocol/clientCapabilities': { extensions: { [TASKS]: {} } } }
  const { body, headers } = modern(method, { ...params, _meta: meta })
  const good = await goodHeaders({ gateway, connection: 'jobs' })
  return post(gateway.url('jobs'), body, { ...good, ...headers })
}

describe.each(IDS)('a task whose id is %s', (taskId) => {
  it('keeps it, made and asked for, listed and told of, and what is said of it is masked', async () => {
    server.behave(mints(taskId))
    const made = await alice.ask('tools/call', { name: 'query', arguments: {}, task: { ttl: 60_000 } })
    expect(at(made.message, 'result', 'task', 'taskId')).toBe(taskId)
    const got = await alice.ask('tasks/get', { taskId })
    expect(at(got.message, 'result', 'taskId')).toBe(taskId)
    const result = await alice.ask('tasks/result', { taskId })
    expect(at(result.message, 'result', '_meta', 'io.modelcontextprotocol/related-task', 'taskId')).toBe(taskId)
    expect(result.text).toContain(`"method":"notifications/tasks/status","params":{"taskId":"${taskId}"`)
    const listed = await alice.ask('tasks/list')
    const tasks = at(listed.message, 'result', 'tasks')
    expect(Array.isArray(tasks) ? tasks.map((one: unknown) => at(one, 'taskId')) : []).toContain(taskId)
    const cancelled = await alice.ask('tasks/cancel', { taskId })
    expect(at(cancelled.message, 'result', 'taskId')).toBe(taskId)
    for (const { text } of [made, got, result, listed, cancelled]) {
      expect(text).toMatch(/(?:for|of) sur_email_/)
      expect(text).not.toMatch(/(?:for|of) ann@/)
    }
    const reached = server.received.filter(({ method }) => /^tasks\/(?!list)/.test(method))
    expect(reached.map(({ message }) => at(message, 'params', 'taskId'))).toEqual([taskId, taskId, taskId])
  })

  it('keeps it for a modern client, too', async () => {
    server.behave(mints(taskId))
    const made = await askModern('tools/call', { name: 'query', arguments: {} })
    expect(at(made.message, 'result', 'taskId')).toBe(taskId)
    const got = await askModern('tasks/get', { taskId })
    expect(at(got.message, 'result', 'taskId')).toBe(taskId)
    expect(got.text).not.toContain(`for ${MAIL}`)
    expect(server.received.at(-1)?.headers['mcp-name']).toBe(taskId)
  })
})
