import { createSecretKey, hkdfSync } from 'node:crypto'
import type { AuditLog } from '../audit/log.ts'
import type { MasterKey } from '../credentials/master-key.ts'
import { alteredOf } from '../gateway/alert-records.ts'
import type { Maker } from '../gateway/session-records.ts'
import { RowMac } from '../store/sqlite/row-mac.ts'
import type { OperatorLog } from './operator-log.ts'

interface MacParts {
  readonly master: MasterKey
  readonly audit: AuditLog
  readonly maker: Maker
  readonly log: OperatorLog
}

const KEY_BYTES = 32

/** What tells rows of this gateway from rows of others: a row of others counts for nothing, and is an alert. */
export function openRowMac({ master, audit, maker, log }: MacParts): RowMac {
  const key = hkdfSync('sha256', master.key, new Uint8Array(), 'sallyport rows 1', KEY_BYTES)
  return new RowMac(createSecretKey(new Uint8Array(key)), (altered) => {
    log.error('a row of control.db is not as this gateway wrote it: it counts for nothing', { ...altered })
    audit
      .append(alteredOf(altered, maker))
      .catch(() => log.warn('that a row of control.db was altered could not be recorded', { ...altered }))
  })
}
