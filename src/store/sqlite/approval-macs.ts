import type { ApprovalId } from '../../approval/approval.ts'
import type { Row } from './columns.ts'
import { NewestMacs } from './newest-macs.ts'
import type { RowMac } from './row-mac.ts'

/** An approval as it stands in the database: its row, and the texts of its votes in order. */
export interface KeptApproval {
  readonly row: Row
  readonly votes: readonly string[]
}

/** All but how often it was asked for and used, which decides nothing, and the exact request, which is sealed on its own. */
const COVERED = [
  ...([
    'id',
    'state',
    'hash',
    'call_hash',
    'fingerprint',
    'principal',
    'session',
    'connection',
    'once',
    'ask',
  ] as const),
  ...(['reason', 'asked_ms', 'expires_ms', 'decided_ms', 'usable_until_ms', 'ended_ms', 'why', 'shown_hash'] as const),
] as const

/** Whether an approval is as this gateway wrote it last. */
export class ApprovalMacs {
  readonly #mac: RowMac
  readonly #newest = new NewestMacs()

  constructor(mac: RowMac) {
    this.#mac = mac
  }

  of(kept: KeptApproval): Uint8Array {
    return this.#mac.of('approval', valuesOf(kept))
  }

  /** To be called once that is durable. */
  wrote(id: ApprovalId, mac: Uint8Array): void {
    this.#newest.wrote(id, mac)
  }

  holds(id: ApprovalId, kept: KeptApproval): boolean {
    const { mac } = kept.row
    return mac instanceof Uint8Array && this.#newest.mayBe(id, mac) && this.#mac.holds(mac, 'approval', valuesOf(kept))
  }

  tellAltered(id: ApprovalId): void {
    this.#mac.tellAltered('approval', id)
  }
}

function valuesOf({ row, votes }: KeptApproval) {
  return [...COVERED.map((column) => row[column] ?? null), ...votes]
}
