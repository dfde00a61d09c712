// The coarse question of the vectors: would a rule that lets only reads through stop this?
import type { SqlFacts } from '../../src/facts/facts.ts'

const FLAGS = new Set(['select_into', 'row_lock', 'nested_unparsable', 'code_opaque', 'dynamic_sql'])

/** At least one of: not parsed, no statement, several, a verb other than `read` and `tx`, a flag that a read does not have. */
export function isStoppedSql(facts: SqlFacts): boolean {
  return (
    !facts.parsed ||
    facts.statements !== 1 ||
    facts.verbs.some((verb) => verb !== 'read' && verb !== 'tx') ||
    facts.flags.some((flag) => flag.startsWith('fn:') || FLAGS.has(flag))
  )
}
