import type { NewAsk, Requester } from '../approval/approval.ts'
import { ACCESS_METHOD } from '../approval/good-for.ts'
import { fingerprint } from '../approval/request-hash.ts'
import { encodeUtf8 } from '../base/bytes.ts'
import { isObject, type JsonObject, stringifyJson } from '../base/json.ts'
import { SECOND_MS } from '../base/units.ts'
import { Masked, mask, Unmasked } from '../masking/masked.ts'
import type { NeedsApproval } from '../policy/decide.ts'
import { readableGroups } from '../policy/policy.ts'
import type { ClientRequest } from '../protocol/message.ts'
import { loginOf } from '../session/logouts.ts'
import { accessBinding, argumentsText, type Binding } from './approval-binding.ts'
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
    ...termsOf(terms, gateway),
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
    scope: binding.scope,
    message,
    reason: reasonIn(call.params, (text) => connection.masker.label(text)),
    exact: gateway.approvals.seal(encodeUtf8(argumentsText(call.bytes)), exactContext(binding.hash)),
  }
}

interface AccessAsking {
  readonly wanted: NeedsApproval['terms']
  readonly reason: string
  /** For how long; undefined: for as long as the rules allow. */
  readonly ms: number | undefined
}

/** What people are asked about access that is not needed yet: for the session or some time, by these rules. */
export function accessAsk({ wanted, reason, ms }: AccessAsking, place: Place, gateway: Gateway): NewAsk {
  const { connection, session, policy } = place
  const { name } = connection.facts
  const binding = accessBinding(wanted, place)
  const shown = stringifyJson({ connection: name, duration: ms === undefined ? null : `${ms / SECOND_MS}s` })
  const scope = ms === undefined ? binding.scope : Math.min(ms, typeof binding.scope === 'number' ? binding.scope : ms)
  return {
    ...termsOf(wanted, gateway),
    hash: binding.hash,
    callHash: binding.hash,
    fingerprint: fingerprint(
      { connection: name, principal: place.principal.id },
      { method: ACCESS_METHOD, target: '' },
    ),
    requester: requesterOf(place, gateway),
    session: session.id,
    connection: name,
    method: ACCESS_METHOD,
    target: '',
    definition: '',
    shown,
    facts: '{}',
    policy: policy.shortVersion,
    rules: binding.rules,
    scope,
    message: undefined,
    reason: connection.masker.label(reason.trim().slice(0, REASON_CHARS_MAX)),
    exact: gateway.approvals.seal(encodeUtf8(shown), exactContext(binding.hash)),
  }
}

/** What all rules together want: all of their lines, the shortest times. */
function termsOf(terms: NeedsApproval['terms'], gateway: Gateway) {
  return {
    lines: terms.flatMap(({ rule, approval }) => approval.by.map((line) => ({ rule, ...line }))),
    reasonRequired: terms.some(({ approval }) => approval.reasonRequired),
    runWithinMs: Math.min(...terms.map(({ approval }) => approval.runWithinMs)),
    notify: [...new Set(terms.flatMap(({ approval }) => approval.notify))],
    expiresMs: gateway.now.ms() + Math.min(...terms.map(({ approval }) => approval.expiresMs)),
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
    login: loginOf(principal),
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

/** People's words are masked like everything else: they go to others. */
function reasonIn({ _meta: meta }: JsonObject, hide: (text: string) => string): string | undefined {
  const reason = isObject(meta) ? meta['sallyport/reason'] : undefined
  return typeof reason === 'string' && reason.trim() !== '' ? hide(reason.trim().slice(0, REASON_CHARS_MAX)) : undefined
}
