import type { DatabaseSync } from 'node:sqlite'
import { inTransaction, openDatabase } from './open-database.ts'
import { SURROGATE_MIGRATIONS } from './surrogate-migrations.ts'

export const SURROGATE_FILE = 'surrogates.db'

/**
 * The database of surrogates. A file of its own: it is written with nearly every masked message, it may be thrown away
 * (every surrogate is unknown then, and refused), and what is erased from it must not linger.
 */
export class SurrogateDatabase implements Disposable {
  readonly database: DatabaseSync

  private constructor(database: DatabaseSync) {
    this.database = database
  }

  /** Opens `surrogates.db` in the data folder, made if it is missing, for its owner only. Throws `config_invalid`. */
  static open(dataFolder: string): SurrogateDatabase {
    // A row that a power cut takes is an unknown surrogate, and refused; no value goes where it must not.
    const file = { name: SURROGATE_FILE, migrations: SURROGATE_MIGRATIONS, synchronous: 'NORMAL' } as const
    return new SurrogateDatabase(openDatabase(dataFolder, file))
  }

  transaction<T>(work: () => T): T {
    return inTransaction(this.database, work)
  }

  /**
   * Writes everything from the write-ahead log to its place and empties the log: until then the log still has the pages
   * that were there before something was erased. Where somebody reads just now, it happens the next time.
   */
  emptyLog(): void {
    this.database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  }

  close(): void {
    this.database.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}
