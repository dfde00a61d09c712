// A client of the tasks extension, of the plainest kind.
import {
  CancelTaskResultV2Schema,
  CreateTaskResultV2Schema,
  GetTaskResultV2Schema,
  UpdateTaskResultV2Schema,
} from '@modelcontextprotocol/ext-tasks/core/v2'
import type { Gateway } from './gateway.ts'
import { goodHeaders, modern, post, type Reply } from './mcp-client.ts'
import { isRecord } from './process.ts'
import type { Message } from './scripted-server.ts'

export interface TaskClient {
  readonly gateway: Gateway
  readonly connection?: string
  readonly person?: string
  readonly token?: string
}

/** What a client says that takes tasks. */
export const TAKES_TASKS = {
  'io.modelcontextprotocol/clientCapabilities': { extensions: { 'io.modelcontextprotocol/tasks': {} } },
}

export async function ask(client: TaskClient, method: string, params: Message): Promise<Reply> {
  const { body, headers } = modern(method, { _meta: TAKES_TASKS, ...params })
  const good = await goodHeaders(client)
  const reply = await post(client.gateway.url(client.connection ?? 'db'), body, { ...good, ...headers })
  checkShape(method, reply.message['result'])
  return reply
}

/** Every answer about a task has the shape that the extension's own schemas want. */
function checkShape(method: string, result: unknown): void {
  if (result === undefined) return
  const shape = isRecord(result) && result['resultType'] === 'task' ? CreateTaskResultV2Schema : SHAPES[method]
  shape?.parse(result)
}

const SHAPES: Readonly<Record<string, { parse(value: unknown): unknown }>> = {
  'tasks/get': GetTaskResultV2Schema,
  'tasks/update': UpdateTaskResultV2Schema,
  'tasks/cancel': CancelTaskResultV2Schema,
}

/** The result of a request that has one. */
export async function resultOf(reply: Promise<Reply>): Promise<Message> {
  const { message, text } = await reply
  const { result } = message
  if (!isRecord(result)) throw new Error(`no result: ${text}`)
  return result
}

export const callAsTask = (client: TaskClient, name: string, args: Message): Promise<Message> =>
  resultOf(ask(client, 'tools/call', { name, arguments: args }))

export const getTask = (client: TaskClient, taskId: unknown): Promise<Message> =>
  resultOf(ask(client, 'tasks/get', { taskId }))

/** Asks until the task is over, or waits for input. */
export async function settled(client: TaskClient, taskId: unknown): Promise<Message> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const task = await getTask(client, taskId)
    if (task['status'] !== 'working') return task
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
  throw new Error('the task is still working')
}

const TRIES = 200
const PAUSE_MS = 50
