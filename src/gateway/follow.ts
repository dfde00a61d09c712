import { GatewayError } from '../base/assert.ts'
import { indexOf } from '../base/bytes.ts'
import { isObject, type JsonObject, stringifyJson } from '../base/json.ts'
import { Masked } from '../masking/masked.ts'
import { asRevision } from '../protocol/methods.ts'
import { paramHeadersOf } from '../protocol/param-headers.ts'
import { makesTasks } from '../protocol/tasks-extension.ts'
import type { ServerReply } from '../protocol/message.ts'
import type { Sent } from './carry.ts'
import { noteForms } from './forms.ts'
import type { Gateway, OpenConnection, Place } from './gateway.ts'
import type { NewTool } from './known-tools.ts'
import type { Shown } from './show.ts'
import { inspectedArguments } from './inspected-arguments.ts'
import { taskOf } from './tasks.ts'

const TASK_ID = new TextEncoder().encode('"taskId"')
const INPUT_REQUESTS = new TextEncoder().encode('"inputRequests"')

/** What the gateway learns from a reply: the session that it opened or ended, schemas of tools, tasks. */
export function follow(shown: Shown, sent: Sent, place: Place, gateway: Gateway): void {
  const { call } = sent
  if (shown.status === 404 && place.session.upstreamId !== undefined) gateway.sessions.end(place.session)
  if (shown.message === undefined || shown.message.failed) return
  if (call.method === 'initialize') opened(shown.message, shown.sessionId, place, gateway)
  followMessage(shown.message, Masked.read(shown.body), sent, { place, gateway })
}

/** The same for a reply that came as an event of a stream. */
export function followMessage(
  message: ServerReply,
  bytes: Uint8Array,
  { call }: Sent,
  { place, gateway }: { place: Place; gateway: Gateway },
): void {
  const { name } = place.connection.facts
  if (call.method === 'tools/list' && message.result !== undefined) learnTools(message.result, place, gateway)
  if (call.method === 'server/discover' && message.result !== undefined)
    gateway.tasks.noteMaker(name, makesTasks(message.result))
  if (asksForInput(call, bytes)) noteForms(message, call, place.session)
  if (call.method !== 'tools/call' || indexOf(bytes, TASK_ID) < 0 || message.result === undefined) return
  const taskId = taskOf(message.result)
  const owner = { principal: place.principal.id, tool: call.target ?? '' }
  if (taskId === undefined) return
  gateway.tasks.remember(name, taskId, owner)
  if (message.result['resultType'] === 'task') gateway.tasks.noteMaker(name, true)
}

function asksForInput({ era }: Sent['call'], bytes: Uint8Array): boolean {
  return era === 'modern' && indexOf(bytes, INPUT_REQUESTS) >= 0
}

/** A tool that was not known yet, or is another one now: whoever runs the gateway learns what is wrong with it. */
function learnTools(result: JsonObject, { connection }: Place, gateway: Gateway): void {
  for (const { name, tool } of connection.tools.learn(result)) {
    tellSecrets({ name, tool }, connection, gateway)
    tellHeaders({ name, tool }, connection, gateway)
    const { uncovered } = inspectedArguments(tool, connection.facts.inspection)
    if (uncovered.length > 0)
      gateway.warn('arguments of a tool are not read for the policy: add them to inspect:', {
        connection: connection.facts.name,
        tool: connection.masker.label(name).slice(0, NAME_CHARS_MAX),
        arguments: connection.masker.label(uncovered.join(', ')).slice(0, NAME_CHARS_MAX),
      })
  }
}

/** A definition is not rewritten, so every client sees what stands in it. */
function tellSecrets({ name, tool }: NewTool, { facts, masker }: OpenConnection, gateway: Gateway): void {
  const kinds = masker.secretsIn(stringifyJson(tool))
  if (kinds.length > 0)
    gateway.warn('the definition of a tool holds what looks like a secret, and every client sees it', {
      connection: facts.name,
      tool: masker.label(name).slice(0, NAME_CHARS_MAX),
      kinds: kinds.join(', '),
    })
}

/** A header goes through proxies and into their logs, where nothing is hidden. */
function tellHeaders({ name, tool }: NewTool, { facts, masker }: OpenConnection, gateway: Gateway): void {
  const { inputSchema } = tool
  const headers = isObject(inputSchema) ? paramHeadersOf(inputSchema) : []
  const named = headers.filter((header) => [...header.path, header.name].some((word) => masker.isSensitiveName(word)))
  if (named.length > 0)
    gateway.warn(
      'a tool has arguments sent in headers that are called like what is hidden: proxies and their logs see them',
      {
        connection: facts.name,
        tool: masker.label(name).slice(0, NAME_CHARS_MAX),
        arguments: masker.label(named.map(({ path }) => path.join('.')).join(', ')).slice(0, NAME_CHARS_MAX),
      },
    )
}

/** Names are the server's own words: enough of them to be found again. */
const NAME_CHARS_MAX = 200

/** `initialize` was answered: from here on the session's id, where there is one, belongs to this caller alone. */
export function opened(message: ServerReply, sessionId: string | undefined, place: Place, gateway: Gateway): void {
  const { session, connection } = place
  const version = textOf(message.result, 'protocolVersion')
  session.revision = version === undefined ? undefined : asRevision(version)
  if (sessionId === undefined) return
  const bound = gateway.sessions.bind(
    session,
    sessionId,
    connection.type === 'mcp-stdio' ? 'process' : 'mcp-session-id',
  )
  if (!bound)
    throw new GatewayError(
      'upstream_protocol',
      'The MCP server gave this session an id that belongs to another caller.',
    )
}

function textOf(object: JsonObject | undefined, key: string): string | undefined {
  const value = isObject(object) ? object[key] : undefined
  return typeof value === 'string' ? value : undefined
}
