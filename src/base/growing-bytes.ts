// Growth by doubling copies each byte about twice, whatever the size of the pieces.
const FIRST_BYTES = 4096
/** Shared: an empty array still takes 200 bytes, and every open stream has one of these. */
const NOTHING = new Uint8Array(0)

/** Bytes that arrive in pieces. Kept in one block: a list of a million pieces of one byte would take a hundred million. */
export class GrowingBytes {
  /** The first piece as it came, as long as it is the only one. */
  #block: Uint8Array = NOTHING
  #length = 0

  get length(): number {
    return this.#length
  }

  append(piece: Uint8Array): void {
    if (this.#length === 0) this.#block = piece
    else {
      const length = this.#length + piece.length
      // The block may be a view of somebody's chunk, full to its end: then this copies before it writes.
      if (length > this.#block.length) this.#grow(length)
      this.#block.set(piece, this.#length)
    }
    this.#length += piece.length
  }

  /** All of it; empty afterwards. */
  take(): Uint8Array {
    const whole = this.#block.length === this.#length ? this.#block : this.#block.subarray(0, this.#length)
    this.clear()
    return whole
  }

  clear(): void {
    this.#block = NOTHING
    this.#length = 0
  }

  #grow(length: number): void {
    const block = new Uint8Array(Math.max(FIRST_BYTES, 2 * length))
    block.set(this.#block.subarray(0, this.#length))
    this.#block = block
  }
}
