import type { Approval, Person } from '../../../approval/approval.ts'
import { ACCESS_METHOD } from '../../../approval/good-for.ts'
import { MINUTE_MS, SECOND_MS } from '../../../base/units.ts'
import { html, type Html, seen } from './html.ts'
import type { PageSession } from './sessions.ts'

/** The top of every page. */
export function header(session: PageSession | undefined): Html {
  return html`<header>
    <a href="/approvals"><b>Sallyport</b> approvals</a>${
      session === undefined
        ? undefined
        : html`<form method="post" action="/approvals/logout">
            ${csrfField(session)}<span>${seen(nameOf(whoOf(session)))}</span> <button>Log out</button>
          </form>`
    }
  </header>`
}

export function csrfField({ csrf }: PageSession): Html {
  return html`<input type="hidden" name="csrf" value="${csrf}" />`
}

export function whoOf({ login: { principal } }: PageSession): Pick<Person, 'name' | 'email' | 'subject'> {
  return principal
}

export function nameOf({ name, email, subject }: Pick<Person, 'name' | 'email' | 'subject'>): string {
  return name ?? email ?? subject
}

export function stateBadge({ state }: Pick<Approval, 'state'>): Html {
  return html`<span class="state ${state}">${state}</span>`
}

/** What is asked for: a call, or access ahead of need. */
export function whatOf({ method, target, connection }: Pick<Approval, 'method' | 'target' | 'connection'>): Html {
  return method === ACCESS_METHOD ? html`<b>access</b> to ${connection}` : html`<b>${seen(target)}</b> on ${connection}`
}

/** A moment, and how far away it is. */
export function moment(ms: number, nowMs: number): Html {
  const iso = new Date(ms).toISOString()
  const text = ms > nowMs ? `in ${lengthOf(ms - nowMs)}` : `${lengthOf(nowMs - ms)} ago`
  return html`<time datetime="${iso}" title="${iso}">${text}</time>`
}

function lengthOf(ms: number): string {
  if (ms < 2 * MINUTE_MS) return `${Math.round(ms / SECOND_MS)} s`
  const minutes = Math.round(ms / MINUTE_MS)
  return minutes < TWO_HOURS ? `${minutes} min` : `${Math.round(minutes / MINUTES_PER_HOUR)} h`
}

const MINUTES_PER_HOUR = 60
const TWO_HOURS = 2 * MINUTES_PER_HOUR
