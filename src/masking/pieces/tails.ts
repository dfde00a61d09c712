import { isContinuation } from '../views/utf8.ts'

/** Enough for every value but keys and tokens (masking.md, 3.11). */
const TAIL_BYTES = 256
/** So much is kept where a value began that has not ended yet: of a private key, from its first line on. */
const OPEN_TAIL_BYTES_MAX = 4_096
/** Rows of texts of one stream; the one that was not used for longest is forgotten. */
const ROWS_MAX = 32

/** The ends of the texts that came last, as they came: in memory alone, and only as long as their stream. */
export class Tails {
  readonly #tails = new Map<string, Uint8Array>()

  of(row: string): Uint8Array {
    return this.#tails.get(row) ?? NOTHING
  }

  /** `joined`: what was kept with what came; `openFrom`: where a value begins in it that reaches to its end. */
  keep(row: string, joined: Uint8Array, openFrom: number): void {
    this.#tails.delete(row)
    this.#tails.set(row, joined.slice(tailFrom(joined, openFrom)))
    for (const oldest of this.#tails.keys()) if (this.#tails.size > ROWS_MAX) this.#tails.delete(oldest)
  }
}

const NOTHING = new Uint8Array(0)

function tailFrom(joined: Uint8Array, openFrom: number): number {
  const least = Math.max(0, joined.length - TAIL_BYTES)
  const most = Math.max(0, joined.length - OPEN_TAIL_BYTES_MAX)
  let from = Math.max(most, Math.min(least, openFrom))
  while (isContinuation(joined[from])) from += 1
  return from
}
