import type { SignedCheckpoint } from '../audit/checkpoint.ts'
import { type Anchor, AnchorConflict } from './anchor.ts'

export interface AnchoringOptions {
  readonly anchor: Anchor
  readonly everyMs: number
  readonly newest: () => SignedCheckpoint | undefined
  readonly nowMs: () => number
  readonly report: (event: AnchorEvent) => Promise<void>
}

export type AnchorEvent =
  /** At most once an hour, and after a failure. */
  | { readonly kind: 'anchored'; readonly anchor: Anchor; readonly head: SignedCheckpoint }
  /** `conflict`: there is another history, or a longer one. */
  | { readonly kind: 'conflict' | 'failed'; readonly anchor: Anchor; readonly why: string }

/** A record of each head would make the log grow, and so never come to rest. */
const RECORD_MS = 60 * 60_000
/** After a failure it is tried again this soon, or as often as always where that is sooner. */
const RETRY_MS = 60_000

/** When to leave a head at one anchor, and what to tell of it. */
export class Anchoring {
  readonly #options: AnchoringOptions
  #isBusy = false
  #dueMs = -Infinity
  #size = -1
  #told = ''
  #recordedMs = -Infinity

  constructor(options: AnchoringOptions) {
    this.#options = options
  }

  /** Leaves the newest head if it is time; called about once a second. Never rejects for what the anchor does. */
  async tick(): Promise<void> {
    const { anchor, everyMs, newest, nowMs, report } = this.#options
    if (this.#isBusy || nowMs() < this.#dueMs) return
    const head = newest()
    if (head === undefined || head.size === this.#size) return
    this.#isBusy = true
    try {
      await anchor.leave(head)
      this.#dueMs = nowMs() + everyMs
      this.#size = head.size
      const isAgain = this.#told !== ''
      this.#told = ''
      if (!isAgain && nowMs() - this.#recordedMs < RECORD_MS) return
      this.#recordedMs = nowMs()
      await report({ kind: 'anchored', anchor, head })
    } catch (failure) {
      this.#dueMs = nowMs() + Math.min(everyMs, RETRY_MS)
      await this.#tell(failure)
    } finally {
      this.#isBusy = false
    }
  }

  async #tell(failure: unknown): Promise<void> {
    const why = failure instanceof Error ? failure.message : String(failure)
    const kind = failure instanceof AnchorConflict ? 'conflict' : 'failed'
    if (this.#told === kind) return
    this.#told = kind
    await this.#options.report({ kind, anchor: this.#options.anchor, why })
  }
}
