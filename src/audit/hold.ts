import type { Micros } from '../base/clock.ts'
import { isObject, type JsonObject } from '../base/json.ts'
import { type SessionId, sessionId } from '../base/ids.ts'
import type { EntryFields } from './entry.ts'

/** What a legal hold covers: records that fit all that is given (audit.md, 11.2). */
export interface HoldPredicate {
  /** Subject or e-mail address of the caller. */
  readonly principal?: string | undefined
  readonly session?: SessionId | undefined
  readonly connection?: string | undefined
  readonly from?: Micros | undefined
  readonly to?: Micros | undefined
}

export interface Hold {
  readonly id: string
  readonly predicate: HoldPredicate
  readonly reason: string
  readonly by: string
}

/** `said`: the envelope. Where it is gone or cannot be read, what the entry does not say is taken as fitting: a hold errs on the side of keeping. */
export function holds(predicate: HoldPredicate, entry: EntryFields, said: JsonObject | undefined): boolean {
  const { connection, from = 0, principal, session, to = Infinity } = predicate
  if (entry.time < from || entry.time > to) return false
  if (session !== undefined && (entry.session === undefined || sessionId(entry.session) !== session)) return false
  if (said === undefined) return true
  if (connection !== undefined && memberOf(said['conn'], 'name') !== connection) return false
  return principal === undefined || isBy(said, principal)
}

/** Whether the caller is that person, by subject or e-mail address. */
export function isBy(said: JsonObject, principal: string): boolean {
  const wanted = principal.toLowerCase()
  const actor = said['actor']
  return memberOf(actor, 'sub')?.toLowerCase() === wanted || memberOf(actor, 'email')?.toLowerCase() === wanted
}

function memberOf(value: unknown, key: string): string | undefined {
  const member = isObject(value) ? value[key] : undefined
  return typeof member === 'string' ? member : undefined
}
