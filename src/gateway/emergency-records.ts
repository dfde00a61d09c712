import { ownRecord } from './own-record.ts'
import { type Emergency, type EmergencyStep } from '../approval/break-glass.ts'
import { isoMicros } from '../audit/iso-time.ts'
import type { Entry } from '../audit/log.ts'
import type { Maker } from './session-records.ts'

const SEVERITY: Readonly<Record<EmergencyStep, string>> = {
  begun: 'critical',
  ended: 'medium',
  reviewed: 'low',
  overdue: 'high',
}

/** Somebody did without an approval: an alert at once, and one more where nobody looked at it in time. What people wrote was masked when they wrote it. */
export function emergencyOf(step: EmergencyStep, emergency: Emergency, maker: Maker): Entry<'alert'> {
  const { id, person, reason, overrides, untilMs, reviewDueMs, reviewedBy, note } = emergency
  return ownRecord(
    'alert',
    {
      dir: 'gw',
      alert: {
        name: 'break_glass',
        step,
        severity: SEVERITY[step],
        id,
        by: { iss: person.issuer, sub: person.subject, email: person.email },
        groups: [...person.groups],
        reason,
        overrides: [...overrides],
        until: isoMicros(untilMs * 1000),
        review_due: isoMicros(reviewDueMs * 1000),
        reviewed_by:
          reviewedBy === undefined
            ? undefined
            : { iss: reviewedBy.issuer, sub: reviewedBy.subject, email: reviewedBy.email },
        note,
      },
    },
    maker,
  )
}
