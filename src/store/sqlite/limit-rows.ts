import type { StatementSync } from 'node:sqlite'
import type { LimitRow, LimitRows } from '../../limits/rows.ts'
import { damaged, numberAt, type Row, textAt } from './columns.ts'
import type { ControlDatabase } from './control.ts'

/** Rows removed with each save beside as many as it adds: old ones go even when nobody new comes. */
const REMOVED_MORE = 1_000

/** What is left of limits, in control.db. */
export class SqliteLimitRows implements LimitRows {
  readonly #control: ControlDatabase
  readonly #load: StatementSync
  readonly #save: StatementSync
  readonly #remove: StatementSync

  constructor(control: ControlDatabase) {
    const { database } = control
    this.#control = control
    this.#load = database.prepare('SELECT key, full_ms, ms_per, burst, saved_ms FROM limit_bucket')
    this.#save = database.prepare(
      'INSERT OR REPLACE INTO limit_bucket (key, full_ms, ms_per, burst, saved_ms) VALUES (?, ?, ?, ?, ?)',
    )
    this.#remove = database.prepare(
      'DELETE FROM limit_bucket WHERE key IN (SELECT key FROM limit_bucket WHERE full_ms <= ? LIMIT ?)',
    )
  }

  load(): readonly LimitRow[] {
    return this.#load.all().map(toRow)
  }

  save(rows: readonly LimitRow[], nowMs: number): void {
    this.#control.transaction(() => {
      for (const { key, fullMs, msPer, burst, savedMs } of rows) this.#save.run(key, fullMs, msPer, burst, savedMs)
      this.#remove.run(nowMs, rows.length + REMOVED_MORE)
    })
  }
}

function toRow(row: Row): LimitRow {
  return {
    key: textAt(row, 'key'),
    fullMs: numberAt(row, 'full_ms'),
    msPer: positiveAt(row, 'ms_per'),
    burst: positiveAt(row, 'burst'),
    savedMs: numberAt(row, 'saved_ms'),
  }
}

/** A bucket that flows back in no time, or into nothing, would not be a limit. */
function positiveAt(row: Row, column: string): number {
  const value = numberAt(row, column)
  if (!(value > 0 && Number.isFinite(value))) throw damaged(column)
  return value
}
