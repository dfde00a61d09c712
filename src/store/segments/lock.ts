import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { GatewayError } from '../../base/assert.ts'

const SQLITE_BUSY = 5

/**
 * One process for each data folder (audit.md, 6.1): Node has no `flock`, SQLite does. The kernel frees it when the process
 * ends, however it ends.
 */
export function lockFolder(folder: string): Disposable {
  const path = join(folder, 'lock.db')
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path)
    database.exec('PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE')
    const held = database
    return { [Symbol.dispose]: () => held.close() }
  } catch (cause) {
    database?.close()
    const busy = cause instanceof Error && 'errcode' in cause && cause.errcode === SQLITE_BUSY
    throw new GatewayError(
      'log_unavailable',
      busy
        ? `The data folder ${folder} is in use by another Sallyport process. Stop that one, or give this one a folder of its own.`
        : `The data folder ${folder} cannot be locked. Check that this user may write there.`,
      { cause },
    )
  }
}
