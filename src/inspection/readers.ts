// Inspection: reads what stands in the arguments of calls. Short texts are read where the call is; long ones in a thread
// with a deadline, for no text may hold up other calls (guardrails.md, 2.3). What is not read in time counts as unreadable.
import type { Dialect } from '../facts/facts.ts'
import type { SqlReader } from '../facts/reader.ts'
import type { SqlReaders } from '../facts/read-facts.ts'
import { loadPostgresReader } from '../facts/sql/postgres/read-postgres.ts'
import type { ConnectionFacts } from '../policy/rule.ts'

/** Loads the parsers that these connections need; those of other dialects cost nothing. Rejects where one is not installed. */
export async function loadReaders(connections: readonly ConnectionFacts[]): Promise<SqlReaders> {
  const dialects = new Set(connections.flatMap(dialectsOf))
  return new Map(await Promise.all([...dialects].map(async (dialect) => [dialect, await loadReader(dialect)] as const)))
}

/**
 * SQL inside of commands is read where it is PostgreSQL's. That of other clients needs the larger parser, which is not worth
 * its memory for a shell: it is read where some connection speaks that dialect anyway, and is unreadable elsewhere.
 */
function dialectsOf({ inspection }: ConnectionFacts): Dialect[] {
  const kinds = new Set(inspection?.inspectors.map(({ kind }) => kind))
  return [
    ...(inspection?.dialect === undefined ? [] : [inspection.dialect]),
    ...(kinds.has('shell') ? (['postgresql'] as const) : []),
  ]
}

/** Loads the parser of one dialect. */
export async function loadReader(dialect: Dialect): Promise<SqlReader> {
  if (dialect === 'postgresql') return loadPostgresReader()
  const { loadSqlReader } = await import('../facts/sql/generic/read-generic.ts')
  return loadSqlReader(dialect)
}
