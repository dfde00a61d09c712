import type { StatementSync } from 'node:sqlite'
import { numberAt, type Row, textAt } from './columns.ts'
import type { ControlDatabase } from './control.ts'

/** The policy that is to be tried beside the one in force. */
export interface ShadowRow {
  /** Of this trial: another one of the same file is another one. */
  readonly id: string
  readonly path: string
  readonly setMs: number
  /** Of the file as a gateway reads it; undefined until one did. */
  readonly version: string | undefined
  /** Why nothing is compared. */
  readonly trouble: string | undefined
  /** Decisions that were made by both. */
  readonly compared: number
}

/** How often both came to different ends, by what came out, what would have, and which rule of the tried one said so. */
export interface ShadowDiffRow {
  readonly from: string
  readonly to: string
  readonly rule: string
  readonly count: number
  readonly firstMs: number
  readonly lastMs: number
  /** Of the newest: who called what. */
  readonly example: {
    readonly principal: string
    readonly connection: string
    readonly method: string
    readonly target: string
  }
}

export interface ShadowCountsRow {
  readonly compared: number
  readonly diffs: readonly ShadowDiffRow[]
}

/**
 * The trial of a policy, in control.db: the command line sets and ends it, the gateway counts. What a gateway says of a
 * trial that was ended meanwhile is dropped.
 */
export class SqliteShadowRows {
  readonly #control: ControlDatabase
  readonly #find: StatementSync
  readonly #read: StatementSync
  readonly #add: StatementSync

  constructor(control: ControlDatabase) {
    const { database } = control
    this.#control = control
    this.#find = database.prepare('SELECT * FROM shadow_policy')
    this.#read = database.prepare('SELECT * FROM shadow_diff ORDER BY came_out, would, rule')
    this.#add = database.prepare(
      `INSERT INTO shadow_diff VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET count = count + excluded.count, last_ms = excluded.last_ms, principal = excluded.principal,
         connection = excluded.connection, method = excluded.method, target = excluded.target`,
    )
  }

  current(): ShadowRow | undefined {
    const row = this.#find.get()
    return row === undefined ? undefined : toRow(row)
  }

  diffs(): readonly ShadowDiffRow[] {
    return this.#read.all().map(toDiff)
  }

  /** Begins a trial; what was counted before is forgotten. */
  set({ id, path, setMs }: Pick<ShadowRow, 'id' | 'path' | 'setMs'>): void {
    this.#control.transaction(() => {
      this.#clear()
      const insert = this.#control.database.prepare(
        'INSERT INTO shadow_policy (one, id, path, set_ms, compared) VALUES (1, ?, ?, ?, 0)',
      )
      insert.run(id, path, setMs)
    })
  }

  /** Ends the trial and forgets what was counted; false where there is none. */
  stop(): boolean {
    return this.#control.transaction(() => this.#clear())
  }

  /** What the gateway made of the file. Counts of another version are forgotten. */
  loaded(id: string, version: string): void {
    this.#ofTrial(id, (row) => {
      if (row.version !== version)
        this.#control.database.exec('DELETE FROM shadow_diff; UPDATE shadow_policy SET compared = 0')
      this.#control.database.prepare('UPDATE shadow_policy SET version = ?, trouble = NULL').run(version)
    })
  }

  failed(id: string, trouble: string): void {
    this.#ofTrial(id, () => this.#control.database.prepare('UPDATE shadow_policy SET trouble = ?').run(trouble))
  }

  add(id: string, { compared, diffs }: ShadowCountsRow): void {
    this.#ofTrial(id, () => {
      this.#control.database.prepare('UPDATE shadow_policy SET compared = compared + ?').run(compared)
      for (const { from, to, rule, count, firstMs, lastMs, example } of diffs) {
        const { principal, connection, method, target } = example
        this.#add.run(from, to, rule, count, firstMs, lastMs, principal, connection, method, target)
      }
    })
  }

  #ofTrial(id: string, work: (row: ShadowRow) => void): void {
    this.#control.transaction(() => {
      const row = this.current()
      if (row?.id === id) work(row)
    })
  }

  #clear(): boolean {
    const { database } = this.#control
    database.exec('DELETE FROM shadow_diff')
    return database.prepare('DELETE FROM shadow_policy').run().changes !== 0
  }
}

function toRow(row: Row): ShadowRow {
  return {
    id: textAt(row, 'id'),
    path: textAt(row, 'path'),
    setMs: numberAt(row, 'set_ms'),
    version: row['version'] === null ? undefined : textAt(row, 'version'),
    trouble: row['trouble'] === null ? undefined : textAt(row, 'trouble'),
    compared: numberAt(row, 'compared'),
  }
}

function toDiff(row: Row): ShadowDiffRow {
  return {
    from: textAt(row, 'came_out'),
    to: textAt(row, 'would'),
    rule: textAt(row, 'rule'),
    count: numberAt(row, 'count'),
    firstMs: numberAt(row, 'first_ms'),
    lastMs: numberAt(row, 'last_ms'),
    example: {
      principal: textAt(row, 'principal'),
      connection: textAt(row, 'connection'),
      method: textAt(row, 'method'),
      target: textAt(row, 'target'),
    },
  }
}
