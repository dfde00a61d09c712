import type { Approval } from '../../../approval/approval.ts'
import { html, type Html, seen } from './html.ts'
import type { PageList } from './lists.ts'
import { header, moment, nameOf, stateBadge, whatOf } from './parts.ts'
import type { PageSession } from './sessions.ts'

const LISTS: Readonly<Record<PageList['name'], { readonly title: string; readonly none: string }>> = {
  waiting: { title: 'Waits for you', none: 'Nothing waits for your decision.' },
  own: { title: 'You asked for', none: 'Nothing of yours waits.' },
  lately: { title: 'Lately', none: 'Nothing was decided lately.' },
}

/** What waits for somebody, what they asked for, and what was decided lately; or one of these from a place on. */
export function listBody(session: PageSession, lists: readonly PageList[], nowMs: number): Html {
  return html`${header(session)}
    <main>${lists.map((list, i) => section(list, { isFirst: i === 0, isAlone: lists.length === 1 }, nowMs))}</main>`
}

function section(
  { name, approvals, older }: PageList,
  { isFirst, isAlone }: { isFirst: boolean; isAlone: boolean },
  nowMs: number,
): Html {
  const { none } = LISTS[name]
  const title = `${LISTS[name].title}${isAlone ? ', older' : ''}`
  return html`${isFirst ? html`<h1>${title}</h1>` : html`<h2>${title}</h2>`}
  ${
    approvals.length === 0
      ? html`<p class="none">${none}</p>`
      : html`<ul class="list">
          ${approvals.map((one) => row(one, nowMs))}
        </ul>`
  }
  ${older && html`<p><a href="/approvals?${older}">Older ones</a></p>`}`
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
