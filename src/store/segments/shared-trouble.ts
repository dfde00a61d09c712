/** Both logs publish heads. That it does not go is told once, and that it goes again. */
export class SharedTrouble {
  readonly #troubles = new Map<string, unknown>()
  readonly #tell: (trouble: unknown) => void

  constructor(tell: (trouble: unknown) => void) {
    this.#tell = tell
  }

  of(log: string): (trouble: unknown) => void {
    return (trouble) => {
      const before = this.#troubles.size
      if (trouble === undefined) this.#troubles.delete(log)
      else this.#troubles.set(log, trouble)
      if ((before === 0) !== (this.#troubles.size === 0)) this.#tell(trouble)
    }
  }
}
