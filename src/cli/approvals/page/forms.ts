import type { Approval } from '../../../approval/approval.ts'
import { REASON_CHARS_MAX } from '../act.ts'
import { type Decider, decidesAbout, isOwn } from '../decider.ts'
import { html, type Html } from './html.ts'
import { csrfField } from './parts.ts'
import type { PageSession } from './sessions.ts'

interface For {
  readonly approval: Approval
  readonly decider: Decider
  readonly session: PageSession
  /** Why their yes would not count. */
  readonly cannot: string | undefined
  readonly isRevealed: boolean
}

/** What this person may do about it. Nothing is done by opening a page: each is a form, and a form has its own proof. */
export function formsFor(of: For): Html {
  return html`<div class="forms">${[of.isRevealed ? undefined : reveal(of), decide(of), own(of), revoke(of)]}</div>`
}

function form({ approval, session }: For, step: string, inside: Html): Html {
  return html`<form method="post" action="/approvals/${approval.id}/${step}">${csrfField(session)}${inside}</form>`
}

function reasonField(label: string, isRequired: boolean): Html {
  return html`<label
    >${label}<textarea
      name="reason"
      rows="2"
      maxlength="${REASON_CHARS_MAX}"
      ${isRequired ? html`required` : ''}
    ></textarea>
  </label>`
}

function reveal(of: For): Html {
  return form(of, 'reveal', html`<button>Reveal exact arguments</button> <small>That you look is recorded.</small>`)
}

function decide(of: For): Html | undefined {
  const { approval, decider, cannot } = of
  if (approval.state !== 'pending' || !decidesAbout(approval, decider)) return undefined
  if (isOwn(approval, decider)) return html`<p class="message">${cannot ?? ''}</p>`
  return html`${cannot === undefined ? undefined : html`<p class="message">${cannot}</p>`}${form(
    of,
    'vote',
    html`${reasonField('What you want to say (needed to deny and to ask back)', false)}
      <p class="buttons">
        <button name="verdict" value="approve" class="yes" ${cannot === undefined ? '' : html` disabled`}>
          Approve
        </button>
        <button name="verdict" value="deny" class="no">Deny</button>
        <button name="verdict" value="ask">Ask back</button>
      </p>`,
  )}`
}

function own(of: For): Html | undefined {
  const { approval, decider } = of
  if (!isOwn(approval, decider) || (approval.state !== 'pending' && approval.state !== 'approved')) return undefined
  const reason =
    approval.state === 'pending' && approval.reason === undefined
      ? form(of, 'reason', html`${reasonField('Why you ask', true)}<button>Say why</button>`)
      : undefined
  return html`${reason}${form(of, 'cancel', html`<button class="no">Take it back</button>`)}`
}

function revoke(of: For): Html | undefined {
  const { approval, decider } = of
  if (approval.state !== 'approved' || !decidesAbout(approval, decider)) return undefined
  return form(of, 'revoke', html`${reasonField('Why it is taken back', true)}<button class="no">Revoke</button>`)
}
