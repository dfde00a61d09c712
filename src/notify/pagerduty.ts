import type { Step } from '../approval/delivery.ts'
import type { JsonObject } from '../base/json.ts'
import { fieldsOf, type Notice, time } from './notice.ts'
import { post } from './post.ts'
import type { Receiver, Sent } from './receiver.ts'

export interface PagerDutyTerms {
  /** Name of the receiver: `pagerduty:oncall`. */
  readonly name: string
  /** `https://events.pagerduty.com/v2/enqueue` */
  readonly url: string
  /** The integration key of a service there. */
  readonly routingKey: string
}

type Severity = 'critical' | 'error' | 'warning'
type Action = Severity | 'resolve' | 'nothing'

/**
 * What a step is to whoever is on call. An alert is open for as long as somebody has to do something: until it is decided, or
 * until somebody else looked at an emergency. That a call may have run is an alert of its own, which people close.
 */
const ACTION_OF: Readonly<Record<Step, Action>> = {
  requested: 'warning',
  granted: 'resolve',
  denied: 'resolve',
  expired: 'resolve',
  cancelled: 'resolve',
  revoked: 'resolve',
  unknown: 'error',
  begun: 'critical',
  ended: 'nothing',
  reviewed: 'resolve',
  overdue: 'error',
}

const ACCEPTED = 202
const BAD_EVENT = 400

/** A service of PagerDuty (Events API v2): what is sent twice, or told later of the same, is one alert there. */
export function pagerDuty({ name, url, routingKey }: PagerDutyTerms): Receiver {
  return {
    name,
    async send(notice, { signal }): Promise<Sent> {
      const action = ACTION_OF[notice.step]
      if (action === 'nothing') return { kind: 'sent' }
      const event = { routing_key: routingKey, dedup_key: dedupKey(notice), ...said(notice, action) }
      const headers = { 'content-type': 'application/json', 'user-agent': 'sallyport' }
      const posted = await post({ url, headers, body: JSON.stringify(event), signal })
      if (posted.kind === 'failed') return posted
      const { status, afterMs } = posted
      if (status === ACCEPTED) return { kind: 'sent' }
      // Such as a key that no service has: what was refused once is refused every time.
      if (status === BAD_EVENT) return { kind: 'unwanted', why: 'PagerDuty does not take the event: is the key right?' }
      return { kind: 'failed', why: `PagerDuty answered with ${status}`, afterMs }
    },
  }
}

function dedupKey({ id, step }: Notice): string {
  return `sallyport-${id}${step === 'unknown' ? '-unknown' : ''}`
}

function said(notice: Notice, action: Severity | 'resolve'): JsonObject {
  if (action === 'resolve') return { event_action: 'resolve' }
  return {
    event_action: 'trigger',
    payload: {
      summary: notice.title,
      source: 'sallyport',
      severity: action,
      timestamp: time(notice.atMs),
      component: notice.connection,
      class: notice.isAlert ? 'break-glass' : 'approval',
      custom_details: fieldsOf(notice),
    },
    links: [{ href: notice.link, text: 'Open it' }],
    client: 'Sallyport',
    client_url: notice.link,
  }
}
