import { jsonWatch } from '../base/json-watch.ts'
import { isTextAt, stringAt } from '../base/json.ts'
import { findMember, type JsonLimits, type JsonMember, type JsonScan, scanJson } from '../base/json-scan.ts'
import { CODES } from './errors.ts'
import { lazyObject } from './lazy.ts'
import { findLookAlike, keyNames } from './look-alike.ts'
import type { IdText, ServerMessage, WireFault } from './message.ts'
import { handlingOf, isMethod, type Method } from './methods.ts'
import { idOf, invalidRequest, lookAlikeFault, scanFault } from './wire-fault.ts'

export type ServerMessageLimits = JsonLimits

const ENVELOPE_KEYS = keyNames('jsonrpc', 'id', 'method', 'params', 'result', 'error')
const RESULT_KEYS = keyNames(
  'tools',
  'prompts',
  'resources',
  'resourceTemplates',
  'tasks',
  'content',
  'contents',
  'structuredContent',
  'isError',
  'resultType',
  'inputRequests',
  'requestState',
  'taskId',
  'task',
  'supportedVersions',
  'cacheScope',
)

const WATCH = jsonWatch(
  [['result', 'params', 'error']],
  [ENVELOPE_KEYS, RESULT_KEYS].flatMap(({ exact }) => [...exact]),
)

/**
 * Reads a message of a server: one JSON body, or the data of one event. Strict about how it is written, lenient about
 * what else is in it: unknown keys pass. A fault with `unknown_method` is a well-formed message of an extension.
 */
export function readServerMessage(bytes: Uint8Array, limits: ServerMessageLimits): ServerMessage | WireFault {
  const scan = scanJson(bytes, limits, WATCH)
  if (scan.kind === 'fault') return scanFault(bytes, scan)
  const { members } = scan
  if (members === undefined) return invalidRequest('The message is not one JSON object.')
  const lookAlike = findLookAlike(members, ENVELOPE_KEYS)
  if (lookAlike !== undefined) return lookAlikeFault(lookAlike)
  if (!isTextOf(bytes, findMember(members, 'jsonrpc'), '"2.0"'))
    return invalidRequest('The message is not JSON-RPC 2.0.')
  const method = findMember(members, 'method')
  return method === undefined ? readReply(scan) : readCall(scan, method)
}

function readReply({ bytes, members }: JsonScan): ServerMessage | WireFault {
  const idMember = findMember(members, 'id')
  const id = idOf(bytes, members)
  // `id: null` and no id at all occur in error replies (protocol.md, 3.1).
  if (id === undefined && idMember !== undefined && !isTextAt(bytes, idMember, 'null'))
    return invalidRequest('The id of a reply is neither a string nor an integer.')
  const result = findMember(members, 'result')
  const error = findMember(members, 'error')
  if (error === undefined) return readResult(bytes, result, id)
  return result !== undefined || error.members === undefined
    ? invalidRequest('A reply has an error that is no object, or a result as well.', id)
    : { kind: 'reply', id, failed: true, toolError: false, result: undefined }
}

function readResult(
  bytes: Uint8Array,
  result: JsonMember | undefined,
  id: IdText | undefined,
): ServerMessage | WireFault {
  if (result?.members === undefined) return invalidRequest('A reply has neither a result object nor an error.', id)
  if (id === undefined) return invalidRequest('A result has no id.')
  const lookAlike = findLookAlike(result.members, RESULT_KEYS)
  if (lookAlike !== undefined) return lookAlikeFault(lookAlike, id)
  const toolError = isTextOf(bytes, findMember(result.members, 'isError'), 'true')
  const read = lazyObject(bytes, result)
  return {
    kind: 'reply',
    id,
    failed: false,
    toolError,
    get result() {
      return read()
    },
  }
}

function readCall({ bytes, members }: JsonScan, methodMember: JsonMember): ServerMessage | WireFault {
  const method = stringAt(bytes, methodMember)
  const idMember = findMember(members, 'id')
  const id = idOf(bytes, members)
  if (method === undefined) return invalidRequest('The method is not a string.', id)
  if (idMember !== undefined && id === undefined) return invalidRequest('The id is neither a string nor an integer.')
  const params = findMember(members, 'params')
  if (params !== undefined && params.members === undefined) return invalidRequest('The params are not an object.', id)
  if (!isMethod(method) || !isOfServer(method, id === undefined ? 'notification' : 'request')) return unknownMethod(id)
  const read = lazyObject(bytes, params)
  if (id === undefined)
    return {
      kind: 'notification',
      method,
      get params() {
        return read()
      },
    }
  return {
    kind: 'request',
    id,
    method,
    get params() {
      return read()
    },
  }
}

function isOfServer(method: Method, form: 'request' | 'notification'): boolean {
  const handling = handlingOf(method)
  return handling.form === form && handling.s2c !== undefined
}

function unknownMethod(id: IdText | undefined): WireFault {
  const message = 'A server does not send this method.'
  return { kind: 'fault', reason: 'unknown_method', status: 200, code: CODES.methodNotFound, message, id }
}

function isTextOf(bytes: Uint8Array, member: JsonMember | undefined, text: string): boolean {
  return member !== undefined && isTextAt(bytes, member, text)
}
