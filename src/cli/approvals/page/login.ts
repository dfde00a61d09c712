import { isApprovalId } from '../../../approval/approval.ts'
import type { ApiRequest } from '../../../downstream/http.ts'
import { errorPage, type Page } from '../../../downstream/page.ts'
import { GatewayError } from '../../../base/assert.ts'
import type { Gateway } from '../../../gateway/gateway.ts'
import { loginOf } from '../../../gateway/auth-records.ts'
import type { PageLogin, PageLogins } from '../../../identity/page-login.ts'
import { onRecord } from '../../api-pages.ts'
import { readCookie, setCookie } from './cookies.ts'
import { isFromHere, readForm } from './form.ts'
import { html, htmlPage, redirectPage } from './html.ts'
import { header } from './parts.ts'
import { isFormOf, type PageSession, PageSessions } from './sessions.ts'

export const PAGE_PATH = '/approvals'
export const CALLBACK_PATH = `${PAGE_PATH}/callback`

interface At {
  readonly gateway: Gateway
}

/** Lets people in to the page, and knows who is in. */
export class Door {
  readonly logins: PageLogins
  readonly sessions = new PageSessions()

  constructor(logins: PageLogins) {
    this.logins = logins
  }

  /** The session's login with groups read anew where that is possible; undefined where it is over. */
  async readAnew(session: PageSession, nowMs: number): Promise<PageLogin | undefined> {
    const next = await this.logins.readAnew(session.login, nowMs).catch(() => undefined)
    if (next === 'same') return session.login
    if (next !== undefined) session.login = next
    return next
  }
}

/** Who is at the browser. A session ends with the token that it began with, unless another one can be had. */
export async function sessionOf(request: ApiRequest, door: Door, { gateway }: At): Promise<PageSession | undefined> {
  const nowMs = gateway.now.ms()
  const id = cookieOf(request, 'session', gateway)
  const session = door.sessions.get(id, nowMs)
  if (session === undefined) return undefined
  // Whoever logged out at the identity provider is out here too.
  const isOut = gateway.logouts.covers(session.login.principal)
  if (!isOut && nowMs < session.login.principal.expiresAtMs) return session
  const next = isOut ? undefined : await door.readAnew(session, nowMs)
  if (next !== undefined && nowMs < next.principal.expiresAtMs) return session
  door.sessions.end(id)
  return undefined
}

/** To the identity provider. What the browser asks to come back to is an approval, and never an address. */
export async function sendToLogin(request: ApiRequest, door: Door, { gateway }: At): Promise<Page> {
  const baseUrl = gateway.baseUrl()
  const asked = new URLSearchParams(request.query).get('to') ?? ''
  const to = isApprovalId(asked) ? `${PAGE_PATH}/${asked}` : PAGE_PATH
  try {
    const { url, pending } = await door.logins.begin(`${baseUrl}${CALLBACK_PATH}`)
    const cookie = setCookie('login', door.sessions.begin(pending, to, gateway.now.ms()), baseUrl)
    return redirectPage(url.href, cookie)
  } catch (failure) {
    if (failure instanceof GatewayError) throw failure
    return trouble(503, 'The identity provider does not answer. Try again soon, or see the log of the gateway.')
  }
}

/** Back from the identity provider. That somebody logged in is on record before they see anything. */
export async function finishLogin(request: ApiRequest, door: Door, { gateway }: At): Promise<Page> {
  const baseUrl = gateway.baseUrl()
  const nowMs = gateway.now.ms()
  const waiting = door.sessions.take(cookieOf(request, 'login', gateway), nowMs)
  const answer = new URL(`${baseUrl}${CALLBACK_PATH}?${request.query}`)
  const login = waiting === undefined ? undefined : await door.logins.finish(answer, waiting.pending, nowMs)
  if (waiting === undefined || login === undefined) {
    const reason = { address: request.address, reason: 'login_refused', connection: 'approvals' }
    await onRecord(gateway.refusedTokens.record(reason))
    return trouble(
      403,
      `This login does not count: it was refused, took too long, or began elsewhere. Begin at ${baseUrl}${PAGE_PATH}.`,
    )
  }
  const recorded = await onRecord(gateway.audit.append(loginOf(login.principal, request.address, gateway)))
  if (!recorded) return trouble(503, 'The audit log cannot be written, so nobody is let in.')
  // Whoever was in at this browser is out, and the name of the new session is new.
  door.sessions.end(cookieOf(request, 'session', gateway))
  const cookies = [
    ...setCookie('session', door.sessions.open(login, nowMs), baseUrl),
    ...setCookie('login', undefined, baseUrl),
  ]
  return redirectPage(waiting.to, cookies)
}

export async function logOut(request: ApiRequest, session: PageSession, door: Door, { gateway }: At): Promise<Page> {
  if (request.method !== 'POST') return errorPage(405, 'Use the form of the page.', ['Allow', 'POST'])
  const baseUrl = gateway.baseUrl()
  const form = await readForm(request)
  if (!isFromHere(request, baseUrl) || !isFormOf(session, form?.get('csrf') ?? null)) return redirectPage(PAGE_PATH)
  door.sessions.end(cookieOf(request, 'session', gateway))
  return redirectPage(PAGE_PATH, setCookie('session', undefined, baseUrl))
}

function cookieOf({ headers }: ApiRequest, name: 'session' | 'login', gateway: Gateway): string | undefined {
  return readCookie(headers['cookie'], name, gateway.baseUrl())
}

function trouble(status: number, message: string): Page {
  const body = html`${header(undefined)}
    <main class="narrow">
      <h1>Not logged in</h1>
      <p class="message" role="alert">${message}</p>
      <p><a class="button" href="/approvals/login">Log in</a></p>
    </main>`
  return htmlPage(status, { title: 'Not logged in', body })
}
