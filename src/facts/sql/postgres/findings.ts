import type { JsonValue } from '../../../base/json.ts'
import { DEPTH_MAX, type SqlVerb, type SqlWhere, worseWhere } from '../../facts.ts'
import type { Engine } from './engine.ts'
import type { Node } from './tree.ts'

/** Texts inside of texts (bodies of functions, SQL in strings), in all; each costs a parse of its own. */
const NESTED_TEXTS_MAX = 1_000
/** Levels of the tree. A chain such as `a || b || c` is one level for each operator; the stack bears several thousand. */
const NODE_DEPTH_MAX = 1_000

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
  /** Names under which whole rows can be read: `SELECT u FROM users u` is every column of users. */
  readonly rows = new Set<string>()
  where: SqlWhere = 'n/a'
  /** A limit that was passed; from then on nothing is looked at any more. */
  refused = ''
  #nestedTexts = 0

  addWhere(where: SqlWhere): void {
    this.where = worseWhere(this.where, where)
  }

  /** Whether another text inside of this one may be parsed. */
  mayNest(): boolean {
    this.#nestedTexts += 1
    if (this.#nestedTexts > NESTED_TEXTS_MAX) this.refused = `more than ${NESTED_TEXTS_MAX} texts inside of the text`
    return this.refused === ''
  }

  isTooDeep({ depth, level }: Place): boolean {
    if (depth > DEPTH_MAX) this.refused = `statements are nested more than ${DEPTH_MAX} deep`
    if (level > NODE_DEPTH_MAX) this.refused = `expressions are nested more than ${NODE_DEPTH_MAX} deep`
    return this.refused !== ''
  }
}

/** Where in the tree a node stands. */
export interface Place {
  /** Statements around it, and texts. */
  readonly depth: number
  /** Nodes around it. */
  readonly level: number
  /** Names that WITH defines here, innermost first. */
  readonly scope: Scope | undefined
  /** A table that stands here is changed, not read. */
  readonly isWriting: boolean
  /** Inside of EXPLAIN without ANALYZE: planned, not run. */
  readonly isPlanned: boolean
}

export interface Scope {
  readonly name: string
  readonly outer: Scope | undefined
}

export const TOP: Place = { depth: 0, level: 0, scope: undefined, isWriting: false, isPlanned: false }

export function isDefined(scope: Scope | undefined, name: string): boolean {
  for (let at = scope; at !== undefined; at = at.outer) if (at.name === name) return true
  return false
}

/** What a rule for one kind of node is handed: where to write, and how to go on with what the node holds. */
export interface Walk {
  readonly found: Findings
  readonly engine: Engine
  /** A node, a list of them, or anything else of the tree. */
  visit(value: JsonValue | undefined, place: Place): void
  /** All fields of a node but the named ones. */
  visitParts(node: Node, place: Place, done?: readonly string[]): void
  /** SQL in a string or in the body of a function. */
  visitSql(sql: string, place: Place): void
}
