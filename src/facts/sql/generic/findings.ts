import { type SqlVerb, type SqlWhere, worseWhere } from '../../facts.ts'

/** Everything found in one text so far. Sets only grow, and `where` only gets worse. */
export class Findings {
  readonly kinds = new Set<string>()
  readonly verbs = new Set<SqlVerb>()
  readonly tablesRead = new Set<string>()
  readonly tablesWritten = new Set<string>()
  readonly columnsRead = new Set<string>()
  readonly columnsWritten = new Set<string>()
  readonly functions = new Set<string>()
  readonly flags = new Set<string>()
  /** Of each statement that gives rows to the caller: its LIMIT, or undefined. */
  readonly limits: (number | undefined)[] = []
  where: SqlWhere = 'n/a'
  /** Why the text could not be read whole. */
  refused = ''

  addWhere(where: SqlWhere): void {
    this.where = worseWhere(this.where, where)
  }

  addUnknown(flag: string): void {
    this.verbs.add('unknown')
    this.flags.add(flag)
  }
}
