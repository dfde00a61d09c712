import type { Approval, Requester } from '../../../approval/approval.ts'
import { goodForText } from '../../../approval/good-for.ts'
import { missingLines } from '../../../approval/tally.ts'
import { isObject, type JsonValue, parseJson } from '../../../base/json.ts'
import type { Gateway } from '../../../gateway/gateway.ts'
import { factsText } from '../../../notify/facts-text.ts'
import { cannotApprove, historyOf, lastApproved, warningsOf } from '../context.ts'
import type { Decider } from '../decider.ts'
import { comparison } from './comparison.ts'
import { formsFor } from './forms.ts'
import { html, type Html, seen } from './html.ts'
import { header, moment, nameOf, stateBadge, whatOf } from './parts.ts'
import type { PageSession } from './sessions.ts'

export interface Shown {
  readonly approval: Approval
  readonly decider: Decider
  readonly session: PageSession
  readonly gateway: Gateway
  /** What went wrong just now. */
  readonly message?: string | undefined
  /** Exact arguments, where they are revealed. */
  readonly exact?: string | undefined
}

/** All that somebody needs to decide, and the forms to do it. */
export function detailBody(shown: Shown): Html {
  const { approval, decider, session, gateway, message, exact } = shown
  const call = gateway.approvals.desk.shown(approval.id)
  const args = parseJson(exact ?? call.shown)
  const cannot = cannotApprove(approval, decider, gateway)
  return html`${header(session)}
    <main>
      ${message === undefined ? undefined : html`<p class="message" role="alert">${message}</p>`}
      <h1>${stateBadge(approval)} <code>${approval.id}</code> ${whatOf(approval)}</h1>
      ${approval.message === undefined ? undefined : html`<p class="rule">${seen(approval.message)}</p>`}
      ${summary(approval, factsText(parseJson(call.facts)), gateway.now.ms())}
      ${warningsOf(approval, args).map((warning) => html`<p class="warning">${warning} They are marked below.</p>`)}
      <h2>${exact === undefined ? 'Arguments, masked' : 'Arguments, exact'}</h2>
      ${argumentsOf(args)} ${formsFor({ approval, decider, session, cannot, isRevealed: exact !== undefined })}
      <h2>Against the last approved call of this kind</h2>
      ${comparison(lastApproved(approval, decider, gateway))}
      <h2>What the policy saw</h2>
      <pre>${seen(JSON.stringify(parseJson(call.facts), undefined, 2))}</pre>
      ${votes(approval, gateway.now.ms())}
      <h2>Asked before by the same</h2>
      ${history(historyOf(approval, decider, gateway), gateway.now.ms())}
    </main>`
}

function summary(approval: Approval, would: string, nowMs: number): Html {
  const { requester, reason, reasonRequired, rules, policy, asks, expiresMs, usableUntilMs, state, why } = approval
  const lines: readonly (readonly [string, Html] | undefined)[] = [
    ['Who asks', whoAsks(requester)],
    would === '' ? undefined : ['What it would do', seen(would)],
    [
      'Why',
      reason === undefined
        ? html`<i>${reasonRequired ? 'no reason given yet, and one is needed' : 'no reason given'}</i>`
        : seen(reason),
    ],
    ['Needs', html`${needsOf(approval)}`],
    ['Good for', html`${goodForText(approval)}`],
    ['Rules', html`${rules.map(({ rule }) => rule).join(', ')} of policy ${policy}`],
    ['Asked', html`${moment(approval.askedMs, nowMs)}${asks > 1 ? `, ${asks} times` : ''}`],
    state === 'pending' ? ['Ends', moment(expiresMs, nowMs)] : undefined,
    state !== 'approved' || usableUntilMs === undefined
      ? undefined
      : ['To be used', html`until ${moment(usableUntilMs, nowMs)}`],
    why === undefined ? undefined : ['Ended', seen(why)],
  ]
  return html`<dl>
    ${lines.map((line) =>
      line === undefined
        ? undefined
        : html`<dt>${line[0]}</dt>
            <dd>${line[1]}</dd>`,
    )}
  </dl>`
}

function whoAsks(requester: Requester): Html {
  const { email, groups, client, actsFor = [] } = requester
  return html`<b>${seen(nameOf(requester))}</b>${email === undefined ? '' : html` ${seen(email)}`}, in
    ${seen(groups.join(', '))}${
      actsFor.length === 0 ? undefined : html`, for ${seen(actsFor.join(', '))}`
    }${client?.name === undefined ? undefined : html`, through ${seen(client.name)}`}`
}

function needsOf({ lines, votes: given }: Approval): string {
  const missing = missingLines(lines, given)
  return missing.length === 0 ? 'nobody else' : missing.map(({ group, count }) => `${count} of ${group}`).join(' and ')
}

/** Each argument for itself, whole, as it would be read: lines of a text are lines. */
function argumentsOf(args: JsonValue): Html {
  const members = isObject(args) ? Object.entries(args) : [['', args] as const]
  if (members.length === 0) return html`<p class="none">There are none.</p>`
  return html`${members.map(
    ([name, value]) =>
      html`<figure>
        <figcaption>${seen(name)} <small>${kindOf(value)}</small></figcaption>
        <pre tabindex="0">${seen(typeof value === 'string' ? value : JSON.stringify(value, undefined, 2))}</pre>
      </figure>`,
  )}`
}

function kindOf(value: JsonValue | undefined): string {
  if (typeof value === 'string') return `text, ${value.length} characters`
  return Array.isArray(value) ? `list of ${value.length}` : value === null ? 'null' : typeof value
}

function votes({ votes: given }: Approval, nowMs: number): Html | undefined {
  if (given.length === 0) return undefined
  return html`<h2>Votes</h2>
    <ul>
      ${given.map(
        ({ voter, verdict, reason, via, atMs }) =>
          html`<li>
            <b>${verdict}</b> by ${seen(nameOf(voter))} over ${via},
            ${moment(atMs, nowMs)}${reason === undefined ? '' : html`: ${seen(reason)}`}
          </li>`,
      )}
    </ul>`
}

function history(others: readonly Approval[], nowMs: number): Html {
  if (others.length === 0) return html`<p class="none">Nothing that you may see.</p>`
  return html`<ul>
    ${others.map(
      (one) =>
        html`<li>
          ${stateBadge(one)} <a href="/approvals/${one.id}">${whatOf(one)}</a>, ${moment(one.askedMs, nowMs)}
        </li>`,
    )}
  </ul>`
}
