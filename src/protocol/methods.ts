// Every method that MCP knows, in which revisions, from which side, and what a decision about it looks at
// (protocol.md, 2.3). A method that is not in this table is refused; one that is in the type but not in the
// table does not compile.
import { isObject, type JsonObject, type JsonValue } from '../base/json.ts'
import type { Revision } from './message.ts'

/** The legacy revisions, oldest first, and the modern one. */
export const REVISIONS = [
  '2024-11-05',
  '2025-03-26',
  '2025-06-18',
  '2025-11-25',
  '2026-07-28',
] as const satisfies readonly Revision[]

export const MODERN_REVISION = '2026-07-28' satisfies Revision

/** Direction of a message: client to server, or server to client. */
export type Direction = 'c2s' | 's2c'

/** What policy looks at. `list`: each item of the reply. `connection`: nothing but who and where. `none`: always passes. */
export type DecidedBy = 'tool' | 'prompt' | 'resource' | 'completion' | 'task' | 'list' | 'connection' | 'none'

/** The part of `params` that names what the method is about; `ref` is that of completion/complete. */
export type TargetKey = 'name' | 'uri' | 'taskId' | 'ref'

/** The member of a result that holds the items, and the key of each item that names it. */
export interface ListShape {
  readonly items: 'tools' | 'prompts' | 'resources' | 'resourceTemplates' | 'tasks'
  readonly key: 'name' | 'uri' | 'uriTemplate' | 'taskId'
}

export interface Handling {
  readonly form: 'request' | 'notification'
  /** Revisions in which a client may send it. */
  readonly c2s?: readonly Revision[]
  /** Revisions in which a server may send it. */
  readonly s2c?: readonly Revision[]
  readonly by: DecidedBy
  readonly target?: TargetKey
  readonly list?: ListShape
}

export type Method =
  | 'initialize'
  | 'ping'
  | 'server/discover'
  | 'subscriptions/listen'
  | 'completion/complete'
  | 'logging/setLevel'
  | 'prompts/list'
  | 'prompts/get'
  | 'resources/list'
  | 'resources/templates/list'
  | 'resources/read'
  | 'resources/subscribe'
  | 'resources/unsubscribe'
  | 'tools/list'
  | 'tools/call'
  | 'tasks/get'
  | 'tasks/result'
  | 'tasks/list'
  | 'tasks/cancel'
  | 'tasks/update'
  | 'sampling/createMessage'
  | 'elicitation/create'
  | 'roots/list'
  | 'notifications/initialized'
  | 'notifications/cancelled'
  | 'notifications/progress'
  | 'notifications/message'
  | 'notifications/roots/list_changed'
  | 'notifications/resources/updated'
  | 'notifications/resources/list_changed'
  | 'notifications/tools/list_changed'
  | 'notifications/prompts/list_changed'
  | 'notifications/elicitation/complete'
  | 'notifications/tasks/status'
  | 'notifications/subscriptions/acknowledged'
  | 'notifications/tasks'

const ALL = REVISIONS
const LEGACY = ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'] as const satisfies readonly Revision[]
const FROM_2025_06 = ['2025-06-18', '2025-11-25'] as const satisfies readonly Revision[]
const ONLY_2025_11 = ['2025-11-25'] as const satisfies readonly Revision[]
const MODERN = [MODERN_REVISION] as const
const TASKS = ['2025-11-25', MODERN_REVISION] as const satisfies readonly Revision[]

const TOOLS = { items: 'tools', key: 'name' } as const
const PROMPTS = { items: 'prompts', key: 'name' } as const
const RESOURCES = { items: 'resources', key: 'uri' } as const
const TEMPLATES = { items: 'resourceTemplates', key: 'uriTemplate' } as const
const TASK_LIST = { items: 'tasks', key: 'taskId' } as const

// oxfmt-ignore
export const HANDLING = {
  'initialize':               { form: 'request', c2s: LEGACY, by: 'connection' },
  'ping':                     { form: 'request', c2s: LEGACY, s2c: LEGACY, by: 'none' },
  'server/discover':          { form: 'request', c2s: MODERN, by: 'connection' },
  'subscriptions/listen':     { form: 'request', c2s: MODERN, by: 'connection' },
  'completion/complete':      { form: 'request', c2s: ALL, by: 'completion', target: 'ref' },
  'logging/setLevel':         { form: 'request', c2s: LEGACY, by: 'connection' },
  'prompts/list':             { form: 'request', c2s: ALL, by: 'list', list: PROMPTS },
  'prompts/get':              { form: 'request', c2s: ALL, by: 'prompt', target: 'name' },
  'resources/list':           { form: 'request', c2s: ALL, by: 'list', list: RESOURCES },
  'resources/templates/list': { form: 'request', c2s: ALL, by: 'list', list: TEMPLATES },
  'resources/read':           { form: 'request', c2s: ALL, by: 'resource', target: 'uri' },
  'resources/subscribe':      { form: 'request', c2s: LEGACY, by: 'resource', target: 'uri' },
  'resources/unsubscribe':    { form: 'request', c2s: LEGACY, by: 'resource', target: 'uri' },
  'tools/list':               { form: 'request', c2s: ALL, by: 'list', list: TOOLS },
  'tools/call':               { form: 'request', c2s: ALL, by: 'tool', target: 'name' },
  // 2025-11-25 runs tasks in both directions; the tasks extension of 2026-07-28 only for tools/call.
  'tasks/get':                { form: 'request', c2s: TASKS, s2c: ONLY_2025_11, by: 'task', target: 'taskId' },
  'tasks/result':             { form: 'request', c2s: ONLY_2025_11, s2c: ONLY_2025_11, by: 'task', target: 'taskId' },
  'tasks/list':               { form: 'request', c2s: ONLY_2025_11, s2c: ONLY_2025_11, by: 'list', list: TASK_LIST },
  'tasks/cancel':             { form: 'request', c2s: TASKS, s2c: ONLY_2025_11, by: 'task', target: 'taskId' },
  'tasks/update':             { form: 'request', c2s: MODERN, by: 'task', target: 'taskId' },
  // In 2026-07-28 these three live inside `inputRequests` of a result, never as messages of their own.
  'sampling/createMessage':   { form: 'request', s2c: LEGACY, by: 'connection' },
  'elicitation/create':       { form: 'request', s2c: FROM_2025_06, by: 'connection' },
  'roots/list':               { form: 'request', s2c: LEGACY, by: 'connection' },

  'notifications/initialized':                { form: 'notification', c2s: LEGACY, by: 'connection' },
  'notifications/cancelled':                  { form: 'notification', c2s: ALL, s2c: ALL, by: 'connection' },
  'notifications/progress':                   { form: 'notification', c2s: LEGACY, s2c: ALL, by: 'connection' },
  'notifications/message':                    { form: 'notification', s2c: ALL, by: 'connection' },
  'notifications/roots/list_changed':         { form: 'notification', c2s: LEGACY, by: 'connection' },
  'notifications/resources/updated':          { form: 'notification', s2c: ALL, by: 'resource', target: 'uri' },
  'notifications/resources/list_changed':     { form: 'notification', s2c: ALL, by: 'connection' },
  'notifications/tools/list_changed':         { form: 'notification', s2c: ALL, by: 'connection' },
  'notifications/prompts/list_changed':       { form: 'notification', s2c: ALL, by: 'connection' },
  'notifications/elicitation/complete':       { form: 'notification', s2c: ONLY_2025_11, by: 'connection' },
  'notifications/tasks/status':               { form: 'notification', c2s: ONLY_2025_11, s2c: ONLY_2025_11, by: 'task', target: 'taskId' },
  'notifications/subscriptions/acknowledged': { form: 'notification', s2c: MODERN, by: 'connection' },
  'notifications/tasks':                      { form: 'notification', s2c: MODERN, by: 'task', target: 'taskId' },
} as const satisfies Record<Method, Handling>

/** How a method is handled, as the plain record type. */
export function handlingOf(method: Method): Handling {
  return HANDLING[method]
}

export function isMethod(text: string): text is Method {
  return Object.hasOwn(HANDLING, text)
}

export function isRevision(text: string): text is Revision {
  return asRevision(text) !== undefined
}

/** The revision of that name, or undefined for one that we do not speak. */
export function asRevision(text: string | undefined): Revision | undefined {
  return REVISIONS.find((revision) => revision === text)
}

/** Whether that side may send the method in that revision; without a revision, in any legacy one. */
export function existsIn(method: Method, revision: Revision | undefined, direction: Direction): boolean {
  const { c2s, s2c } = handlingOf(method)
  const revisions = (direction === 'c2s' ? c2s : s2c) ?? []
  if (revision !== undefined) return revisions.includes(revision)
  return revisions.some((each) => each !== MODERN_REVISION)
}

/** Tool name, prompt name, resource URI or task id that `params` names; undefined where the method names none. */
export function targetOf(method: Method, params: JsonObject): string | undefined {
  const { target } = handlingOf(method)
  return target === undefined ? undefined : targetIn(target, params[target])
}

/** The same, from the value of the member that holds it. */
export function targetIn(key: TargetKey, value: JsonValue | undefined): string | undefined {
  if (key !== 'ref') return typeof value === 'string' ? value : undefined
  if (!isObject(value)) return undefined
  const named = value['type'] === 'ref/prompt' ? value['name'] : value['uri']
  return typeof named === 'string' ? named : undefined
}

const WITH_ARGUMENTS: readonly string[] = ['tools/call', 'prompts/get']
const NO_ARGUMENTS: JsonObject = {}

/** What rules see as `args`: the arguments of a call of a tool or prompt, all params of anything else. */
export function argumentsOf(method: string, params: JsonObject): JsonObject {
  if (!WITH_ARGUMENTS.includes(method)) return params
  const given = params['arguments']
  return isObject(given) ? given : NO_ARGUMENTS
}
