import { chmodSync, closeSync, constants, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { GatewayError } from '../../base/assert.ts'
import { MIGRATIONS } from './migrations.ts'

/** Milliseconds to wait for a lock: a command beside the running gateway holds it for one small transaction. */
const BUSY_MS = 5_000

/** The database of what is configured and remembered: credentials (encrypted) and whose session is whose. No recording is in it. */
export class ControlDatabase implements Disposable {
  readonly database: DatabaseSync

  private constructor(database: DatabaseSync) {
    this.database = database
  }

  /** Opens `control.db` in the data folder, made if it is missing, for its owner only. Throws `config_invalid`. */
  static open(dataFolder: string): ControlDatabase {
    const path = join(dataFolder, 'control.db')
    let database: DatabaseSync | undefined
    try {
      mkdirSync(dataFolder, { recursive: true, mode: 0o700 })
      makePrivate(path)
      database = new DatabaseSync(path, { timeout: BUSY_MS, enableForeignKeyConstraints: true })
      configure(database)
      migrate(database)
      return new ControlDatabase(database)
    } catch (cause) {
      database?.close()
      if (cause instanceof GatewayError) throw cause
      throw new GatewayError('config_invalid', `The control database ${path} cannot be opened.`, { cause })
    }
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

/** The file gets its rights before SQLite puts anything into it; -wal and -shm take theirs from it. */
function makePrivate(path: string): void {
  closeSync(openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600))
  chmodSync(path, 0o600)
}

function configure(database: DatabaseSync): void {
  database.exec('PRAGMA journal_mode = WAL')
  // A credential that was set, and a session that was bound, survive a power cut.
  database.exec('PRAGMA synchronous = FULL')
  // What is removed is overwritten, not just unlinked.
  database.exec('PRAGMA secure_delete = ON')
  // Functions in a schema that somebody else wrote do not run.
  database.exec('PRAGMA trusted_schema = OFF')
}

function migrate(database: DatabaseSync): void {
  inTransaction(database, () => {
    const version = versionOf(database)
    if (version > MIGRATIONS.length) {
      throw new GatewayError(
        'config_invalid',
        `control.db was written by a newer version (schema ${version}); upgrade first.`,
      )
    }
    for (const step of MIGRATIONS.slice(version)) database.exec(step)
    database.exec(`PRAGMA user_version = ${MIGRATIONS.length}`)
  })
}

function versionOf(database: DatabaseSync): number {
  const version = database.prepare('PRAGMA user_version').get()?.['user_version']
  return typeof version === 'number' ? version : 0
}

function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    database.exec('COMMIT')
    return result
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}
