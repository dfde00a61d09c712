import { chmodSync, closeSync, constants, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { GatewayError } from '../../base/assert.ts'

/** Milliseconds to wait for a lock: a command beside the running gateway holds it for one small transaction. */
const BUSY_MS = 5_000

export interface DatabaseFile {
  /** Name of the file in the data folder. */
  readonly name: string
  /** The schema, one step per version. */
  readonly migrations: readonly string[]
  /** FULL: what was committed survives a power cut. NORMAL: the last transactions before one may be missing, whole. */
  readonly synchronous: 'FULL' | 'NORMAL'
}

/** Opens a database in the data folder, made if it is missing, for its owner only. Throws `config_invalid`. */
export function openDatabase(dataFolder: string, file: DatabaseFile): DatabaseSync {
  const path = join(dataFolder, file.name)
  let database: DatabaseSync | undefined
  try {
    mkdirSync(dataFolder, { recursive: true, mode: 0o700 })
    makePrivate(path)
    database = new DatabaseSync(path, { timeout: BUSY_MS, enableForeignKeyConstraints: true })
    configure(database, file)
    migrate(database, file)
    return database
  } catch (cause) {
    database?.close()
    if (cause instanceof GatewayError) throw cause
    throw new GatewayError('config_invalid', `The database ${path} cannot be opened.`, { cause })
  }
}

/** Runs `work` whole or not at all. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
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

/** The file gets its rights before SQLite puts anything into it; -wal and -shm take theirs from it. */
function makePrivate(path: string): void {
  closeSync(openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600))
  chmodSync(path, 0o600)
}

function configure(database: DatabaseSync, { synchronous }: DatabaseFile): void {
  database.exec('PRAGMA journal_mode = WAL')
  database.exec(`PRAGMA synchronous = ${synchronous}`)
  // What is removed is overwritten, not just unlinked.
  database.exec('PRAGMA secure_delete = ON')
  // Functions in a schema that somebody else wrote do not run.
  database.exec('PRAGMA trusted_schema = OFF')
}

function migrate(database: DatabaseSync, { name, migrations }: DatabaseFile): void {
  inTransaction(database, () => {
    const version = versionOf(database)
    if (version > migrations.length) {
      throw new GatewayError(
        'config_invalid',
        `${name} was written by a newer version (schema ${version}); upgrade first.`,
      )
    }
    for (const step of migrations.slice(version)) database.exec(step)
    database.exec(`PRAGMA user_version = ${migrations.length}`)
  })
}

function versionOf(database: DatabaseSync): number {
  const version = database.prepare('PRAGMA user_version').get()?.['user_version']
  return typeof version === 'number' ? version : 0
}
