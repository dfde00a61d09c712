import type { Approval, CoveredRule, Scope } from '../approval/approval.ts'
import { accessHash, type BoundParam, type CallBinding, callHash, requestHash } from '../approval/request-hash.ts'
import { isObject, parseJson } from '../base/json.ts'
import { coveredBy, type NeedsApproval } from '../policy/decide.ts'
import type { ClientRequest } from '../protocol/message.ts'
import { loginOf } from '../session/logouts.ts'
import { membersAt, valueAt } from '../protocol/places.ts'
import type { Place } from './gateway.ts'

/** What an approval of a call holds for. */
export interface Binding {
  readonly hash: string
  readonly callHash: string
  readonly definition: string
  readonly scope: Scope
  readonly rules: readonly CoveredRule[]
}

/** Of several rules the narrowest scope wins (policy.md, 3). */
export function bindingOf(call: ClientRequest, decision: NeedsApproval, place: Place): Binding {
  const { connection } = place
  const of = callBinding(call, place)
  const rules = coveredBy(decision)
  const scope = narrowest(decision.terms.map(({ approval }) => approval.scope))
  const definition = (call.method === 'tools/call' ? connection.tools.definitionOf(call.target ?? '') : undefined) ?? ''
  const exact = callHash(of, boundParams(call.bytes))
  const hash = scope === 'once' ? requestHash(exact, definition) : accessHash(accessOf(place), rules)
  return { hash, callHash: exact, definition, scope, rules }
}

/** What access to a connection holds for, by these rules. */
export function accessBinding(terms: NeedsApproval['terms'], place: Place): Pick<Binding, 'hash' | 'rules' | 'scope'> {
  const rules = terms.map(({ rule, approval: { digest } }) => ({ rule, digest }))
  const scope = narrowest(terms.map(({ approval }) => approval.scope))
  return { hash: accessHash(accessOf(place), rules), rules, scope }
}

/** Whether access was given to this very caller: the person with this OAuth client, from this login, in this session. */
export function isAccessOf({ hash, rules }: Pick<Approval, 'hash' | 'rules'>, place: Place): boolean {
  return hash === accessHash(accessOf(place), rules)
}

function accessOf({ principal, connection, session }: Place) {
  return {
    tenant: '',
    principal: principal.id,
    client: principal.clientId ?? '',
    connection: connection.facts.name,
    upstream: connection.identity,
    session: session.id,
    login: loginOf(principal),
  }
}

function callBinding({ method, target }: ClientRequest, { principal, connection }: Place): CallBinding {
  return {
    tenant: '',
    principal: principal.id,
    client: principal.clientId ?? '',
    connection: connection.facts.name,
    method,
    target: target ?? '',
    upstream: connection.identity,
  }
}

function narrowest(scopes: readonly Scope[]): Scope {
  if (scopes.includes('once')) return 'once'
  const times = scopes.filter((scope) => typeof scope === 'number')
  return times.length === 0 ? 'session' : Math.min(...times)
}

/** All params but `_meta`, as they stand in the request. */
export function boundParams(bytes: Uint8Array): BoundParam[] {
  const params = membersAt(bytes, valueAt(bytes)).find(({ key }) => key === 'params')
  if (params === undefined) return []
  return membersAt(bytes, params.start)
    .filter(({ key }) => key !== '_meta')
    .map(({ key, start, end }) => ({ key, bytes: bytes.subarray(start, end) }))
}

/** JSON text of the arguments of a request, or of all its params where it has none. */
export function argumentsText(bytes: Uint8Array): string {
  const message = parseJson(bytes)
  const params = isObject(message) ? message['params'] : undefined
  if (!isObject(params)) return '{}'
  const { _meta, ...rest } = params
  return JSON.stringify(params['arguments'] ?? rest)
}
