import type { NewAsk, Requester } from '../approval/approval.ts'
import { fingerprint } from '../approval/request-hash.ts'
import { encodeUtf8 } from '../base/bytes.ts'
import { isObject, type JsonObject } from '../base/json.ts'
import { Masked, mask, Unmasked } from '../masking/masked.ts'
import type { NeedsApproval } from '../policy/decide.ts'
import { readableGroups } from '../policy/policy.ts'
import type { ClientRequest } from '../protocol/message.ts'
import { argumentsText, type Binding } from './approval-binding.ts'
import type { Gateway, Place } from './gateway.ts'
import type { Judged } from './judge.ts'
import { factsFor } from './records.ts'

const REASON_CHARS_MAX = 2_000

interface Asking {
  readonly call: ClientRequest
  readonly binding: Binding
  readonly judged: Judged
  readonly decision: NeedsApproval
  readonly place: Place
}

/** What people are asked about a call. */
export function askOf({ call, binding, judged, decision, place }: Asking, gateway: Gateway): NewAsk {
  const { connection, session, policy } = place
  const { terms, message } = decision
  const shown = Masked.read(mask(new Unmasked(call.bytes), judged.masking.record))
  return {
    hash: binding.hash,
    callHash: binding.callHash,
    fingerprint: fingerprint(
      { connection: connection.facts.name, principal: place.principal.id },
      { method: call.method, target: call.target ?? '' },
    ),
    requester: requesterOf(place, gateway),
    session: session.id,
    connection: connection.facts.name,
    method: call.method,
    target: connection.masker.label(call.target ?? ''),
    definition: binding.definition,
    shown: argumentsText(shown),
    facts: JSON.stringify(factsFor(judged, { place, gateway }) ?? {}),
    policy: policy.shortVersion,
    rules: binding.rules,
    lines: terms.flatMap(({ rule, approval }) => approval.by.map((line) => ({ rule, ...line }))),
    scope: binding.scope,
    reasonRequired: terms.some(({ approval }) => approval.reasonRequired),
    runWithinMs: Math.min(...terms.map(({ approval }) => approval.runWithinMs)),
    notify: [...new Set(terms.flatMap(({ approval }) => approval.notify))],
    message,
    reason: reasonIn(call.params),
    expiresMs: gateway.now.ms() + Math.min(...terms.map(({ approval }) => approval.expiresMs)),
    exact: gateway.approvals.seal(encodeUtf8(argumentsText(call.bytes)), exactContext(binding.hash)),
  }
}

/** What the exact request is sealed as. */
export function exactContext(hash: string): readonly string[] {
  return ['sallyport approval 1', hash]
}

export function requesterOf({ principal, policy, session }: Place, gateway: Gateway): Requester {
  return {
    principal: principal.id,
    issuer: principal.issuer,
    subject: principal.subject,
    email: principal.email,
    name: principal.name,
    actsFor: actsForOf(principal, gateway),
    groups: [...readableGroups(policy, principal.groups)],
    clientId: principal.clientId,
    client: session.client,
  }
}

/** The people for whom a service asks: as the configuration says, and as its token does (RFC 8693, 4.1 and 4.4). */
export function actsForOf({ subject, claims }: Place['principal'], { approvals }: Gateway): readonly string[] {
  const { act, may_act: mayAct } = claims
  const actors = [act, mayAct].flatMap((claim) => (isObject(claim) ? textsOf(claim) : []))
  return [...(approvals.terms.actsFor[subject] ?? []), ...actors]
}

function textsOf({ sub, email }: JsonObject): string[] {
  return [sub, email].filter((text) => typeof text === 'string')
}

function reasonIn({ _meta: meta }: JsonObject): string | undefined {
  const reason = isObject(meta) ? meta['sallyport/reason'] : undefined
  return typeof reason === 'string' && reason.trim() !== '' ? reason.trim().slice(0, REASON_CHARS_MAX) : undefined
}
