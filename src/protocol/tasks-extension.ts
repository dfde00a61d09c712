// The tasks extension of 2026-07-28 (SEP-2663): tools/call may be answered with a task, and its client then asks what became
// of it. All functions take texts that were scanned; what they take out of one keeps its bytes.
import { concat, decodeUtf8, encodeUtf8 } from '../base/bytes.ts'
import { isObject, type JsonObject, stringAt, stringifyJson } from '../base/json.ts'
import { findMember, type JsonMember } from '../base/json-scan.ts'
import { CODES, errorReply, OUR_CODES } from './errors.ts'
import type { IdText } from './message.ts'
import { membersAt, type Span, splice, valueAt } from './places.ts'

const EXTENSION = 'io.modelcontextprotocol/tasks'

export type TaskStatus = 'working' | 'input_required' | 'completed' | 'failed' | 'cancelled'

/** A task as its client sees it. Times in milliseconds since 1970. */
export interface TaskSeen {
  readonly id: string
  readonly status: TaskStatus
  readonly message?: string | undefined
  readonly createdMs: number
  readonly updatedMs: number
  readonly endsMs: number
}

/** What a task came to: JSON texts of a result, of an error, or of a result that asks for input. */
export interface TaskAnswer {
  readonly status: 'completed' | 'failed' | 'input_required'
  readonly value: Uint8Array
}

/** Often enough for a person who is waited for, and rare enough for the log that each question stands in. */
const POLL_MS = 5_000

/** Whether the client takes a task for an answer to this very request. */
export function takesTasks({ _meta: meta }: JsonObject): boolean {
  return isObject(meta) && hasExtension(meta['io.modelcontextprotocol/clientCapabilities'])
}

/** A request of which its server may make no task: whoever sends it would not follow one. */
export function withoutTasks(request: Uint8Array): Uint8Array {
  let at: Span = { start: valueAt(request), end: request.length }
  for (const key of DECLARED_AT) {
    const inner = memberOf(request, at.start, key)
    if (inner === undefined) return request
    at = inner
  }
  if (!isObjectAt(request, at)) return request
  const others = textsAt(request, at.start).filter(([key]) => key !== EXTENSION)
  const text = `{${others.map(([key, value]) => `${stringifyJson(key)}:${value}`).join(',')}}`
  return splice(request, [{ start: at.start, end: at.end, text }])
}

const DECLARED_AT = ['params', '_meta', 'io.modelcontextprotocol/clientCapabilities', 'extensions']

/** What a client is told that asks for a task and does not say that it takes any. Goes with HTTP 400. */
export function missingTasks(id: IdText): Uint8Array {
  const message = `Asking for a task needs the client capability ${EXTENSION} in the request.`
  const requiredCapabilities = { extensions: { [EXTENSION]: {} } }
  return errorReply(id, CODES.missingClientCapability, message, { requiredCapabilities })
}

/** Whether a server says in its DiscoverResult that it makes tasks. */
export function makesTasks({ capabilities }: JsonObject): boolean {
  return hasExtension(capabilities)
}

function hasExtension(capabilities: unknown): boolean {
  if (!isObject(capabilities)) return false
  const { extensions } = capabilities
  return isObject(extensions) && isObject(extensions[EXTENSION])
}

/** Says in a DiscoverResult that tasks are made, where the server does not. */
export function addTasks(replyBytes: Uint8Array): Uint8Array {
  const result = memberOf(replyBytes, valueAt(replyBytes), 'result')
  const capabilities = result && memberOf(replyBytes, result.start, 'capabilities')
  if (result === undefined || capabilities === undefined) return replyBytes
  const extensions = memberOf(replyBytes, capabilities.start, 'extensions')
  const tasks = `${JSON.stringify(EXTENSION)}:{}`
  // What is no object is left to the client to refuse.
  if (!isObjectAt(replyBytes, capabilities) || (extensions !== undefined && !isObjectAt(replyBytes, extensions)))
    return replyBytes
  if (extensions === undefined) return insert(replyBytes, capabilities.start, `"extensions":{${tasks}}`)
  const isThere = memberOf(replyBytes, extensions.start, EXTENSION) !== undefined
  return isThere ? replyBytes : insert(replyBytes, extensions.start, tasks)
}

function isObjectAt(bytes: Uint8Array, { start }: Span): boolean {
  return bytes[start] === OPEN_OBJECT
}

const OPEN_OBJECT = 0x7b

function insert(bytes: Uint8Array, object: number, text: string): Uint8Array {
  const isEmpty = membersAt(bytes, object).length === 0
  const at = object + 1
  return splice(bytes, [{ start: at, end: at, text: isEmpty ? text : `${text},` }])
}

/** CreateTaskResult. */
export function taskCreated(id: IdText, task: TaskSeen): Uint8Array {
  return resultReply(id, { resultType: 'task', ...seen(task) })
}

/** The answer to tasks/get, with what the task came to. */
export function taskState(id: IdText, task: TaskSeen, answer: Uint8Array | undefined): Uint8Array {
  const reply = resultReply(id, { resultType: 'complete', ...seen(task) })
  const key = ANSWER_KEYS[task.status]
  if (key === undefined || answer === undefined) return reply
  // The last two bytes close the result and the reply.
  return concat([reply.subarray(0, -2), encodeUtf8(`,"${key}":`), answer, reply.subarray(-2)])
}

const ANSWER_KEYS: Readonly<Partial<Record<TaskStatus, string>>> = {
  completed: 'result',
  failed: 'error',
  input_required: 'inputRequests',
}

/** The answer to tasks/update and tasks/cancel. */
export function taskAcknowledged(id: IdText): Uint8Array {
  return resultReply(id, { resultType: 'complete' })
}

function seen({ id, status, message, createdMs, updatedMs, endsMs }: TaskSeen): JsonObject {
  return {
    taskId: id,
    status,
    ...(message === undefined ? {} : { statusMessage: message }),
    createdAt: new Date(createdMs).toISOString(),
    lastUpdatedAt: new Date(updatedMs).toISOString(),
    ttlMs: endsMs - createdMs,
    pollIntervalMs: POLL_MS,
  }
}

function resultReply(id: IdText, result: JsonObject): Uint8Array {
  return encodeUtf8(`{"jsonrpc":"2.0","id":${id},"result":${stringifyJson(result)}}`)
}

/** What a reply means for the task that waited for it; without a reply, `status` is all that is known. */
export function answerIn(reply: Uint8Array | undefined, status: number): TaskAnswer {
  const start = reply === undefined ? 0 : valueAt(reply)
  const error = reply && memberOf(reply, start, 'error')
  if (reply !== undefined && error !== undefined)
    return { status: 'failed', value: reply.slice(error.start, error.end) }
  const result = reply && memberOf(reply, start, 'result')
  if (reply === undefined || result === undefined)
    return failed(`The MCP server answered HTTP ${status} without a reply.`)
  const type = memberOf(reply, result.start, 'resultType')
  const said = type && stringAt(reply, type)
  if (said === 'task')
    return failed('The MCP server makes a task of its own of this call, so it was started and cannot be followed here.')
  const value = reply.slice(result.start, result.end)
  return { status: said === 'input_required' ? said : 'completed', value }
}

/** What an error says of why a task failed. */
export function messageIn(error: Uint8Array): string | undefined {
  const message = memberOf(error, valueAt(error), 'message')
  return message && stringAt(error, message)
}

/** A task that failed, in the gateway's own words. */
export function failed(message: string): TaskAnswer {
  return { status: 'failed', value: encodeUtf8(stringifyJson({ code: OUR_CODES.upstreamFailed, message })) }
}

/** Whether a text is the reply to a request, and no notification. */
export function isReply(message: Uint8Array): boolean {
  const members = membersAt(message, valueAt(message))
  return findMember(members, 'method') === undefined && members.some(({ key }) => key === 'result' || key === 'error')
}

function memberOf(bytes: Uint8Array, object: number, key: string): JsonMember | undefined {
  return findMember(membersAt(bytes, object), key)
}

/** Texts of members of an object, by key, in their order. */
export function textsAt(bytes: Uint8Array, object: number): readonly (readonly [key: string, text: string])[] {
  return membersAt(bytes, object).map(({ key, start, end }) => [key, decodeUtf8(bytes, start, end)])
}
