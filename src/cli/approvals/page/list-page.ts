import type { Approval } from '../../../approval/approval.ts'
import { html, type Html, seen } from './html.ts'
import { header, moment, nameOf, stateBadge, whatOf } from './parts.ts'
import type { PageSession } from './sessions.ts'

interface Lists {
  readonly waiting: readonly Approval[]
  readonly own: readonly Approval[]
  readonly lately: readonly Approval[]
  readonly nowMs: number
}

/** What waits for somebody, what they asked for, and what was decided lately. */
export function listBody(session: PageSession, { waiting, own, lately, nowMs }: Lists): Html {
  return html`${header(session)}
    <main>
      <h1>Waits for you</h1>
      ${tableOf(waiting, nowMs, 'Nothing waits for your decision.')}
      <h2>You asked for</h2>
      ${tableOf(own, nowMs, 'Nothing of yours waits.')}
      <h2>Lately</h2>
      ${tableOf(lately, nowMs, 'Nothing was decided lately.')}
    </main>`
}

function tableOf(approvals: readonly Approval[], nowMs: number, none: string): Html {
  if (approvals.length === 0) return html`<p class="none">${none}</p>`
  return html`<ul class="list">
    ${approvals.map((one) => row(one, nowMs))}
  </ul>`
}

function row(approval: Approval, nowMs: number): Html {
  const { id, requester, reason, askedMs, expiresMs, state } = approval
  return html`<li>
    <a href="/approvals/${id}"
      ><span class="what">${stateBadge(approval)} ${whatOf(approval)}</span>
      <span class="who">${seen(nameOf(requester))}, ${moment(askedMs, nowMs)}</span>
      <span class="why">${reason === undefined ? html`<i>no reason given</i>` : seen(reason)}</span>
      <span class="when"
        >${state === 'pending' ? html`ends ${moment(expiresMs, nowMs)}` : html`<code>${id}</code>`}</span
      ></a
    >
  </li>`
}
