import type { Approval } from '../../approval/approval.ts'
import type { Entry } from '../../audit/log.ts'
import type { Gateway } from '../../gateway/gateway.ts'
import { NOTHING_HIDDEN } from '../../gateway/session-records.ts'
import { maskText, Unmasked } from '../../masking/masked.ts'
import { writeEnvelope } from '../../recording/envelope.ts'
import type { Decider } from './decider.ts'

/** Somebody looks at the exact arguments of an approval. */
export function revealOf(
  { approval, decider, address }: { approval: Approval; decider: Decider; address: string },
  { now, ids }: Pick<Gateway, 'now' | 'ids'>,
): Entry<'view'> {
  const time = now.micros()
  const { subject, issuer, email } = decider.person
  const envelope = writeEnvelope({
    id: ids.record(),
    kind: 'view',
    dir: 'gw',
    ts: time,
    mono_us: now.mono(),
    actor: { sub: subject, iss: issuer, email, groups: decider.groups, client: {}, ip: address },
    view: { approval: approval.id, connection: approval.connection, exact: true, rows: 1 },
  })
  return { kind: 'view', time, session: undefined, envelope: maskText(new Unmasked(envelope), NOTHING_HIDDEN) }
}
