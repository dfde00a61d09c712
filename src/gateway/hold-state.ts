import { decodeUtf8, encodeUtf8, fromBase64Url, toBase64Url, concat } from '../base/bytes.ts'
import { type ApprovalId, isApprovalId } from '../approval/approval.ts'
import { isObject, parseJson, stringAt, stringifyJson } from '../base/json.ts'
import { MINUTE_MS } from '../base/units.ts'
import { CODES } from '../protocol/errors.ts'
import type { ClientRequest, WireFault } from '../protocol/message.ts'
import { type Edit, membersAt, splice, valueAt } from '../protocol/places.ts'
import type { Gateway, Place } from './gateway.ts'

/** Marks a state of a gateway, and with it the version of what is in it. Which gateway's it is, is the key's name after it. */
const MARK = 'slh1.'
const NONCE_BYTES = 12
/** A client comes back at once; what comes later asks anew, and finds the same approval. */
const LIFETIME_MS = 10 * MINUTE_MS

/** The request without the state that the gateway gave out while it was held. */
export interface Unwrapped {
  readonly call: ClientRequest
  /** How often it was held before, without a break. */
  readonly round: number
  /** What it waited for. */
  readonly heldOn: ApprovalId | undefined
}

/** `fault`: the state is another's, of another request, too old, or altered. */
export type Unwrapping = Unwrapped | { readonly fault: WireFault }

/**
 * 2026-07-28, multi round-trip requests: what comes back with a request is an attacker's until it opens. A state holds which
 * approval the client waits for, and the server's own state where its request had one, which comes out byte for byte. A server
 * may be a gateway of this kind itself: its states are its own affair.
 */
export function unwrap(call: ClientRequest, place: Place, gateway: Gateway): Unwrapping {
  const params = paramsOf(call.bytes)
  const at = params.members.findIndex(({ key }) => key === 'requestState')
  const member = params.members[at]
  const text = member === undefined ? undefined : stringAt(call.bytes, member)
  if (member === undefined || text?.startsWith(markOf(gateway)) !== true) return { call, round: 0, heldOn: undefined }
  const opened = open(text, call, place, gateway)
  if (opened === undefined) return { fault: { ...FAULT, id: call.id } }
  const bytes = splice(call.bytes, [editOf(call.bytes, params, at, opened.inner)])
  const { requestState: _, ...rest } = call.params
  const inner = opened.inner === undefined ? rest : { ...rest, requestState: opened.inner }
  return { call: { ...call, bytes, params: inner }, round: opened.round, heldOn: opened.approval }
}

const FAULT = {
  kind: 'fault',
  reason: 'invalid_params',
  status: 200,
  code: CODES.invalidParams,
  message: 'This requestState is not of this request, or too old. Send the request again without it.',
} as const

/** The state for a request that is still held after this round. */
export function wrap(
  call: ClientRequest,
  { approval, round }: { approval: ApprovalId; round: number },
  place: Place,
  gateway: Gateway,
): string {
  const { requestState } = call.params
  const inner = typeof requestState === 'string' ? requestState : null
  const until = gateway.now.ms() + LIFETIME_MS
  const plain = encodeUtf8(stringifyJson([approval, round, until, inner]))
  const { nonce, ciphertext } = gateway.approvals.seal(plain, contextOf(call, place))
  return markOf(gateway) + toBase64Url(concat([nonce, ciphertext]))
}

function markOf({ approvals }: Gateway): string {
  return `${MARK}${approvals.keyName}.`
}

function open(text: string, call: ClientRequest, place: Place, gateway: Gateway) {
  const bytes = fromBase64Url(text.slice(markOf(gateway).length))
  if (bytes === undefined || bytes.length < NONCE_BYTES) return undefined
  const box = { nonce: bytes.subarray(0, NONCE_BYTES), ciphertext: bytes.subarray(NONCE_BYTES) }
  const plain = gateway.approvals.unseal(box, contextOf(call, place))
  if (plain === undefined) return undefined
  const value = parseJson(decodeUtf8(plain))
  if (!Array.isArray(value)) return undefined
  const [approval, round, until, inner] = value
  if (typeof approval !== 'string' || !isApprovalId(approval) || typeof round !== 'number') return undefined
  if (typeof until !== 'number' || gateway.now.ms() >= until) return undefined
  return { round, approval, inner: typeof inner === 'string' ? inner : undefined }
}

/** Whose request it is, and which: not its state, which is what is sealed. */
function contextOf({ method, target, params }: ClientRequest, { principal, connection }: Place): readonly string[] {
  const args = isObject(params['arguments']) ? stringifyJson(params['arguments']) : ''
  const { name } = connection.facts
  return ['sallyport hold 1', principal.id, principal.clientId ?? '', name, method, target ?? '', args]
}

interface Params {
  /** Place of the brace that opens them. */
  readonly start: number
  readonly members: readonly { readonly key: string; readonly start: number; readonly end: number }[]
}

function paramsOf(bytes: Uint8Array): Params {
  const params = membersAt(bytes, valueAt(bytes)).find(({ key }) => key === 'params')
  return params === undefined
    ? { start: 0, members: [] }
    : { start: params.start, members: membersAt(bytes, params.start) }
}

/** Puts the server's own state in the place of ours, or takes the member out with one comma. */
function editOf(bytes: Uint8Array, { start, members }: Params, at: number, inner: string | undefined): Edit {
  const { start: from, end } = members[at] ?? { start: 0, end: 0 }
  if (inner !== undefined) return { start: from, end, text: stringifyJson(inner) }
  const before = members[at - 1]
  if (before !== undefined) return { start: before.end, end, text: '' }
  return { start: start + 1, end: members.length === 1 ? end : bytes.indexOf(COMMA, end) + 1, text: '' }
}

const COMMA = 0x2c
