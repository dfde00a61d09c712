import type { EntryKind } from '../../audit/entry.ts'
import { Receipt } from '../../audit/log.ts'
import type { Micros } from '../../base/clock.ts'
import { type EntryIndex, entryIndex } from '../../base/ids.ts'

/** Someone who waits for a receipt. */
interface Waiter {
  readonly bytes: number
  readonly since: Micros
  readonly issue: (index: EntryIndex, clientReceipt?: string) => void
  readonly reject: (failure: Error) => void
  gone: boolean
}

/** Those who wait, in the order of their records. Receipts are handed out in that order, and only here. */
export class Pending {
  #waiters: Waiter[] = []
  #first = 0
  /** Those before it were told already that it takes too long. */
  #told = 0
  #bytes = 0

  get bytes(): number {
    return this.#bytes
  }
  get count(): number {
    return this.#waiters.length - this.#first
  }

  add<Kind extends EntryKind>(kind: Kind, bytes: number, since: Micros): Promise<Receipt<Kind>> {
    this.#bytes += bytes
    return new Promise((resolve, reject) => {
      const issue = (index: EntryIndex, clientReceipt?: string): void =>
        resolve(Receipt.issue(kind, index, clientReceipt))
      this.#waiters.push({ bytes, since, issue, reject, gone: false })
    })
  }

  /** The next `records` are durable, the first of them at `firstSeq`; these are the receipts that clients asked for. */
  settle(firstSeq: number, records: number, receipts?: ReadonlyMap<number, string>): void {
    for (let i = 0; i < records; i++) {
      const waiter = this.#waiters[this.#first++]
      if (waiter === undefined) break
      this.#bytes -= waiter.bytes
      if (!waiter.gone) waiter.issue(entryIndex(firstSeq + i), receipts?.get(firstSeq + i))
    }
    this.#compact()
  }

  /** Tells those who have waited since before `since`. Their records may become durable yet, so they keep their places. */
  rejectOlder(since: Micros, failure: Error): boolean {
    let any = false
    for (let i = Math.max(this.#first, this.#told); i < this.#waiters.length; i++) {
      const waiter = this.#waiters[i]
      if (waiter === undefined || waiter.since > since) break
      waiter.gone = true
      waiter.reject(failure)
      this.#told = i + 1
      any = true
    }
    return any
  }

  rejectAll(failure: Error): void {
    for (const waiter of this.#waiters.slice(this.#first)) if (!waiter.gone) waiter.reject(failure)
    this.#waiters = []
    this.#first = 0
    this.#told = 0
    this.#bytes = 0
  }

  #compact(): void {
    if (this.#first < this.#waiters.length && this.#first < COMPACT_AT) return
    this.#waiters = this.#waiters.slice(this.#first)
    this.#told = Math.max(0, this.#told - this.#first)
    this.#first = 0
  }
}

/** Settled places that may stay in the list until it is copied. */
const COMPACT_AT = 4096
