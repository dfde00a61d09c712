import { encodeUtf8 } from '../base/bytes.ts'
import { findMember, type JsonMember, scanJson } from '../base/json-scan.ts'
import { jsonWatch } from '../base/json-watch.ts'
import { isObject, parseJson, stringAt, stringifyJson } from '../base/json.ts'
import type { IdText } from '../protocol/message.ts'
import { readId } from '../protocol/id.ts'

/** What a line of a process is about, as far as it has to be known to bring it to the right stream. Nothing of it is trusted. */
export type Line =
  | { readonly kind: 'reply'; readonly id: IdText | undefined; readonly failed: boolean; readonly bytes: Uint8Array }
  | { readonly kind: 'request'; readonly id: IdText; readonly bytes: Uint8Array }
  | Notification
  /** No message: a server that prints to its standard output. */
  | { readonly kind: 'noise' }

export interface Notification {
  readonly kind: 'notification'
  readonly method: string
  readonly progressToken: IdText | undefined
  /** `params.requestId`: what `notifications/cancelled` is about. */
  readonly requestId: IdText | undefined
  readonly subscriptionId: IdText | undefined
  readonly bytes: Uint8Array
}

const SUBSCRIPTION_ID = 'io.modelcontextprotocol/subscriptionId'
const WATCH = jsonWatch(
  [['params'], ['_meta']],
  ['jsonrpc', 'id', 'method', 'result', 'error', 'progressToken', 'requestId', SUBSCRIPTION_ID],
)
// Masking and policy have stricter limits; these only keep the scan from running away.
const LIMITS = { depthMax: 512, keysPerObjectMax: 100_000, keysMax: 1_000_000 }

export function readLine(bytes: Uint8Array): Line {
  const scan = scanJson(bytes, LIMITS, WATCH)
  return scan.kind === 'scan' ? read(bytes, scan.members) : readLoosely(bytes)
}

/**
 * What the strict scan refuses still has to reach the call that it answers: there it is refused and recorded. Otherwise
 * the caller would wait in vain.
 */
function readLoosely(bytes: Uint8Array): Line {
  try {
    const value = parseJson(bytes)
    if (!isObject(value)) return { kind: 'noise' }
    const { id, method, params } = value
    const plain = encodeUtf8(
      stringifyJson({
        id,
        method,
        params: isObject(params) ? onlyIds(params) : undefined,
        result: value['result'] === undefined ? undefined : null,
        error: value['error'] === undefined ? undefined : null,
      }),
    )
    const scan = scanJson(plain, LIMITS, WATCH)
    const line: Line = scan.kind === 'scan' ? read(plain, scan.members) : { kind: 'noise' }
    return line.kind === 'noise' ? line : { ...line, bytes }
  } catch {
    return { kind: 'noise' }
  }
}

function onlyIds({ progressToken, requestId, _meta }: { readonly [key: string]: unknown }) {
  const subscriptionId = isObject(_meta) ? _meta[SUBSCRIPTION_ID] : undefined
  return {
    progressToken: scalar(progressToken),
    requestId: scalar(requestId),
    _meta: { [SUBSCRIPTION_ID]: scalar(subscriptionId) },
  }
}

function scalar(value: unknown): string | number | undefined {
  return typeof value === 'string' || typeof value === 'number' ? value : undefined
}

function read(bytes: Uint8Array, members: readonly JsonMember[] | undefined): Line {
  const id = idAt(bytes, members, 'id')
  const method = findMember(members, 'method')
  if (method === undefined) {
    const failed = findMember(members, 'error') !== undefined
    return failed || findMember(members, 'result') !== undefined
      ? { kind: 'reply', id, failed, bytes }
      : { kind: 'noise' }
  }
  if (findMember(members, 'id') !== undefined)
    return id === undefined ? { kind: 'noise' } : { kind: 'request', id, bytes }
  const params = findMember(members, 'params')?.members
  return {
    kind: 'notification',
    method: stringAt(bytes, method) ?? '',
    progressToken: idAt(bytes, params, 'progressToken'),
    requestId: idAt(bytes, params, 'requestId'),
    subscriptionId: idAt(bytes, findMember(params, '_meta')?.members, SUBSCRIPTION_ID),
    bytes,
  }
}

function idAt(bytes: Uint8Array, members: readonly JsonMember[] | undefined, key: string): IdText | undefined {
  const member = findMember(members, key)
  return member === undefined ? undefined : readId(bytes, member)
}
