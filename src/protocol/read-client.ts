import { jsonWatch } from '../base/json-watch.ts'
import { isTextAt, parseJson, stringAt } from '../base/json.ts'
import { findMember, type JsonLimits, type JsonMember, type JsonScan, scanJson } from '../base/json-scan.ts'
import { dateMessage, type Dated } from './era.ts'
import { CODES } from './errors.ts'
import { readId } from './id.ts'
import { lazyObject } from './lazy.ts'
import { findLookAlike, keyNames } from './look-alike.ts'
import type { ClientAnswer, ClientMessage, IdText, WireFault } from './message.ts'
import { existsIn, handlingOf, isMethod, type Method, targetIn } from './methods.ts'
import { checkNameHeaders, type ClientHeaders } from './mirrored-headers.ts'
import { headerMismatch, idOf, invalidParams, invalidRequest, lookAlikeFault, scanFault } from './wire-fault.ts'

const ENVELOPE_KEYS = keyNames('jsonrpc', 'id', 'method', 'params', 'result', 'error')
const PARAMS_KEYS = keyNames(
  'name',
  'arguments',
  'uri',
  '_meta',
  'cursor',
  'ref',
  'requestState',
  'inputResponses',
  'taskId',
)
const META_KEYS = keyNames(
  'io.modelcontextprotocol/protocolVersion',
  'io.modelcontextprotocol/clientCapabilities',
  'io.modelcontextprotocol/clientInfo',
  'progressToken',
)
const REF_KEYS = keyNames('type', 'name', 'uri')
const WATCH = jsonWatch(
  [
    ['params', 'result', 'error'],
    ['_meta', 'ref'],
  ],
  [ENVELOPE_KEYS, PARAMS_KEYS, META_KEYS, REF_KEYS].flatMap(({ exact }) => [...exact]),
)

/** Reads one message of a client: strict scan, shape, era, envelope, method, params, mirrored headers, in that order. */
export function readClientMessage(
  bytes: Uint8Array,
  headers: ClientHeaders,
  limits: JsonLimits,
): ClientMessage | WireFault {
  const scan = scanJson(bytes, limits, WATCH)
  if (scan.kind === 'fault') return scanFault(bytes, scan)
  const { members } = scan
  if (members === undefined) return invalidRequest('The body is not one JSON-RPC message.')
  const id = idOf(bytes, members)
  const lookAlike = findLookAlike(members, ENVELOPE_KEYS)
  if (lookAlike !== undefined) return lookAlikeFault(lookAlike, id)
  if (!isVersionTwo(bytes, members)) return invalidRequest('"jsonrpc" is not "2.0".', id)
  if (id === undefined && findMember(members, 'id') !== undefined)
    return invalidRequest('The id is neither a string nor an integer.')
  const method = findMember(members, 'method')
  if (method === undefined) return readAnswer(scan, id)
  return findMember(members, 'result') === undefined && findMember(members, 'error') === undefined
    ? readCall(scan, { id, method, headers })
    : invalidRequest('The message has a method, and a result or an error.', id)
}

function isVersionTwo(bytes: Uint8Array, members: readonly JsonMember[]): boolean {
  const version = findMember(members, 'jsonrpc')
  return version !== undefined && isTextAt(bytes, version, '"2.0"')
}

/** A client's answer to a request of the server. */
function readAnswer({ bytes, members }: JsonScan, id: IdText | undefined): ClientAnswer | WireFault {
  const result = findMember(members, 'result')
  const error = findMember(members, 'error')
  if (id === undefined) return invalidRequest('The message has neither a method nor an id.')
  if ((result === undefined) === (error === undefined))
    return invalidRequest('The message has no method, and not exactly one of result and error.', id)
  if ((result ?? error)?.members === undefined) return invalidRequest('The result or error is not an object.', id)
  return { kind: 'answer', id, era: 'legacy', failed: error !== undefined, bytes }
}

/** A request or notification on its way through the checks. */
interface Call {
  readonly bytes: Uint8Array
  /** Undefined for a notification. */
  readonly id: IdText | undefined
  readonly params: JsonMember | undefined
  readonly meta: JsonMember | undefined
}

function readCall(
  { bytes, members }: JsonScan,
  { id, method, headers }: { id: IdText | undefined; method: JsonMember; headers: ClientHeaders },
): ClientMessage | WireFault {
  const name = stringAt(bytes, method)
  if (name === undefined) return invalidRequest('The method is not a string.', id)
  const params = findMember(members, 'params')
  if (params !== undefined && params.members === undefined) return invalidRequest('The params are not an object.', id)
  const call = { bytes, id, params, meta: findMember(params?.members, '_meta') }
  const lookAlike = lookAlikeIn(call)
  if (lookAlike !== undefined) return lookAlikeFault(lookAlike, id)
  const header = headers['mcp-protocol-version']
  const dated = dateMessage({ bytes, id, method: name, meta: call.meta?.members, header })
  if (dated.kind === 'fault') return dated
  if (!isMethod(name) || !isOfClient(name, call, dated)) return unknownMethod(call, dated)
  return id === undefined ? notificationOf(call, name, dated, headers) : requestOf(call, id, { name, dated, headers })
}

function lookAlikeIn({ params, meta }: Call): string | undefined {
  return (
    findLookAlike(params?.members, PARAMS_KEYS) ??
    findLookAlike(meta?.members, META_KEYS) ??
    findLookAlike(findMember(params?.members, 'ref')?.members, REF_KEYS)
  )
}

function isOfClient(method: Method, { id }: Call, { revision }: Dated): boolean {
  const form = id === undefined ? 'notification' : 'request'
  return handlingOf(method).form === form && existsIn(method, revision, 'c2s')
}

/** Legacy servers answer 200 with the error, modern ones MUST answer 404; a notification gets nothing. */
function unknownMethod({ id }: Call, { era }: Dated): WireFault {
  const status = id === undefined ? 202 : era === 'modern' ? 404 : 200
  const message = 'This method does not exist in this protocol version.'
  return { kind: 'fault', reason: 'unknown_method', status, code: CODES.methodNotFound, message, id }
}

function notificationOf(
  call: Call,
  method: Method,
  { era, revision }: Dated,
  headers: ClientHeaders,
): ClientMessage | WireFault {
  const mirrored = headers['mcp-method']
  if (era === 'modern' && mirrored !== undefined && mirrored !== method)
    return headerMismatch('The header Mcp-Method differs from "method" in the body.', undefined)
  const read = lazyObject(call.bytes, call.params)
  return {
    kind: 'notification',
    method,
    era,
    revision,
    get params() {
      return read()
    },
    bytes: call.bytes,
  }
}

function requestOf(
  call: Call,
  id: IdText,
  { name: method, dated, headers }: { name: Method; dated: Dated; headers: ClientHeaders },
): ClientMessage | WireFault {
  const { bytes, params, meta } = call
  const { era, revision } = dated
  const target = readTarget(call, method)
  const fault = checkParams(call, method, target)
  if (fault !== undefined) return fault
  const token = findMember(meta?.members, 'progressToken')
  const progressToken = token === undefined ? undefined : readId(bytes, token)
  if (token !== undefined && progressToken === undefined)
    return invalidParams('params._meta.progressToken is neither a string nor an integer.', id)
  const mismatch = era === 'modern' ? checkNameHeaders({ id, method, target }, headers) : undefined
  if (mismatch !== undefined) return mismatch
  const read = lazyObject(bytes, params)
  return {
    kind: 'request',
    id,
    method,
    era,
    revision,
    target,
    progressToken,
    get params() {
      return read()
    },
    bytes,
  }
}

function readTarget({ bytes, params }: Call, method: Method): string | undefined {
  const { target } = handlingOf(method)
  const member = target === undefined ? undefined : findMember(params?.members, target)
  if (target === undefined || member === undefined) return undefined
  return target === 'ref'
    ? targetIn(target, parseJson(bytes.subarray(member.start, member.end)))
    : stringAt(bytes, member)
}

function checkParams(
  { bytes, id, params, meta }: Call,
  method: Method,
  target: string | undefined,
): WireFault | undefined {
  if (meta !== undefined && meta.members === undefined) return invalidParams('params._meta is not an object.', id)
  const { target: key } = handlingOf(method)
  if (key !== undefined && target === undefined) return invalidParams(`params.${key} is missing or malformed.`, id)
  const args = findMember(params?.members, 'arguments')
  return args === undefined || bytes[args.start] === 0x7b
    ? undefined
    : invalidParams('params.arguments is not an object.', id)
}
