import type { DatabaseSync } from 'node:sqlite'
import { MIGRATIONS } from './migrations.ts'
import { inTransaction, openDatabase } from './open-database.ts'

/** The database of what is configured and remembered: credentials (encrypted) and whose session is whose. No recording is in it. */
export class ControlDatabase implements Disposable {
  readonly database: DatabaseSync

  private constructor(database: DatabaseSync) {
    this.database = database
  }

  /** Opens `control.db` in the data folder, made if it is missing, for its owner only. Throws `config_invalid`. */
  static open(dataFolder: string): ControlDatabase {
    // A credential that was set, and a session that was bound, survive a power cut.
    const file = { name: 'control.db', migrations: MIGRATIONS, synchronous: 'FULL' } as const
    return new ControlDatabase(openDatabase(dataFolder, file))
  }

  /** Runs `work` whole or not at all; durable when it returns. */
  transaction<T>(work: () => T): T {
    return inTransaction(this.database, work)
  }

  close(): void {
    this.database.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}
