import type { Dialect } from '../facts/facts.ts'
import type { SqlReaders } from '../facts/read-facts.ts'
import { loadReader } from '../inspection/readers.ts'

/** What the SQL clients speak that a command can run: psql, mysql, mariadb, sqlite3. */
const SHELL_DIALECTS: readonly Dialect[] = ['postgresql', 'mysql', 'mariadb', 'sqlite']

/** Parsers of SQL inside of commands, as far as they are installed: what nobody reads is not parsed, and so refused. */
export async function loadShellReaders(): Promise<SqlReaders> {
  const loaded = await Promise.allSettled(
    SHELL_DIALECTS.map(async (dialect) => [dialect, await loadReader(dialect)] as const),
  )
  return new Map(loaded.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])))
}
