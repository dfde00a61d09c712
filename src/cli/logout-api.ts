import { decodeUtf8 } from '../base/bytes.ts'
import type { ApiRequest } from '../downstream/http.ts'
import type { Page } from '../downstream/page.ts'
import type { Gateway } from '../gateway/gateway.ts'
import { logoutOf } from '../gateway/auth-records.ts'
import { isRefusal } from '../identity/bearer.ts'
import { principalId } from '../identity/principal.ts'
import { type Logout, loginKey, loginOf } from '../session/logouts.ts'
import { apiPage, LOG_UNAVAILABLE, onRecord, problem } from './api-pages.ts'

export const LOGOUT_PATH = '/api/v1/backchannel-logout'
const BODY_BYTES_MAX = 16_384

/**
 * `POST /api/v1/backchannel-logout`: the identity provider says that somebody logged out (OpenID Connect Back-Channel Logout
 * 1.0, 2.5). Their tokens are worth nothing from here on, their sessions end, and with those what was approved for them.
 */
export function logoutApi(gateway: Gateway): (request: ApiRequest) => Promise<Page> {
  return async (request) => {
    if (request.path !== LOGOUT_PATH) return problem(404, `No such page. There is ${LOGOUT_PATH}.`)
    if (request.method !== 'POST') return problem(405, 'Use POST.', ['Allow', 'POST'])
    const body = await request.readBody(BODY_BYTES_MAX)
    const token = body.kind === 'body' ? new URLSearchParams(decodeUtf8(body.bytes)).get('logout_token') : null
    if (token === null) return problem(400, 'Send a form with a logout_token.')
    const nowMs = gateway.now.ms()
    const said = await gateway.bearer.readLogout(token, nowMs)
    if (typeof said === 'string') return problem(400, said)
    if ('kind' in said && isRefusal(said)) return problem(said.status === 503 ? 503 : 400, said.description)
    const { issuer, subject, sid } = said
    const principal = subject === undefined ? undefined : principalId(issuer, subject)
    // In force first: a record that cannot be written must not keep anybody in.
    gateway.logouts.add({ issuer, principal, sid }, nowMs)
    const ended = end({ issuer, principal, sid }, gateway)
    const recorded = gateway.audit.append(logoutOf({ issuer, subject, sid }, gateway))
    if (!(await onRecord(Promise.all([ended, recorded])))) return LOG_UNAVAILABLE
    return apiPage(200, '{}')
  }
}

/** What runs, and what was approved for them. A session at the provider is found by the `sid` of the tokens it came with. */
async function end({ issuer, principal, sid }: Logout, gateway: Gateway): Promise<void> {
  const login = sid === undefined ? undefined : loginKey(issuer, sid)
  const lapsed = gateway.approvals.desk.loggedOut({ principal, login })
  if (principal !== undefined) gateway.sessions.endOf(principal)
  if (login !== undefined) gateway.sessions.endOfLogin(login)
  gateway.keepAlive().dropOf((owner) => owner.id === principal || (login !== undefined && loginOf(owner) === login))
  await lapsed
}
