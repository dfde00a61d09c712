import type { DatabaseSync } from 'node:sqlite'
import type { Decided, Evidence, WitnessHeads } from '../../witness/witness.ts'
import type { LastHead, Verdict } from '../../witness/add-checkpoint.ts'
import { bytesAt, numberAt, textAt } from './columns.ts'
import { inTransaction, openDatabase } from './open-database.ts'

/** Kept for whoever looks into it; only the holder of a log's key can add to it. */
const EVIDENCE_MAX = 100

const MIGRATIONS = [
  `CREATE TABLE heads (origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL, note TEXT NOT NULL) STRICT, WITHOUT ROWID;
   CREATE TABLE evidence (id INTEGER PRIMARY KEY AUTOINCREMENT, seconds INTEGER NOT NULL, origin TEXT NOT NULL, why TEXT NOT NULL, request BLOB NOT NULL) STRICT;`,
]

/** State of a witness in `witness.db` of its own folder. What was kept survives a power cut (synchronous=FULL). */
export class SqliteWitnessHeads implements WitnessHeads, Disposable {
  readonly #database: DatabaseSync

  constructor(folder: string) {
    this.#database = openDatabase(folder, { name: 'witness.db', migrations: MIGRATIONS, synchronous: 'FULL' })
  }

  last(origin: string): LastHead | undefined {
    const row = this.#database.prepare('SELECT size, root, note FROM heads WHERE origin = ?').get(origin)
    return row && { size: numberAt(row, 'size'), root: bytesAt(row, 'root'), note: textAt(row, 'note') }
  }

  advance(origin: string, decide: (last: LastHead | undefined) => Decided): Verdict {
    return inTransaction(this.#database, () => {
      const { keep, verdict } = decide(this.last(origin))
      if (keep !== undefined)
        this.#database
          .prepare('INSERT OR REPLACE INTO heads (origin, size, root, note) VALUES (?, ?, ?, ?)')
          .run(origin, keep.size, keep.root, keep.note)
      return verdict
    })
  }

  keepEvidence({ origin, request, seconds, why }: Evidence): void {
    inTransaction(this.#database, () => {
      this.#database
        .prepare('INSERT INTO evidence (seconds, origin, why, request) VALUES (?, ?, ?, ?)')
        .run(seconds, origin, why, request)
      this.#database.prepare('DELETE FROM evidence WHERE id <= (SELECT max(id) FROM evidence) - ?').run(EVIDENCE_MAX)
    })
  }

  /** Newest first. */
  evidence(): readonly Evidence[] {
    const rows = this.#database.prepare('SELECT seconds, origin, why, request FROM evidence ORDER BY id DESC').all()
    return rows.map((row) => ({
      seconds: numberAt(row, 'seconds'),
      origin: textAt(row, 'origin'),
      why: textAt(row, 'why'),
      request: bytesAt(row, 'request'),
    }))
  }

  [Symbol.dispose](): void {
    this.#database.close()
  }
}
