import type { Approval } from '../approval/approval.ts'
import type { Entry } from '../audit/log.ts'
import { ownRecord } from './own-record.ts'
import type { Maker } from './session-records.ts'

/** Something that decides was changed behind the gateway's back, in its database. Names only: what stands there is not ours. */
export function alteredOf(
  { table, row }: { readonly table: string; readonly row: string },
  maker: Maker,
): Entry<'alert'> {
  return ownRecord(
    'alert',
    { dir: 'gw', alert: { name: 'control_db_altered', severity: 'critical', table, row } },
    maker,
  )
}

/** A server defines a tool otherwise than when its call was asked for: by chance, or so that people agree to something else. */
export function toolChangedOf({ id, connection, target }: Approval, maker: Maker): Entry<'alert'> {
  const alert = { name: 'rug_pull', severity: 'high', approval: id, connection, tool: target }
  return ownRecord('alert', { dir: 'gw', alert }, maker)
}
