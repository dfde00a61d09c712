import type { WitnessRound, WitnessRounds, WitnessTrouble, WitnessedLog } from './witness-round.ts'

export interface WitnessingOptions {
  readonly log: WitnessedLog
  readonly rounds: Pick<WitnessRounds, 'ask'>
  /** How often, while there is something new. */
  readonly everyMs: number
  /** Something new that no quorum has cosigned for so long is an alert; and so often a record says who cosigned. */
  readonly atMostMs: number
  readonly nowMs: () => number
  readonly report: (event: WitnessEvent) => Promise<void>
}

/** What a gateway makes known. */
export type WitnessEvent =
  | { readonly kind: 'witnessed'; readonly round: WitnessRound }
  | { readonly kind: 'trouble'; readonly trouble: WitnessTrouble }
  /** No quorum has cosigned what is new, for so long. */
  | { readonly kind: 'late'; readonly ms: number; readonly cosigned: number; readonly asked: number }
  | { readonly kind: 'in_time' }

/** When to ask witnesses, and what to tell of it. Calls go on whatever a witness says; a lying one must not stop a gateway. */
export class Witnessing {
  readonly #options: WitnessingOptions
  #isBusy = false
  #askedMs = -Infinity
  /** Size of the newest head that a quorum has cosigned. */
  #witnessedSize = -1
  /** Since when there is something new. */
  #newSinceMs: number | undefined
  #recordedMs = -Infinity
  #isLate = false
  /** Of each witness the trouble told last, so that it is told once. */
  readonly #told = new Map<string, string>()

  constructor(options: WitnessingOptions) {
    this.#options = options
  }

  /** Asks if it is time; called about once a second. Never rejects for what a witness does. */
  async tick(): Promise<void> {
    const { everyMs, log, nowMs } = this.#options
    if (this.#isBusy || nowMs() - this.#askedMs < everyMs) return
    const head = log.newest()
    if (head === undefined || head.size === this.#witnessedSize) return
    this.#isBusy = true
    this.#askedMs = nowMs()
    this.#newSinceMs ??= this.#askedMs
    try {
      await this.#settle(await this.#options.rounds.ask(head))
    } finally {
      this.#isBusy = false
    }
  }

  async #settle(round: WitnessRound): Promise<void> {
    const { atMostMs, nowMs, report } = this.#options
    await this.#tellTrouble(round)
    if (!round.quorum) {
      const ms = nowMs() - (this.#newSinceMs ?? nowMs())
      if (ms < atMostMs || this.#isLate) return
      this.#isLate = true
      return report({ kind: 'late', ms, cosigned: round.cosigned.length, asked: round.asked })
    }
    this.#witnessedSize = round.head.size
    this.#newSinceMs = undefined
    if (this.#isLate) await report({ kind: 'in_time' })
    this.#isLate = false
    // The record makes the log grow, so not each round can have one: that would never come to rest.
    if (nowMs() - this.#recordedMs < atMostMs) return
    this.#recordedMs = nowMs()
    await report({ kind: 'witnessed', round })
  }

  async #tellTrouble({ cosigned, trouble }: WitnessRound): Promise<void> {
    for (const { witness } of cosigned) this.#told.delete(witness)
    for (const one of trouble) {
      if (this.#told.get(one.witness) === one.kind) continue
      this.#told.set(one.witness, one.kind)
      await this.#options.report({ kind: 'trouble', trouble: one })
    }
  }
}
