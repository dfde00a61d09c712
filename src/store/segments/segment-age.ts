import { clock } from '../../base/clock.ts'
import { BLOCK_RECORDS } from '../packs/block-files.ts'

/** When the running segment should end although it is not full. */
export class SegmentAge {
  readonly #sealAfterMs: number
  #size = 0
  #since = clock.monoMicros()

  constructor(sealAfterMs: number) {
    this.#sealAfterMs = sealAfterMs
  }

  /** A segment was begun, and has its first records. */
  begun(size: number): void {
    this.#size = size
    this.#since = clock.monoMicros()
  }

  hasMore(size: number): boolean {
    return size > this.#size
  }

  /** So that records of a busy log are in the clear for minutes only, and a quiet one makes no segments for nothing. */
  isOver(size: number): boolean {
    return size - this.#size >= BLOCK_RECORDS && clock.monoMicros() - this.#since > this.#sealAfterMs * 1000
  }
}
