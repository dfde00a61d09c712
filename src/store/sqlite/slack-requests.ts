import type { ControlDatabase } from './control.ts'

/** Requests of Slack that were answered already, in control.db: one that is played again is known after a restart too. */
export class SqliteSlackRequests {
  readonly #control: ControlDatabase

  constructor(control: ControlDatabase) {
    this.#control = control
  }

  /** True for the first request with this signature. What came before `forgetMs` is refused for its age anyway. */
  isNew(signature: string, { nowMs, forgetMs }: { readonly nowMs: number; readonly forgetMs: number }): boolean {
    const { database } = this.#control
    return this.#control.transaction(() => {
      database.prepare('DELETE FROM slack_request WHERE at_ms < ?').run(forgetMs)
      const insert = 'INSERT INTO slack_request (signature, at_ms) VALUES (?, ?) ON CONFLICT DO NOTHING'
      return database.prepare(insert).run(signature, nowMs).changes === 1
    })
  }
}
