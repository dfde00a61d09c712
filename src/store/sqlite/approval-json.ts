import type { Ask, NewAsk, Vote } from '../../approval/approval.ts'
import { APPROVAL_EVENTS, type ApprovalEvent } from '../../approval/event.ts'
import { isObject, type JsonObject, type JsonValue, parseJson } from '../../base/json.ts'
import { damaged, type Row, textAt } from './columns.ts'

/** What never changes; the rest has columns of its own, and the exact request is not written in clear. */
export function writeAsk({ reason: _r, expiresMs: _e, exact: _x, shown: _s, facts: _f, ...ask }: NewAsk): string {
  return write(ask)
}

/** Our own objects, of texts, numbers and lists. */
export function write(value: object): string {
  return JSON.stringify(value)
}

const ASK_TEXTS = ['hash', 'callHash', 'fingerprint', 'session', 'connection', 'method', 'target', 'policy']

/** Throws GatewayError where something else stands there: the file was changed by something that is not us. */
export function readAsk(row: Row): Ask {
  const value = parsedAt(row, 'ask')
  if (!isAsk(value)) throw damaged('ask')
  return value
}

function isAsk(value: object): value is Ask {
  if (!isObject(value)) return false
  const { requester, rules, lines, scope, notify } = value
  const isScope = scope === 'once' || scope === 'session' || typeof scope === 'number'
  return (
    ASK_TEXTS.every((key) => typeof value[key] === 'string') &&
    isPerson(requester) &&
    [rules, lines, notify].every((list) => Array.isArray(list)) &&
    isScope &&
    typeof value['runWithinMs'] === 'number'
  )
}

export function readVote(text: string): Vote {
  const value = parseJson(text)
  if (!isVote(value)) throw damaged('vote')
  return value
}

function isVote(value: unknown): value is Vote {
  if (!isObject(value)) return false
  const { voter, groups, verdict, atMs } = value
  return isPerson(voter) && Array.isArray(groups) && typeof verdict === 'string' && typeof atMs === 'number'
}

export function readEvent(row: Row): ApprovalEvent {
  const value = parsedAt(row, 'event')
  if (!isEvent(value)) throw damaged('event')
  return value
}

function isEvent(value: object): value is ApprovalEvent {
  if (!isObject(value)) return false
  const { kind, approval, state, atMs } = value
  const isKind = APPROVAL_EVENTS.some((known) => known === kind)
  return isKind && typeof approval === 'string' && typeof state === 'string' && typeof atMs === 'number'
}

export function isPerson(value: JsonValue | undefined): boolean {
  return isObject(value) && ['principal', 'issuer', 'subject'].every((key) => typeof value[key] === 'string')
}

function parsedAt(row: Row, column: string): JsonObject {
  const value = parseJson(textAt(row, column))
  if (!isObject(value)) throw damaged(column)
  return value
}
