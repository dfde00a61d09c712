/** What is saved of one bucket. Times are wall times in milliseconds, `fullMs` with a fraction. */
export interface LimitRow {
  /** Rule, place, kind and the values that are counted apart; holds ids of principals and names of tools. */
  readonly key: string
  /** When everything will have flowed back. */
  readonly fullMs: number
  /** In how many milliseconds one flows back. */
  readonly msPer: number
  readonly burst: number
  readonly savedMs: number
}

/** Where buckets survive a restart. Each method is one transaction, durable when it returns; throws GatewayError. */
export interface LimitRows {
  load(): readonly LimitRow[]
  /** Adds or replaces these, and removes some of those that were full before this time: at least as many as it adds. */
  save(rows: readonly LimitRow[], nowMs: number): void
}
