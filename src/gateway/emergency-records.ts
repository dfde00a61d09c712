import { type Emergency, type EmergencyStep } from '../approval/break-glass.ts'
import { isoMicros } from '../audit/iso-time.ts'
import type { Entry } from '../audit/log.ts'
import { maskText, Unmasked } from '../masking/masked.ts'
import { writeEnvelope } from '../recording/envelope.ts'
import { type Maker, NOTHING_HIDDEN } from './session-records.ts'

const SEVERITY: Readonly<Record<EmergencyStep, string>> = {
  begun: 'critical',
  ended: 'medium',
  reviewed: 'low',
  overdue: 'high',
}

/** Somebody did without an approval: an alert at once, and one more where nobody looked at it in time. `hide`: for people's words. */
export function emergencyOf(
  step: EmergencyStep,
  emergency: Emergency,
  hide: (text: string) => string,
  { now, ids }: Maker,
): Entry<'alert'> {
  const time = now.micros()
  const { id, person, reason, overrides, untilMs, reviewDueMs, reviewedBy, note } = emergency
  const envelope = writeEnvelope({
    id: ids.record(),
    kind: 'alert',
    dir: 'gw',
    ts: time,
    mono_us: now.mono(),
    alert: {
      name: 'break_glass',
      step,
      severity: SEVERITY[step],
      id,
      by: { iss: person.issuer, sub: person.subject, email: person.email },
      groups: [...person.groups],
      reason: hide(reason),
      overrides: [...overrides],
      until: isoMicros(untilMs * 1000),
      review_due: isoMicros(reviewDueMs * 1000),
      reviewed_by:
        reviewedBy === undefined
          ? undefined
          : { iss: reviewedBy.issuer, sub: reviewedBy.subject, email: reviewedBy.email },
      note: note === undefined ? undefined : hide(note),
    },
  })
  return { kind: 'alert', time, session: undefined, envelope: maskText(new Unmasked(envelope), NOTHING_HIDDEN) }
}
