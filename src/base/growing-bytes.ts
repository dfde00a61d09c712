// Growth by doubling copies each byte about twice, whatever the size of the pieces.
const GROWTH = 2
// Where the end is known the last step goes right there, and few steps lead to it. Whoever announces much and sends little still gets
// no more than this many times of what they sent.
const GROWTH_ANNOUNCED = 8
const FIRST_BYTES = 4096
/** Shared: an empty array still takes 200 bytes, and every open stream has one of these. */
const NOTHING = new Uint8Array(0)

/** Bytes that arrive in pieces. Kept in one block: a list of a million pieces of one byte would take a hundred million. */
export class GrowingBytes {
  /** The first piece as it came, as long as it is the only one. */
  #block: Uint8Array = NOTHING
  /** Memory of the block, once it is not somebody's chunk any more. */
  #own: ArrayBuffer | undefined
  #length = 0
  readonly #announced: number

  /** `announced`: how many bytes will come, if that is known; more or fewer may. */
  constructor(announced = 0) {
    this.#announced = announced
  }

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
    this.#own = undefined
    this.#length = 0
  }

  #grow(length: number): void {
    const announced = this.#announced
    const room = announced >= length ? Math.min(announced, GROWTH_ANNOUNCED * length) : GROWTH * length
    this.#own = this.#moved(Math.max(FIRST_BYTES, room))
    this.#block = new Uint8Array(this.#own)
  }

  /** `transfer` frees what it leaves at once; the collector would come for megabytes much later. */
  #moved(room: number): ArrayBuffer {
    if (this.#own !== undefined) return this.#own.transfer(room)
    const memory = new ArrayBuffer(room)
    new Uint8Array(memory).set(this.#block.subarray(0, this.#length))
    return memory
  }
}
