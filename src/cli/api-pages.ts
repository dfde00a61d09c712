import { GatewayError } from '../base/assert.ts'
import { encodeUtf8 } from '../base/bytes.ts'
import { isObject, type JsonObject, parseJson, stringifyJson } from '../base/json.ts'
import { isJson } from '../downstream/headers.ts'
import type { ApiRequest } from '../downstream/http.ts'
import { jsonPage, type Page } from '../downstream/page.ts'
import type { Gateway } from '../gateway/gateway.ts'
import { isRefusal } from '../identity/bearer.ts'
import type { Principal } from '../identity/principal.ts'
import { challenge, metadataUrl, resourceUrl } from '../identity/resource-metadata.ts'

/** What is recorded is nobody's to keep on the way, and no browser may take it for a page. */
const HEADERS = ['Cache-Control', 'no-store', 'X-Content-Type-Options', 'nosniff']

/** `json`: its text. */
export function apiPage(status: number, json: string, headers: readonly string[] = []): Page {
  const { headers: type } = jsonPage(status, '')
  return { status, headers: [...type, ...HEADERS, ...headers], body: encodeUtf8(json) }
}

export function problem(status: number, message: string, headers: readonly string[] = []): Page {
  return apiPage(status, stringifyJson({ error: message }), headers)
}

export const LOG_UNAVAILABLE = problem(
  503,
  'The audit log cannot be written, so nothing is shown and nothing is done.',
  ['Retry-After', '5'],
)

/** Who asks; a page where they may not. `name` stands in the record of a refused token where a connection would. */
export async function callerOf(
  { authorization, address }: Pick<ApiRequest, 'authorization' | 'address'>,
  gateway: Pick<Gateway, 'bearer' | 'baseUrl' | 'now' | 'refusedTokens'>,
  name: string,
): Promise<Principal | Page> {
  const baseUrl = gateway.baseUrl()
  const caller = await gateway.bearer.check(authorization, resourceUrl(baseUrl), gateway.now.ms())
  if (!isRefusal(caller)) return caller
  const refused = await onRecord(gateway.refusedTokens.record({ address, reason: caller.reason, connection: name }))
  if (!refused) return LOG_UNAVAILABLE
  return problem(caller.status, caller.description, ['WWW-Authenticate', challenge(caller, metadataUrl(baseUrl))])
}

/** False where the log could not be written; then nothing is shown. */
export async function onRecord(recording: Promise<unknown>): Promise<boolean> {
  return (await orUnavailable(recording.then(() => true))) ?? false
}

/** Undefined where the log could not be written. */
export async function orUnavailable<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (failure) {
    if (failure instanceof GatewayError) return undefined
    throw failure
  }
}

/** Of a request to the API. */
const BODY_BYTES_MAX = 16_384

/** The JSON object that was sent, or what is wrong with it. Nothing at all is an empty one. */
export async function objectIn({
  headers,
  readBody,
}: Pick<ApiRequest, 'readBody' | 'headers'>): Promise<{ readonly object: JsonObject } | Page> {
  const body = await readBody(BODY_BYTES_MAX)
  if (body.kind === 'too_large')
    return problem(413, `A request has at most ${BODY_BYTES_MAX} bytes.`, ['Connection', 'close'])
  if (body.kind === 'broken') return problem(400, 'The request ended too early.')
  if (body.bytes.length === 0) return { object: {} }
  // No page of a stranger can send this type without asking first (CORS).
  if (!isJson(headers['content-type'])) return problem(415, 'Send Content-Type: application/json.')
  const value = parsed(body.bytes)
  return isObject(value) ? { object: value } : problem(400, 'Send a JSON object such as {"verdict": "approve"}.')
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return parseJson(bytes)
  } catch {
    return undefined
  }
}
