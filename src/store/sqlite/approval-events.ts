import type { NumberedEvent } from '../../approval/rows.ts'
import { readEvent } from './approval-json.ts'
import { numberAt, type Row } from './columns.ts'
import type { RowMac } from './row-mac.ts'

const TABLE = 'approval_event'

export function eventMac(mac: RowMac, approval: string, event: string): Uint8Array {
  return mac.of(TABLE, [approval, event])
}

/**
 * Events that this gateway wrote. What somebody else put between them would be on record, or be told to people, in our name:
 * it is set aside instead, and that is told.
 */
export function genuineEvents(rows: readonly Row[], mac: RowMac, setAside: (n: number) => void): NumberedEvent[] {
  return rows.flatMap((row) => {
    const n = numberAt(row, 'n')
    if (mac.holds(row['mac'], TABLE, [row['approval'] ?? null, row['event'] ?? null]))
      return [{ n, event: readEvent(row) }]
    setAside(n)
    mac.tellAltered(TABLE, String(n))
    return []
  })
}
