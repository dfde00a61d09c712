import { createHash } from 'node:crypto'
import type { PrincipalId, SessionId } from '../base/ids.ts'
import { stringifyJson } from '../base/json.ts'
import { canonicalText } from './canonical-text.ts'
import type { CoveredRule } from './approval.ts'

/** What an approval of one call is bound to (approvals.md, 6). */
export interface CallBinding {
  readonly tenant: string
  readonly principal: PrincipalId
  readonly client: string
  readonly connection: string
  readonly method: string
  readonly target: string
  /** Where the call goes and as whom: another server of the same name is another one. */
  readonly upstream: string
}

/** A member of the request's params, and the bytes of its value as they stand there. */
export interface BoundParam {
  readonly key: string
  readonly bytes: Uint8Array
}

/**
 * SHA-256, base64url, over the exact request: white space between tokens and the order of keys do not count, everything else
 * does, down to the spelling of a number. Neither the session nor the version of the policy is in it: a client may repeat
 * its call on a new connection, and the policy is asked again anyway. `_meta` is not among the params: clients count their
 * calls in it. Throws RangeError where a request nests too deeply.
 */
export function callHash(binding: CallBinding, params: readonly BoundParam[]): string {
  const { tenant, principal, client, connection, method, target, upstream } = binding
  const parts = [tenant, principal, client, connection, method, target, upstream].map((part) => stringifyJson(part))
  const bodies = params
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ key, bytes }) => `${stringifyJson(key)}:${canonicalText(bytes)}`)
  return digest(`["call",1,${parts.join(',')},{${bodies.join(',')}}]`)
}

/** The same, for a tool as it is defined now. */
export function requestHash(call: string, definition: string): string {
  return digest(stringifyJson(['request', 1, call, definition]))
}

/**
 * What an approval for a session or some time is bound to: these rules, as they are worded, on one connection, for this person
 * with this OAuth client and from this login. Of clients that have no session of their own, the session tells none of that.
 */
export function accessHash(
  binding: Pick<CallBinding, 'tenant' | 'principal' | 'client' | 'connection' | 'upstream'> & {
    readonly session: SessionId
    /** The session at the issuer; undefined where tokens do not say it. */
    readonly login: string | undefined
  },
  rules: readonly CoveredRule[],
): string {
  const { tenant, principal, client, connection, upstream, session, login = '' } = binding
  const covered = rules.map(({ rule, digest: wording }) => `${rule} ${wording}`).toSorted()
  return digest(stringifyJson(['access', 2, tenant, principal, client, login, connection, upstream, session, covered]))
}

/** What calls of the same kind by the same person have in common. */
export function fingerprint(
  { connection, principal }: Pick<CallBinding, 'connection' | 'principal'>,
  { method, target }: { readonly method: string; readonly target: string },
): string {
  return digest(stringifyJson(['kind', 1, connection, method, target, principal]))
}

function digest(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('base64url')
}
