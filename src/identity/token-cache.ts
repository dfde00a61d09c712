import { hash } from 'node:crypto'

/** Tokens remembered. One costs about 1 KB; ten thousand people can be at work before the oldest is checked again. */
export const CACHED_TOKENS_MAX = 10_000

/**
 * Remembers what became of tokens that were good. Keyed by SHA-256, so that a heap dump of the gateway contains no token.
 * Least recently used ones go first.
 */
export class TokenCache<T> {
  readonly #entries = new Map<string, T>()
  readonly #max: number

  constructor(max: number = CACHED_TOKENS_MAX) {
    this.#max = max
  }

  static digest(token: string): string {
    return hash('sha256', token, 'base64')
  }

  get(digest: string): T | undefined {
    const entry = this.#entries.get(digest)
    if (entry === undefined) return undefined
    // A Map keeps the order of insertion, so this makes it the youngest.
    this.#entries.delete(digest)
    this.#entries.set(digest, entry)
    return entry
  }

  set(digest: string, entry: T): void {
    this.#entries.delete(digest)
    this.#entries.set(digest, entry)
    if (this.#entries.size <= this.#max) return
    const oldest = this.#entries.keys().next()
    if (oldest.done !== true) this.#entries.delete(oldest.value)
  }

  drop(digest: string): void {
    this.#entries.delete(digest)
  }

  get size(): number {
    return this.#entries.size
  }
}
