import type { ShellVerb, SqlFacts } from '../facts.ts'
import type { Findings } from './findings.ts'

/** Flags of a SELECT that does more than read. */
const ACTIVE = new Set([
  'select_into',
  'row_lock',
  'nested_unparsable',
  'code_opaque',
  'dynamic_sql',
  'file_read',
  'file_write',
])

/** Adds SQL that a client would run: only what is read and nothing else counts as `read`. */
export function addSql(facts: SqlFacts, found: Findings): void {
  found.sql(facts)
  if (!facts.parsed) return found.verb('sql_unknown', 'unknown')
  const isActive = facts.flags.some((flag) => flag.startsWith('fn:') || ACTIVE.has(flag))
  if (isActive || facts.statements < 1 || facts.verbs.length === 0) found.verb('unknown')
  for (const verb of facts.verbs) found.verb(...verbsOf(verb))
  if (facts.flags.some((flag) => flag === 'truncate' || flag.startsWith('drop:'))) found.verb('delete')
}

function verbsOf(verb: SqlFacts['verbs'][number]): readonly ShellVerb[] {
  switch (verb) {
    case 'read':
    case 'tx':
      return ['read']
    case 'write':
    case 'ddl':
      return ['write']
    case 'admin':
    case 'code':
      return [verb]
    case 'session':
    case 'lock':
    case 'unknown':
      return ['unknown']
  }
}
