/**
 * Lets several events of one stream wait for the disk at the same time, so that they share its syncs, and still lets them
 * out in the order they came. `max` bounds how many wait; the stream is not read further meanwhile.
 */
export class InOrder {
  readonly #max: number
  #waiting = 0
  #last: Promise<void> = Promise.resolve()
  #roomWaiter: (() => void) | undefined
  #failure: { readonly error: unknown } | undefined

  constructor(max: number) {
    this.#max = max
  }

  /** `ready` proves that the event is durable; `letOut` sends it, and may wait for a slow client. */
  push<Proof>(ready: Promise<Proof>, letOut: (proof: Proof) => Promise<void> | undefined | void): void {
    this.#waiting += 1
    const before = this.#last
    this.#last = this.#step(before, ready, letOut)
  }

  /** Resolves when one more may wait. Throws what a step threw. */
  async room(): Promise<void> {
    this.#throwFailure()
    if (this.#waiting < this.#max) return
    await new Promise<void>((resolve) => {
      this.#roomWaiter = resolve
    })
    this.#throwFailure()
  }

  /** Resolves when everything is out. Throws what a step threw. */
  async drained(): Promise<void> {
    await this.#last
    this.#throwFailure()
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error
  }

  async #step<Proof>(
    before: Promise<void>,
    ready: Promise<Proof>,
    letOut: (proof: Proof) => Promise<void> | undefined | void,
  ): Promise<void> {
    try {
      const proof = await ready
      await before
      // After one failure nothing more leaves: a gap in a stream would look like a whole.
      if (this.#failure === undefined) await letOut(proof)
    } catch (error) {
      this.#failure ??= { error }
    } finally {
      this.#waiting -= 1
      const waiter = this.#roomWaiter
      this.#roomWaiter = undefined
      waiter?.()
    }
  }
}
