import { assert } from '../base/assert.ts'

// What one wake-up is expected to read: a socket hands over at most this much at a time.
const CHUNK_BYTES = 65_536

/** Whoever shares the budget. `resume` is called later, never from within a call to the budget. */
export interface BudgetShare {
  /** Counts bytes that have arrived. False: read no further until `resume` is called. */
  take(bytes: number): boolean
  /** The bytes are gone. */
  give(bytes: number): void
  /** `true`: complete, waiting only for its consumer. `false`: more has to arrive before anything can be given back. */
  settle(settled: boolean): void
  /** Gives everything back. Safe to repeat. */
  close(): void
}

/**
 * Bytes of replies held at the same moment, of all calls together. Beyond `bytesMax` reading stops, all but that of the
 * largest unfinished reply once nothing finished is left to be given back: so there is always one that can go on.
 */
export class BufferBudget {
  readonly #bytesMax: number
  readonly #holders = new Set<Share>()
  readonly #waiting = new Set<Share>()
  readonly #ledger: Ledger = {
    change: (share, bytes) => this.#change(share, bytes),
    mayRead: (share) => this.#mayRead(share),
    changed: () => this.#wakeSoon(),
  }
  #held = 0
  #wakes = false

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  get heldBytes(): number {
    return this.#held
  }

  open(resume: () => void): BudgetShare {
    return new Share(resume, this.#ledger)
  }

  #change(share: Share, bytes: number): void {
    this.#held += bytes
    if (share.held > 0) this.#holders.add(share)
    else {
      this.#holders.delete(share)
      if (!share.open) this.#waiting.delete(share)
    }
    assert(this.#held >= 0, 'more bytes were given back than taken')
  }

  #mayRead(share: Share): boolean {
    if (this.#held <= this.#bytesMax || share === this.#largestAlone()) return true
    this.#waiting.add(share)
    return false
  }

  /** The largest unfinished reply; undefined while something finished will make room by itself. */
  #largestAlone(): Share | undefined {
    let largest: Share | undefined
    for (const share of this.#holders) {
      if (share.settled) return undefined
      if (largest === undefined || share.held > largest.held) largest = share
    }
    return largest
  }

  // Waking resumes a socket, which parses at once: that must not happen inside the parser of another one.
  #wakeSoon(): void {
    if (this.#wakes || this.#waiting.size === 0) return
    this.#wakes = true
    queueMicrotask(() => {
      this.#wakes = false
      this.#wake()
    })
  }

  #wake(): void {
    let room = this.#bytesMax - this.#held
    for (const share of this.#waiting) {
      if (room <= 0) break
      room -= CHUNK_BYTES
      this.#waiting.delete(share)
      share.resume()
    }
    if (this.#held <= this.#bytesMax) return
    const largest = this.#largestAlone()
    if (largest !== undefined && this.#waiting.delete(largest)) largest.resume()
  }
}

interface Ledger {
  change(share: Share, bytes: number): void
  mayRead(share: Share): boolean
  changed(): void
}

class Share implements BudgetShare {
  readonly #ledger: Ledger
  readonly resume: () => void
  held = 0
  settled = false
  open = true

  constructor(resume: () => void, ledger: Ledger) {
    this.resume = resume
    this.#ledger = ledger
  }

  take(bytes: number): boolean {
    if (!this.open) return true
    this.held += bytes
    this.#ledger.change(this, bytes)
    return this.#ledger.mayRead(this)
  }

  give(bytes: number): void {
    const given = Math.min(bytes, this.held)
    this.held -= given
    this.#ledger.change(this, -given)
    this.#ledger.changed()
  }

  settle(settled: boolean): void {
    if (this.settled === settled) return
    this.settled = settled
    this.#ledger.changed()
  }

  close(): void {
    this.open = false
    this.give(this.held)
  }
}
