import { NO_SQL, type SqlFacts, worseWhere } from '../facts.ts'

/**
 * Facts of several texts of one call as one: whatever holds for any of them holds for the call, and what is good has to
 * hold for all. Two texts with a statement each are no `multi_statement`: nothing was hidden behind a semicolon.
 */
export function mergeSql(all: readonly SqlFacts[]): SqlFacts {
  const present = all.filter((facts) => facts.present)
  const [first, ...more] = present
  if (first === undefined) return NO_SQL
  if (more.length === 0) return first
  return {
    ...lists(present),
    present: true,
    parsed: present.every((facts) => facts.parsed),
    error: present.find((facts) => facts.error !== '')?.error ?? '',
    dialect: first.dialect,
    parser: first.parser,
    fingerprint: fingerprintOf(present),
    statements: present.reduce((sum, facts) => sum + facts.statements, 0),
    where: present.map((facts) => facts.where).reduce(worseWhere),
    has_limit: present.every((facts) => facts.has_limit),
    limit: Math.max(...present.map((facts) => facts.limit)),
  }
}

type Lists = Pick<
  SqlFacts,
  'kinds' | 'verbs' | 'tables_read' | 'tables_written' | 'columns_read' | 'columns_written' | 'functions' | 'flags'
>

function lists(all: readonly SqlFacts[]): Lists {
  return {
    kinds: union(all.map((facts) => facts.kinds)),
    verbs: union(all.map((facts) => facts.verbs)),
    tables_read: union(all.map((facts) => facts.tables_read)),
    tables_written: union(all.map((facts) => facts.tables_written)),
    columns_read: union(all.map((facts) => facts.columns_read)),
    columns_written: union(all.map((facts) => facts.columns_written)),
    functions: union(all.map((facts) => facts.functions)),
    flags: union(all.map((facts) => facts.flags)),
  }
}

function union<T extends string>(all: readonly (readonly T[])[]): T[] {
  return [...new Set(all.flat())].toSorted()
}

/** Several texts have one only together; a text without one leaves the whole without. */
function fingerprintOf(all: readonly SqlFacts[]): string {
  const each = all.map((facts) => facts.fingerprint)
  return each.includes('') ? '' : each.join(' ')
}
