// Headers that repeat parts of the body, so that others can route without reading it. They decide nothing here: they
// must agree with the body, or the request is refused (protocol.md, 4.2 and 4.3). Modern era only.
import { isObject, type JsonObject, type JsonValue, parseJson } from '../base/json.ts'
import { decodeHeaderValue, encodeHeaderValue, trimHeader } from './header-value.ts'
import type { ClientRequest, IdText, WireFault } from './message.ts'
import { isMethod, type Method } from './methods.ts'
import { argumentAt, type ParamHeader, paramHeadersOf } from './param-headers.ts'
import { headerMismatch } from './wire-fault.ts'

/** Headers of a client: lower-case names, one value each. */
export type ClientHeaders = Readonly<Record<string, string>>

const DECIMAL = /^-?\d+(?:\.\d+)?$/

/** Member of `params` that `Mcp-Name` repeats. Other methods have no such header. */
const NAME_SOURCES: Readonly<Partial<Record<Method, 'name' | 'uri' | 'taskId'>>> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
  'tasks/get': 'taskId',
  'tasks/update': 'taskId',
  'tasks/cancel': 'taskId',
}

/** Checks `Mcp-Method` and `Mcp-Name` of a request. `target` is what the body names. */
export function checkNameHeaders(
  call: { id: IdText; method: Method; target: string | undefined },
  headers: ClientHeaders,
): WireFault | undefined {
  const { id, method, target } = call
  const named = headers['mcp-method']
  if (named === undefined)
    return headerMismatch('The header Mcp-Method is missing. Send it with the value of "method".', id)
  if (trimHeader(named) !== method)
    return headerMismatch('The header Mcp-Method differs from "method" in the body.', id)
  const source = NAME_SOURCES[method]
  if (source === undefined) return undefined
  const name = headers['mcp-name']
  if (name === undefined)
    return headerMismatch(`The header Mcp-Name is missing. Send it with the value of params.${source}.`, id)
  return decodeHeaderValue(name) === target
    ? undefined
    : headerMismatch(`The header Mcp-Name differs from params.${source} in the body.`, id)
}

/** Checks `Mcp-Param-*` of a tools/call against the tool's input schema as last listed; undefined is good. */
export function checkParamHeaders(
  call: ClientRequest,
  headers: ClientHeaders,
  inputSchema: JsonObject,
): WireFault | undefined {
  for (const param of paramHeadersOf(inputSchema)) {
    const value = argumentAt(call.params['arguments'], param.path)
    const expected = headerText(value)
    // An argument that is absent or null has no header; one that is there all the same is of no account.
    if (expected === undefined) continue
    const header = headers[`mcp-param-${param.name}`]
    const where = `params.arguments.${param.path.join('.')}`
    if (header === undefined)
      return headerMismatch(
        `The header Mcp-Param-${param.name} is missing. Send it with the value of ${where}.`,
        call.id,
      )
    if (!agrees(decodeHeaderValue(header), expected, value))
      return headerMismatch(`The header Mcp-Param-${param.name} differs from ${where}.`, call.id)
  }
  return undefined
}

/** Integers compare as numbers: `42.0` is 42. */
function agrees(header: string | undefined, expected: string, value: JsonValue | undefined): boolean {
  if (header === undefined) return false
  return header === expected || (typeof value === 'number' && DECIMAL.test(header) && Number(header) === value)
}

/** Mirrored headers of a body that was changed, lower-case names. Without a schema the arguments have none. */
export function mirrorHeaders(bytes: Uint8Array, inputSchema?: JsonObject): Record<string, string> {
  const body = parseJson(bytes)
  if (!isObject(body) || typeof body['method'] !== 'string' || !isMethod(body['method'])) return {}
  const headers: Record<string, string> = { 'mcp-method': body['method'] }
  const params = isObject(body['params']) ? body['params'] : {}
  const source = NAME_SOURCES[body['method']]
  const name = source === undefined ? undefined : params[source]
  if (typeof name === 'string') headers['mcp-name'] = encodeHeaderValue(name)
  const annotated: readonly ParamHeader[] = inputSchema === undefined ? [] : paramHeadersOf(inputSchema)
  for (const param of annotated) {
    const text = headerText(argumentAt(params['arguments'], param.path))
    if (text !== undefined) headers[`mcp-param-${param.name}`] = encodeHeaderValue(text)
  }
  return headers
}

function headerText(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : undefined
}
