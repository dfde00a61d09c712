import { isApprovalId, VERDICTS } from '../../../approval/approval.ts'
import type { ApiRequest } from '../../../downstream/http.ts'
import { errorPage, type Page } from '../../../downstream/page.ts'
import { programFile } from '../../page-parts.ts'
import { type ActOutcome, cancel, giveReason, reveal, revoke, vote } from '../act.ts'
import { type Decider, deciderOf, type Deciding, maySee } from '../decider.ts'
import { UNKNOWN, VOTE_FAULTS } from '../texts.ts'
import { detailBody } from './detail-page.ts'
import { type Form, isFromHere, readForm } from './form.ts'
import { html, htmlPage, redirectPage } from './html.ts'
import { listBody } from './list-page.ts'
import { listsOf } from './lists.ts'
import { CALLBACK_PATH, type Door, finishLogin, logOut, PAGE_PATH, sendToLogin, sessionOf } from './login.ts'
import { header } from './parts.ts'
import { isFormOf, type PageSession } from './sessions.ts'

const STYLE_PATH = `${PAGE_PATH}/style.css`
const LOGIN_PATH = `${PAGE_PATH}/login`
const LOGOUT_PATH = `${PAGE_PATH}/logout`

/** The page where people decide. Opening it changes nothing; each step is a form with a proof that it came from here. */
export interface PageParts extends Deciding {
  /** Undefined where the configuration has no login for the page. */
  readonly door: Door | undefined
}

export function approvalsPage(parts: PageParts): (request: ApiRequest) => Promise<Page> {
  const style = stylePage()
  return async (request) => {
    const { path, method } = request
    const { door } = parts
    if (path === STYLE_PATH) return style
    if (door === undefined) return NO_PAGE
    if (path === LOGIN_PATH) return method === 'GET' ? sendToLogin(request, door, parts) : useGet()
    if (path === CALLBACK_PATH) return method === 'GET' ? finishLogin(request, door, parts) : useGet()
    const session = await sessionOf(request, door, parts)
    if (session === undefined) return askToLogIn(path.split('/')[2] ?? '')
    return path === LOGOUT_PATH ? logOut(request, session, door, parts) : shown(request, session, parts)
  }
}

/** For somebody who is in. */
async function shown(request: ApiRequest, session: PageSession, parts: PageParts): Promise<Page> {
  const { path, method } = request
  const { gateway } = parts
  const [id = '', step, ...more] = path.slice(PAGE_PATH.length + 1).split('/')
  const decider = deciderOf(session.login.principal, gateway, session.login.readMs)
  if (id === '') return method === 'GET' ? listed(request.query, { session, decider }, parts) : useGet()
  const approval = isApprovalId(id) && more.length === 0 ? gateway.approvals.desk.get(id) : undefined
  if (approval === undefined || !maySee(approval, decider)) return unknown(session)
  const at = { approval, decider, session, gateway }
  if (step !== undefined)
    return method === 'POST' ? stepped(step, request, at, parts) : byLink(step, request, at, parts)
  return method === 'GET' ? htmlPage(200, { title: approval.id, body: detailBody(at) }) : useGet()
}

type At = Parameters<typeof detailBody>[0]

/** Whoever is not known gets the same answer for every id. */
function askToLogIn(first: string, why = 'People decide here about calls of agents that wait for approval.'): Page {
  const to = isApprovalId(first) ? `?to=${first}` : ''
  const body = html`${header(undefined)}
    <main class="narrow">
      <h1>Log in</h1>
      <p>${why}</p>
      <p><a class="button" href="/approvals/login${to}">Log in</a></p>
    </main>`
  return htmlPage(403, { title: 'Log in', body })
}

function listed(query: string, { session, decider }: Pick<At, 'session' | 'decider'>, { gateway }: PageParts): Page {
  const lists = listsOf(query, decider, gateway.approvals.desk)
  if (lists === undefined) return plain(400, 'There is no such part of a list.', session)
  return htmlPage(200, { title: 'Approvals', body: listBody(session, lists, gateway.now.ms()) })
}

async function stepped(step: string, request: ApiRequest, at: At, parts: PageParts): Promise<Page> {
  const form = await readForm(request)
  if (form === undefined) return failed(400, 'This is no form of the page.', at)
  const isOurs = isFromHere(request, parts.gateway.baseUrl()) && isFormOf(at.session, form.get('csrf'))
  const acting = { approval: at.approval, decider: at.decider, address: request.address }
  if (!isOurs) return notOurs(step, form, { at, acting }, parts)
  const { door } = parts
  // Groups as they are now, and not as they were when somebody logged in (approvals.md, 7).
  const now = await door?.readAnew(at.session, parts.gateway.now.ms())
  if (now === undefined) return askToLogIn(at.approval.id)
  const decider: Decider = deciderOf(now.principal, parts.gateway, now.readMs)
  return outcomePage(await act(step, form, { ...acting, decider }, parts), { ...at, decider })
}

/** A form that did not come from our page. A vote that somebody tried to cast so in another's name is on record. */
async function notOurs(
  step: string,
  form: Form,
  { at, acting }: { at: At; acting: Parameters<typeof vote>[0] },
  parts: PageParts,
): Promise<Page> {
  if (step === 'vote') return outcomePage(await voteNotOurs(form.get('verdict'), acting, parts), at)
  return failed(403, 'This did not come from the page that was shown to you. Open it again.', at)
}

/** A link, or whatever looks at links for somebody, never does anything. That one was made to vote is on record too. */
async function byLink(step: string, { query, address }: ApiRequest, { approval, decider }: At, parts: PageParts) {
  const verdict = new URLSearchParams(query).get('verdict')
  if (step === 'vote') await voteNotOurs(verdict, { approval, decider, address }, parts)
  return errorPage(405, 'Use the form of the page.', ['Allow', 'POST'])
}

function voteNotOurs(wanted: string | null, acting: Parameters<typeof vote>[0], parts: PageParts): Promise<ActOutcome> {
  const verdict = VERDICTS.find((one) => one === wanted) ?? 'approve'
  return vote(acting, { verdict, reason: undefined, via: 'page', fault: 'not_from_page' }, parts)
}

async function act(
  step: string,
  form: Form,
  acting: Parameters<typeof vote>[0],
  parts: PageParts,
): Promise<ActOutcome | string> {
  const reason = form.get('reason') ?? undefined
  switch (step) {
    case 'vote': {
      const verdict = VERDICTS.find((one) => one === form.get('verdict'))
      if (verdict === undefined) return { kind: 'refused', status: 400, message: 'Approve, deny or ask back.' }
      const said = reason?.trim() === '' ? undefined : reason
      return vote(acting, { verdict, reason: said, via: 'page' }, parts)
    }
    case 'reason':
      return giveReason(acting, reason, parts)
    case 'cancel':
      return cancel(acting, parts)
    case 'revoke':
      return revoke(acting, reason, parts)
    case 'reveal':
      return reveal(acting, parts)
    default:
      return { kind: 'refused', status: 400, message: 'There is nothing of that name to do.' }
  }
}

function outcomePage(outcome: ActOutcome | string, at: At): Page {
  if (typeof outcome === 'string')
    return htmlPage(200, { title: at.approval.id, body: detailBody({ ...at, exact: outcome }) })
  switch (outcome.kind) {
    case 'done':
      return redirectPage(`${PAGE_PATH}/${at.approval.id}`)
    case 'refused':
      if (outcome.message === VOTE_FAULTS.login_too_old) return askToLogIn(at.approval.id, outcome.message)
      return failed(outcome.status, outcome.message, at)
    case 'unavailable':
      return failed(503, 'The audit log cannot be written, so nothing is shown and nothing is done.', at)
  }
}

/** The same page again, with what is wrong. */
function failed(status: number, message: string, at: At): Page {
  const approval = at.gateway.approvals.desk.get(at.approval.id) ?? at.approval
  // Whoever lost their groups meanwhile sees no more of it.
  if (!maySee(approval, at.decider)) return plain(status, message, at.session)
  return htmlPage(status, { title: approval.id, body: detailBody({ ...at, approval, message }) })
}

function unknown(session: PageSession): Page {
  return plain(404, UNKNOWN, session)
}

function plain(status: number, message: string, session: PageSession): Page {
  const body = html`${header(session)}
    <main class="narrow">
      <p class="message" role="alert">${message}</p>
      <p><a href="/approvals">All that you may see</a></p>
    </main>`
  return htmlPage(status, { title: 'Approvals', body })
}

const NO_PAGE = htmlPage(404, {
  title: 'Approvals',
  body: html`${header(undefined)}
    <main class="narrow">
      <h1>There is no page here</h1>
      <p>
        This gateway has no login for it: set <code>approvals.page</code> in its configuration. Meanwhile decide in a
        terminal, with <code>sallyport approvals</code>.
      </p>
    </main>`,
})

function useGet(): Page {
  return errorPage(405, 'Use GET.', ['Allow', 'GET'])
}

function stylePage(): Page {
  const headers = ['Content-Type', 'text/css; charset=utf-8', 'X-Content-Type-Options', 'nosniff']
  return { status: 200, headers: [...headers, 'Cache-Control', 'max-age=300'], body: programFile('approvals.css') }
}
