import { ownRecord } from '../../gateway/own-record.ts'
import type { Approval } from '../../approval/approval.ts'
import type { Entry } from '../../audit/log.ts'
import type { Gateway } from '../../gateway/gateway.ts'
import type { Decider } from './decider.ts'

/** Somebody looks at the exact arguments of an approval. */
export function revealOf(
  { approval, decider, address }: { approval: Approval; decider: Decider; address: string },
  maker: Pick<Gateway, 'now' | 'ids'>,
): Entry<'view'> {
  const { subject, issuer, email } = decider.person
  return ownRecord(
    'view',
    {
      dir: 'gw',
      actor: { sub: subject, iss: issuer, email, groups: decider.groups, client: {}, ip: address },
      view: { approval: approval.id, connection: approval.connection, exact: true, rows: 1 },
    },
    maker,
  )
}
