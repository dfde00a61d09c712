import type { AuditLog, Entry } from '../audit/log.ts'

/** What was refused at the door, and from where. */
export interface RefusedToken {
  readonly address: string
  readonly reason: string
  readonly connection: string
}

/**
 * Records refused tokens. The first of an address and reason is durable before it is answered; its repeats are counted into
 * one record each interval, so that a flood cannot fill the disk (audit.md, 3.3).
 */
export class RefusedTokens {
  readonly #audit: AuditLog
  readonly #entry: (refused: RefusedToken, repeats: number) => Entry<'auth'>
  readonly #repeats = new Map<string, { readonly refused: RefusedToken; count: number }>()
  readonly #keysMax: number

  constructor(audit: AuditLog, entry: (refused: RefusedToken, repeats: number) => Entry<'auth'>, keysMax: number) {
    this.#audit = audit
    this.#entry = entry
    this.#keysMax = keysMax
  }

  /** Resolves when the answer may go out. */
  async record(refused: RefusedToken): Promise<void> {
    const key = `${refused.address}\0${refused.reason}\0${refused.connection}`
    const known = this.#repeats.get(key)
    if (known !== undefined) {
      known.count += 1
      return
    }
    // With very many addresses at once, what does not fit is recorded at once, each: slower, never unrecorded.
    if (this.#repeats.size < this.#keysMax) this.#repeats.set(key, { refused, count: 0 })
    await this.#audit.append(this.#entry(refused, 1))
  }

  /** Writes what was counted since the last time; to be called each interval and before the log closes. */
  async flush(): Promise<void> {
    const counted = [...this.#repeats.values()].filter(({ count }) => count > 0)
    this.#repeats.clear()
    await Promise.all(counted.map(({ refused, count }) => this.#audit.append(this.#entry(refused, count))))
  }
}
