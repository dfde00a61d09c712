import { isObject, type JsonValue } from '../../../base/json.ts'
import { foldingOf } from './functions.ts'
import { child, list, nameOf, unwrap, type Node } from './tree.ts'
import { whereOf } from './where.ts'

/** Largest number of rows that a query gives back by its own LIMIT, TOP or FETCH; undefined where none is a number. */
export function limitOf(query: JsonValue | undefined): number | undefined {
  const found = unwrap(query)
  if (found === undefined) return undefined
  const { kind, node } = found
  const own = numberIn(node['limit']) ?? numberIn(node['top']) ?? numberIn(child(node, 'fetch')?.['count'])
  if (own !== undefined) return isExact(node) ? own : undefined
  if (kind === 'subquery' || kind === 'paren') return limitOf(node['this'])
  if (kind !== 'union') return undefined
  const [left, right] = [limitOf(node['left']), limitOf(node['right'])]
  return left === undefined || right === undefined ? undefined : left + right
}

/** WITH TIES and PERCENT may give any number of rows. */
function isExact(node: Node): boolean {
  const parts = [child(node, 'top'), child(node, 'fetch')]
  return !parts.some((part) => part?.['with_ties'] === true || part?.['percent'] === true)
}

function numberIn(value: JsonValue | undefined): number | undefined {
  if (!isObject(value)) return undefined
  const inner = 'this' in value ? value['this'] : value
  const literal = unwrap(inner)
  if (literal?.kind === 'paren') return numberIn(literal.node['this'])
  const number = literal?.kind === 'literal' ? Number(nameOf(literal.node['value'])) : Number.NaN
  return Number.isSafeInteger(number) ? number : undefined
}

/**
 * Whether a query gives back whole tables: it reads one without a WHERE that narrows, without a LIMIT, and without folding
 * the rows into values. Tables behind a sub-select or a name of WITH count as well; a join condition bounds nothing.
 */
export function isUnbounded(query: JsonValue | undefined, names: Names = new Map()): boolean {
  const found = unwrap(query)
  if (found === undefined || limitOf(query) !== undefined) return false
  const { kind, node } = found
  const known = withNames(node, names)
  if (kind === 'select') return isUnboundedSelect(node, known)
  if (kind === 'subquery' || kind === 'paren') return isUnbounded(node['this'], known)
  return SET_OPERATIONS.has(kind) && (isUnbounded(node['left'], known) || isUnbounded(node['right'], known))
}

/** Whether what a name of WITH stands for is unbounded. */
type Names = ReadonlyMap<string, boolean>
const SET_OPERATIONS = new Set(['union', 'except', 'intersect'])

function isUnboundedSelect(node: Node, known: Names): boolean {
  const where = whereOf(child(node, 'where_clause')?.['this'])
  if (where === 'ok' || where === 'weak' || isFolded(list(node, 'expressions'))) return false
  return [...list(child(node, 'from') ?? {}, 'expressions'), ...joined(node)].some((item) => givesAll(item, known))
}

function joined(node: Node): (JsonValue | undefined)[] {
  return list(node, 'joins').map((join) => (isObject(join) ? join['this'] : undefined))
}

function withNames(node: Node, outer: Names): Names {
  const ctes = list(child(node, 'with') ?? {}, 'ctes')
  if (ctes.length === 0) return outer
  const known = new Map(outer)
  for (const cte of ctes)
    if (isObject(cte)) known.set(nameOf(cte['alias']).toLowerCase(), isUnbounded(cte['this'], known))
  return known
}

const AROUND_TABLES = new Set(['alias', 'table_sample', 'pivot', 'paren'])

function givesAll(item: JsonValue | undefined, known: Names): boolean {
  const { kind = '', node = {} } = unwrap(item) ?? {}
  if (kind === 'table') return isWholeTable(node, known)
  if (kind === 'subquery') return isUnbounded(item, known)
  if (AROUND_TABLES.has(kind)) return givesAll(node['this'], known)
  return kind === 'joined_table' && [node['left'], ...joined(node)].some((part) => givesAll(part, known))
}

function isWholeTable(node: Node, known: Names): boolean {
  const defined = node['schema'] === null ? known.get(nameOf(node['name']).toLowerCase()) : undefined
  return defined ?? true
}

function isFolded(expressions: readonly JsonValue[]): boolean {
  const folds = expressions.flatMap((expression) => [...foldsIn(expression)])
  return folds.includes('folds') && !folds.includes('gathers')
}

/** Aggregates of this query, not of a sub-select's and not of a window's. */
function foldsIn(value: JsonValue | undefined): Set<'folds' | 'gathers'> {
  const folds = new Set<'folds' | 'gathers'>()
  if (!isObject(value)) return folds
  const found = unwrap(value)
  if (found !== undefined && /^(subquery|select|exists|window_function)$/.test(found.kind)) return folds
  const names = found === undefined ? [] : [found.kind, nameOf(found.node['name']).toLowerCase()]
  for (const name of names) {
    const folding = foldingOf(name)
    if (folding !== undefined) folds.add(folding)
  }
  const parts = Object.keys(value).flatMap((field) => partsOf(value, field))
  for (const part of parts) for (const folding of foldsIn(part)) folds.add(folding)
  return folds
}

function partsOf(node: Node, field: string): readonly JsonValue[] {
  const part = node[field]
  return isObject(part) ? [part] : list(node, field)
}
