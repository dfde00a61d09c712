import type { JsonValue } from '../../../base/json.ts'
import { as, child, isList, list, names, tableName, text, unwrap, type Node, type Wrapped } from './tree.ts'
import { isFolding } from './function-classes.ts'
import { whereOf } from './where.ts'

/** Largest number of rows that a query gives back by its own LIMIT; undefined where none is written as a number. */
export function limitOf(select: Node): number | undefined {
  const own = constantLimit(select)
  if (own !== undefined || !isSetOperation(select)) return own
  // Chains lean to the left, so most answers are found at the first look.
  const right = limitOf(child(select, 'rarg'))
  const left = right === undefined ? undefined : limitOf(child(select, 'larg'))
  return left === undefined || right === undefined ? undefined : left + right
}

/**
 * Whether a query gives back whole tables: it reads one without a WHERE that narrows, without a LIMIT, and without folding
 * the rows into values (`count`, `sum`, … with or without GROUP BY; `json_agg` and the like keep all of them). Tables
 * behind a sub-select or a name of WITH count as well. A join condition, DISTINCT and TABLESAMPLE bound nothing.
 */
export function isUnbounded(select: Node, outer?: Names): boolean {
  if (limitOf(select) !== undefined) return false
  const known = withNames(select, outer)
  if (isSetOperation(select)) {
    return isUnbounded(child(select, 'larg'), known) || isUnbounded(child(select, 'rarg'), known)
  }
  const where = whereOf(select['whereClause'])
  if (where === 'ok' || where === 'weak' || isFolded(select)) return false
  return list(select, 'fromClause').some((item) => givesAll(item, known))
}

/** Whether what a name of WITH stands for is unbounded. */
type Names = ReadonlyMap<string, boolean>

function withNames(select: Node, outer: Names | undefined): Names | undefined {
  const ctes = list(child(select, 'withClause'), 'ctes')
  if (ctes.length === 0) return outer
  const known = new Map(outer)
  for (const value of ctes) {
    const cte = as('CommonTableExpr', value) ?? {}
    const query = as('SelectStmt', cte['ctequery'])
    known.set(text(cte, 'ctename'), query !== undefined && isUnbounded(query, known))
  }
  return known
}

function givesAll(item: JsonValue | undefined, known: Names | undefined): boolean {
  const { kind = '', node = {} } = unwrap(item) ?? {}
  switch (kind) {
    case 'RangeVar':
      return known?.get(tableName(node)) ?? true
    case 'JoinExpr':
      return givesAll(node['larg'], known) || givesAll(node['rarg'], known)
    case 'RangeSubselect':
      return isUnbounded(as('SelectStmt', node['subquery']) ?? {}, known)
    case 'RangeTableSample':
      return givesAll(node['relation'], known)
    default:
      return false
  }
}

function isFolded(select: Node): boolean {
  const calls = list(select, 'targetList').map((target) => callsIn(as('ResTarget', target)?.['val']))
  return calls.some((call) => call.folds) && !calls.some((call) => call.gathers)
}

interface Calls {
  readonly folds: boolean
  readonly gathers: boolean
}

const NO_CALLS: Calls = { folds: false, gathers: false }
const GATHERING = /(^|_)(agg|agg_strict|agg_unique|agg_unique_strict)$|^xmlagg$/

/** Aggregates of this query, not of a sub-select's and not of a window's. */
function callsIn(value: JsonValue | undefined): Calls {
  if (isList(value)) return eitherOf(value.map(callsIn))
  const found = unwrap(value)
  if (found === undefined || found.kind === 'SubLink') return NO_CALLS
  return eitherOf([ownCall(found), ...Object.values(found.node).map(callsIn)])
}

function ownCall({ kind, node }: Wrapped): Calls {
  if (kind === 'JsonArrayAgg' || kind === 'JsonObjectAgg') return { folds: false, gathers: true }
  if (kind !== 'FuncCall' || node['over'] !== undefined) return NO_CALLS
  const name = names(list(node, 'funcname'))
  return { folds: isFolding(name), gathers: GATHERING.test(name.at(-1) ?? '') }
}

function eitherOf(calls: readonly Calls[]): Calls {
  return { folds: calls.some(({ folds }) => folds), gathers: calls.some(({ gathers }) => gathers) }
}

function isSetOperation(select: Node): boolean {
  return text(select, 'op') !== 'SETOP_NONE' && text(select, 'op') !== ''
}

/** WITH TIES may give any number of rows, and a limit that is computed, or handed in, may be NULL, which is none. */
function constantLimit(select: Node): number | undefined {
  if (text(select, 'limitOption') === 'LIMIT_OPTION_WITH_TIES') return undefined
  const constant = as('A_Const', select['limitCount'])
  if (constant === undefined || constant['isnull'] === true) return undefined
  const written =
    'ival' in constant ? (child(constant, 'ival')['ival'] ?? 0) : Number(text(child(constant, 'fval'), 'fval'))
  return typeof written === 'number' && Number.isSafeInteger(written) && ('ival' in constant || 'fval' in constant)
    ? written
    : undefined
}
