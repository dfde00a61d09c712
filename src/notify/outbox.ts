import type { Approval, ApprovalId } from '../approval/approval.ts'
import { type Delivery, stepOf } from '../approval/delivery.ts'
import { MINUTE_MS, SECOND_MS } from '../base/units.ts'
import type { Notice } from './notice.ts'
import type { Receiver, Sent } from './receiver.ts'
import type { DeliveryRows } from './rows.ts'

export interface OutboxParts {
  readonly rows: DeliveryRows
  readonly receivers: readonly Receiver[]
  readonly approval: (id: ApprovalId) => Approval | undefined
  readonly notice: (approval: Approval, delivery: Delivery) => Notice
  readonly nowMs: () => number
  /** From 0 to below 1. */
  readonly random: () => number
  readonly warn: (what: string, detail: Readonly<Record<string, string | number | undefined>>) => void
}

/** The last of these comes about 18 minutes after the first. */
export const TRIES_MAX = 12
const FIRST_PAUSE_MS = SECOND_MS
const PAUSE_MS_MAX = 5 * MINUTE_MS
/** A few milliseconds of work: calls pass in between. */
const EVENTS_AT_ONCE = 50

/**
 * Tells people outside what happens to approvals. An event becomes deliveries in one transaction, and a delivery is over only
 * once its receiver took it or nobody tries any more: what a crash interrupts is sent again, so a receiver may get a message
 * twice and never none (approvals.md, 8). It reads events from the store on its own and no call waits for any of it.
 */
export class Outbox implements AsyncDisposable {
  readonly #parts: OutboxParts
  readonly #receivers: ReadonlyMap<string, Receiver>
  /** Receivers that are told something at the moment; one at a time each. */
  readonly #busy = new Map<string, Promise<void>>()
  readonly #ending = new AbortController()

  constructor(parts: OutboxParts) {
    this.#parts = parts
    this.#receivers = new Map(parts.receivers.map((receiver) => [receiver.name, receiver]))
  }

  /** Looks for what happened, and begins to send what is due. To be called now and then; at once again where it says true. */
  tick(): boolean {
    const isMore = this.#plan()
    for (const name of this.#parts.rows.due(this.#parts.nowMs())) {
      if (this.#busy.has(name)) continue
      const work = this.#work(name).finally(() => this.#busy.delete(name))
      this.#busy.set(name, work)
    }
    return isMore
  }

  /** Resolves once nothing is being sent. */
  async settled(): Promise<void> {
    await Promise.all(this.#busy.values())
  }

  /** What is on its way is broken off, and sent again at the next start. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort()
    await this.settled()
  }

  #plan(): boolean {
    const { rows, approval } = this.#parts
    const events = rows.unplanned(EVENTS_AT_ONCE)
    if (events.length === 0) return false
    const deliveries = events.flatMap(({ event }) => {
      const of = approval(event.approval)
      const step = of && stepOf(event, of)
      if (of === undefined || step === undefined) return []
      return of.notify.map((receiver) => ({ approval: of.id, step, receiver, atMs: event.atMs }))
    })
    rows.plan(
      events.map(({ n }) => n),
      deliveries,
    )
    return events.length === EVENTS_AT_ONCE
  }

  async #work(name: string): Promise<void> {
    const { rows, nowMs, warn } = this.#parts
    try {
      for (;;) {
        const delivery = this.#ending.signal.aborted ? undefined : rows.next(name, nowMs())
        if (delivery === undefined) return
        this.#note(delivery, await this.#send(delivery))
      }
    } catch (failure) {
      // Such as a disk that is full: it stays as it is in the store, and the next tick begins again.
      warn('what was sent to a receiver could not be noted', { receiver: name, why: String(failure) })
    }
  }

  async #send(delivery: Delivery): Promise<Sent> {
    const { rows, approval, notice } = this.#parts
    const receiver = this.#receivers.get(delivery.receiver)
    if (receiver === undefined) return { kind: 'unwanted', why: 'the configuration has no such receiver any more' }
    const of = approval(delivery.approval)
    if (of === undefined) return { kind: 'unwanted', why: 'the approval is gone' }
    const first = rows.remoteOf(of.id, receiver.name)
    const { signal } = this.#ending
    const ended = new Promise<Sent>((resolve) =>
      signal.addEventListener('abort', () => resolve({ kind: 'failed', why: 'the gateway ends' }), { once: true }),
    )
    try {
      // Whoever does not listen to the signal is left alone with what it does.
      return await Promise.race([receiver.send(notice(of, delivery), { first, signal }), ended])
    } catch (failure) {
      return { kind: 'failed', why: failure instanceof Error ? failure.message : String(failure) }
    }
  }

  #note(delivery: Delivery, sent: Sent): void {
    const { rows, nowMs, random, warn } = this.#parts
    const { n, receiver, approval, step } = delivery
    const tries = delivery.tries + 1
    if (sent.kind === 'sent') return rows.sent(n, { tries, endedMs: nowMs(), remote: sent.remote })
    if (this.#ending.signal.aborted) return
    const { why } = sent
    if (sent.kind === 'unwanted' || tries >= TRIES_MAX) {
      rows.giveUp(n, { tries, endedMs: nowMs(), why })
      warn('nobody tries any more to tell a receiver of an approval', { receiver, approval, step, tries, why })
      return
    }
    const pause = Math.min(PAUSE_MS_MAX, FIRST_PAUSE_MS * 2 ** delivery.tries) * (1 + random()) * HALF
    const wanted = Math.min(PAUSE_MS_MAX, sent.afterMs ?? 0)
    rows.retry(n, { tries, dueMs: nowMs() + Math.max(pause, wanted), why })
    if (tries === 1) warn('a receiver could not be told of an approval; it is tried again', { receiver, approval, why })
  }
}

const HALF = 0.5
