import type { LogoutRows } from '../../session/logouts.ts'
import { numberAt, textAt } from './columns.ts'
import type { ControlDatabase } from './control.ts'

/** Logouts, in control.db. */
export class SqliteLogoutRows implements LogoutRows {
  readonly #control: ControlDatabase

  constructor(control: ControlDatabase) {
    this.#control = control
  }

  load(): readonly { readonly key: string; readonly atMs: number }[] {
    const rows = this.#control.database.prepare('SELECT key, at_ms FROM logout').all()
    return rows.map((row) => ({ key: textAt(row, 'key'), atMs: numberAt(row, 'at_ms') }))
  }

  save(key: string, atMs: number): void {
    this.#control.database.prepare('INSERT OR REPLACE INTO logout (key, at_ms) VALUES (?, ?)').run(key, atMs)
  }

  expire(beforeMs: number): void {
    this.#control.database.prepare('DELETE FROM logout WHERE at_ms < ?').run(beforeMs)
  }
}
