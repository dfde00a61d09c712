import type { Micros } from '../../base/clock.ts'

interface Held {
  readonly since: Micros
  readonly go: () => void
  readonly reject: (failure: Error) => void
}

/** More than this many appends do not wait for room in the queue; they are refused at once. */
const HELD_MAX = 10_000

/** Appends that wait until the queue is shorter, in order. */
export class HeldAppends {
  #held: Held[] = []

  add(held: Held, failure: () => Error): void {
    if (this.#held.length >= HELD_MAX) held.reject(failure())
    else this.#held.push(held)
  }

  /** Lets them go on as long as there is room. */
  release(hasRoom: () => boolean): void {
    while (hasRoom()) {
      const next = this.#held.shift()
      if (next === undefined) return
      next.go()
    }
  }

  rejectOlder(since: Micros, failure: () => Error): void {
    const waiting = this.#held.filter((held) => held.since > since)
    for (const held of this.#held) if (held.since <= since) held.reject(failure())
    this.#held = waiting
  }
}
