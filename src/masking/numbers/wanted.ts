import type { EntityId } from '../entities.ts'
import type { Sink } from '../find/finding.ts'

/** A kind with the score that a value of it would have. */
export interface Want {
  readonly entity: EntityId
  readonly score: number
}

/**
 * What one sink may take, asked once for each view and not again for each of its thousands of runs. `refresh` is its only
 * writer.
 */
export class Wanted {
  readonly #wants: Want[] = []
  readonly #indexes = new Map<string, number>()
  #flags = new Uint8Array(0)

  /** To be called for everything before the first `refresh`. */
  indexOf(want: Want): number {
    const key = `${want.entity} ${want.score}`
    const known = this.#indexes.get(key)
    if (known !== undefined) return known
    this.#indexes.set(key, this.#wants.length)
    this.#wants.push(want)
    this.#flags = new Uint8Array(this.#wants.length).fill(UNKNOWN)
    return this.#wants.length - 1
  }

  has(index: number): boolean {
    return this.#flags[index] === 1
  }

  /** Tells one answer of the last sink from another. */
  get key(): string {
    return String.fromCharCode(...this.#flags)
  }

  /** Whether anything is different from the last sink. */
  refresh(sink: Sink): boolean {
    let isChanged = false
    for (let i = 0; i < this.#wants.length; i += 1) {
      const want = this.#wants[i]
      const flag = want !== undefined && sink.may(want.entity, want.score) ? 1 : 0
      if (this.#flags[i] !== flag) isChanged = true
      this.#flags[i] = flag
    }
    return isChanged
  }
}

const UNKNOWN = 2
