import type { Entry } from '../audit/log.ts'
import type { Principal } from '../identity/principal.ts'
import { ownRecord } from './own-record.ts'
import type { RefusedToken } from './refused-tokens.ts'
import type { Maker } from './session-records.ts'

/** Somebody logged in to the page. */
export function loginOf(
  { subject, issuer, email, groups, amr }: Principal,
  address: string,
  maker: Maker,
): Entry<'auth'> {
  return ownRecord(
    'auth',
    {
      dir: 'c2s',
      actor: { sub: subject, iss: issuer, email, groups, client: {}, ip: address },
      outcome: { status: 'ok', detail: 'login' },
      view: { address, connection: 'approvals', ...(amr === undefined ? {} : { amr: amr.join(' ') }) },
    },
    maker,
  )
}

/** The identity provider says that somebody logged out. */
export function logoutOf(
  {
    issuer,
    subject,
    sid,
  }: { readonly issuer: string; readonly subject: string | undefined; readonly sid: string | undefined },
  maker: Maker,
): Entry<'auth'> {
  return ownRecord(
    'auth',
    {
      dir: 'gw',
      outcome: { status: 'ok', detail: 'logged_out' },
      view: { iss: issuer, sub: subject, sid },
    },
    maker,
  )
}

/** A token that was refused at the door, with how often since the last such record. */
export function refusedTokenOf(
  { address, reason, connection }: RefusedToken,
  repeats: number,
  maker: Maker,
): Entry<'auth'> {
  return ownRecord(
    'auth',
    {
      dir: 'c2s',
      outcome: { status: 'refused', detail: reason },
      view: { address, connection, times: repeats },
    },
    maker,
  )
}
