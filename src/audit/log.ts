// The log. No message passes before the log has it: that promise is the type Receipt, which only
// an implementation of AuditLog can issue, and only after the entry is durable (audit.md, section 3).
import type { EntryIndex, SessionId } from '../base/ids.ts'
import type { Micros } from '../base/clock.ts'
import type { Masked } from '../masking/masked.ts'
import type { ReceiptMode } from './client-receipt.ts'
import type { EntryKind } from './entry.ts'

/** One record on its way to the log. Everything in it is masked already. */
export interface Entry<Kind extends EntryKind = EntryKind> {
  readonly kind: Kind
  readonly time: Micros
  /** Chains the records of one session; undefined where there is none. */
  readonly session: SessionId | undefined
  /** JSON with sorted keys, no white space, integers only (audit.md, 4.5 and 12.2). */
  readonly envelope: Masked<string>
  /** The request as judged; the response as released. */
  readonly request?: Masked<Uint8Array> | undefined
  readonly response?: Masked<Uint8Array> | undefined
  /** Number of the retention class; `standard` without. Kinds of the log's own have theirs in any case. */
  readonly retentionClass?: number | undefined
  /** What of request and response is longer than its class allows is committed to and not kept (flag HASH_ONLY): none of both is. */
  readonly hashOnly?: boolean | undefined
  /** One chunk of a longer body (flag PART). */
  readonly partial?: boolean
  /** How the client receipt is signed that it wants; none without. */
  readonly clientReceipt?: ReceiptMode | undefined
}

/** Proof that an entry of this kind is durable: handed out after the sync, never before. */
export class Receipt<Kind extends EntryKind = EntryKind> {
  readonly kind: Kind
  readonly index: EntryIndex
  /** For the client, where the entry asked for one: JSON (audit.md, 4.10). */
  readonly clientReceipt: string | undefined
  readonly #synced = true
  private constructor(kind: Kind, index: EntryIndex, clientReceipt: string | undefined) {
    this.kind = kind
    this.index = index
    this.clientReceipt = clientReceipt
  }
  /** @internal Called by the log implementations alone. */
  static issue<Kind extends EntryKind>(kind: Kind, index: EntryIndex, clientReceipt?: string): Receipt<Kind> {
    return new Receipt(kind, index, clientReceipt)
  }
  static check(receipt: Receipt): void {
    if (!(#synced in receipt) || !receipt.#synced) throw new TypeError('not a Receipt')
  }
}

/** `ready`: accepts. `pressed`: accepts, but asks callers to slow down. The others refuse. */
export type LogState = 'ready' | 'pressed' | 'no_room' | 'broken' | 'behind' | 'closed'

export interface AuditLog {
  /**
   * Resolves once the entry is durable, and not before: not when it is queued, written, in the page cache or in another
   * process's memory. Resolves in the order of the entries' index. Rejects with GatewayError `log_unavailable` if the
   * entry did not become durable or the writer ended; the entry may or may not be found after that, so the caller sends
   * nothing, releases nothing, and does not retry the call.
   */
  append<Kind extends EntryKind>(entry: Entry<Kind>): Promise<Receipt<Kind>>
  /** State and, where it is not `ready`, one sentence for people that says what to do. */
  readonly state: { readonly kind: LogState; readonly why?: string | undefined }
}
