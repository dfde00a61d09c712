import type { ApprovalId } from '../approval/approval.ts'
import type { Delivery, NewDelivery } from '../approval/delivery.ts'
import type { NumberedEvent } from '../approval/rows.ts'

/** Keeps what is to be delivered. Each method is one transaction and durable when it returns. */
export interface DeliveryRows {
  /** Events that are on record and that nobody looked at yet, in order. */
  unplanned(limit: number): readonly NumberedEvent[]
  /** These events were looked at, and this comes of them. What is there already stays as it is. */
  plan(events: readonly number[], deliveries: readonly NewDelivery[]): void
  /** Receivers that something is due for. */
  due(nowMs: number): readonly string[]
  /** The next one that is due for a receiver; of one approval never a later step before an earlier one. */
  next(receiver: string, nowMs: number): Delivery | undefined
  /** `remote`: what the receiver calls the message. */
  sent(n: number, end: { readonly tries: number; readonly endedMs: number; readonly remote: string | undefined }): void
  retry(n: number, later: { readonly tries: number; readonly dueMs: number; readonly why: string }): void
  giveUp(n: number, end: { readonly tries: number; readonly endedMs: number; readonly why: string }): void
  of(approval: ApprovalId): readonly Delivery[]
  /** What a receiver called the first message about an approval. */
  remoteOf(approval: ApprovalId, receiver: string): string | undefined
}
