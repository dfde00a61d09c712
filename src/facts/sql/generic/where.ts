import { isObject, stringifyJson, type JsonValue } from '../../../base/json.ts'
import type { SqlWhere } from '../../facts.ts'
import { child, nameOf, unwrap, type Node } from './tree.ts'

interface Found {
  readonly kind: string
  readonly node: Node
}

/** How much a condition narrows; `never` is certainly false. What looks at no column holds for all rows or none. */
type Strength = 'tautology' | 'weak' | 'ok' | 'never'

const OPPOSITES: Readonly<Record<string, string>> = { eq: 'neq', neq: 'eq', lt: 'gte', gte: 'lt', gt: 'lte', lte: 'gt' }
const REFLEXIVE = new Set(['eq', 'gte', 'lte', 'like', 'null_safe_eq', 'is'])

/** Of the condition of an UPDATE or DELETE; undefined where it has none. */
export function whereOf(condition: JsonValue | undefined): Exclude<SqlWhere, 'n/a'> {
  if (condition === undefined || condition === null) return 'none'
  const strength = strengthOf(condition, false)
  return strength === 'never' ? 'ok' : strength
}

function strengthOf(value: JsonValue | undefined, isNegated: boolean): Strength {
  const found = unwrap(value)
  if (found === undefined) return 'ok'
  const { kind, node } = found
  const truth = truthOf(value)
  if (truth !== undefined) return truth === isNegated ? 'never' : 'tautology'
  if (kind === 'paren' || kind === 'annotated' || kind === 'cast') return strengthOf(node['this'], isNegated)
  if (kind === 'not') return strengthOf(node['this'], !isNegated)
  if (kind === 'and' || kind === 'or') return ofArms({ kind, node }, isNegated)
  if (kind === 'exists') return ofExists(node, isNegated)
  if (!hasColumn(value)) return 'tautology'
  return ofTest({ kind, node }, isNegated)
}

/** De Morgan: NOT turns every arm around, and AND into OR. */
function ofArms(condition: Found, isNegated: boolean): Strength {
  const tests = armsOf(condition)
  const arms = tests.map((test) => strengthOf(test, isNegated))
  if ((condition.kind === 'and') === isNegated) return eitherOf(tests, arms)
  if (arms.includes('never')) return 'never'
  if (arms.every((arm) => arm === 'tautology')) return 'tautology'
  return arms.includes('ok') ? 'ok' : 'weak'
}

/** `a OR (b OR c)` has three arms. */
function armsOf({ kind, node }: Found): (JsonValue | undefined)[] {
  return [node['left'], node['right']].flatMap((side) => {
    const inner = unwrap(bare(side))
    return inner?.kind === kind ? armsOf(inner) : [side]
  })
}

function eitherOf(tests: readonly (JsonValue | undefined)[], arms: readonly Strength[]): Strength {
  if (arms.includes('tautology')) return 'tautology'
  const written = new Set(tests.map((test) => testKey(test, false)))
  if (tests.some((test) => written.has(testKey(test, true)))) return 'tautology'
  if (arms.includes('weak')) return 'weak'
  return arms.every((arm) => arm === 'never') ? 'never' : 'ok'
}

/** A plain test, or its opposite: `x = 1 OR x <> 1` and `x IS NULL OR x IS NOT NULL` are always true. */
function testKey(value: JsonValue | undefined, isOpposite: boolean): string {
  const { kind = '', node = {} } = unwrap(bare(value)) ?? {}
  if (kind === 'not') return testKey(node['this'], !isOpposite)
  if (kind === 'is_null') return `${(node['not'] === true) === isOpposite} null ${keyOf(node['this'])}`
  const opposite = OPPOSITES[kind]
  const name = isOpposite ? opposite : kind
  if (opposite === undefined || name === undefined) return isOpposite ? '' : ' '
  return `${keyOf(node['left'])} ${name} ${keyOf(node['right'])}`
}

function bare(value: JsonValue | undefined): JsonValue | undefined {
  const found = unwrap(value)
  return found?.kind === 'paren' ? bare(found.node['this']) : value
}

/** EXISTS over a query without a condition holds for every row as soon as the other table has any. */
function ofExists(node: Node, isNegated: boolean): Strength {
  const select = unwrap(node['this'])
  if (select?.kind !== 'select') return 'weak'
  const where = whereOf(child(select.node, 'where_clause')?.['this'])
  const isAlwaysTrue = where === 'none' || where === 'tautology'
  return isAlwaysTrue && (node['not'] === true) === isNegated ? 'weak' : 'ok'
}

function ofTest({ kind, node }: Found, isNegated: boolean): Strength {
  const isTurned = (node['not'] === true) !== isNegated
  if (kind === 'is_null') return isTurned ? 'weak' : 'ok'
  if (kind === 'in') return ofIn(node, isTurned)
  if (kind === 'between') return ofBetween(node, isTurned)
  if (kind === 'like' && isAnyText(node['right'])) return isNegated ? 'never' : 'weak'
  if (areSame(node['left'], node['right'])) return ofItself(kind, isNegated)
  return MAY_BE_CONSTANT.has(kind) ? 'weak' : 'ok'
}

function ofItself(kind: string, isNegated: boolean): Strength {
  return REFLEXIVE.has(kind) !== isNegated ? 'tautology' : 'never'
}

function ofBetween(node: Node, isTurned: boolean): Strength {
  return !isTurned && areSame(node['this'], node['low'], node['high']) ? 'tautology' : 'ok'
}

/** Expressions that may be true for every row though they look at a column. */
const MAY_BE_CONSTANT = new Set(['coalesce', 'if_null', 'case', 'if_func'])

/** `id IN (id, 1)` is always true, and `id IN (SELECT id FROM t)` nearly so. */
function ofIn(node: Node, isTurned: boolean): Strength {
  if (isTurned) return 'ok'
  const items = Array.isArray(node['expressions']) ? node['expressions'] : []
  const own = keyOf(node['this'])
  if (items.some((item: JsonValue) => keyOf(item) === own)) return 'tautology'
  const query = unwrap(node['query'])
  return query?.kind === 'select' && whereOf(child(query.node, 'where_clause')?.['this']) === 'none' ? 'weak' : 'ok'
}

function isAnyText(value: JsonValue | undefined): boolean {
  const literal = unwrap(value)
  return literal?.kind === 'literal' && /^%+$/.test(nameOf(literal.node['value']))
}

function areSame(...sides: readonly (JsonValue | undefined)[]): boolean {
  const keys = sides.map((side) => keyOf(bare(side)))
  return keys[0] !== '' && keys.every((key) => key === keys[0])
}

/** Of a constant of any spelling; undefined for what is no constant, and for NULL. Text counts by the number it begins with. */
function truthOf(value: JsonValue | undefined): boolean | undefined {
  const found = unwrap(value)
  if (found?.kind === 'boolean') return found.node['value'] === true
  if (found?.kind !== 'literal') return undefined
  const text = nameOf(found.node['value'])
  const number = Number.parseFloat(text)
  return /^\s*(true|t|yes|on)\s*$/i.test(text) || (!Number.isNaN(number) && number !== 0)
}

/** A variable is no column, though the parser takes it for one. */
export function hasColumn(value: JsonValue | undefined): boolean {
  if (Array.isArray(value)) return value.some((item: JsonValue) => hasColumn(item))
  if (!isObject(value)) return false
  if ('join_mark' in value) return !nameOf(value['name']).startsWith('@')
  return Object.values(value).some((part) => hasColumn(part))
}

const NOISE = new Set([
  'span',
  'trailing_comments',
  'leading_comments',
  'left_comments',
  'operator_comments',
  'quoted',
  'comments',
])

/** The same for the same expression, wherever it stands; names in small letters. */
export function keyOf(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return ''
  if (Array.isArray(value)) return `[${value.map((item: JsonValue) => keyOf(item)).join()}]`
  if (!isObject(value)) return typeof value === 'string' ? value.toLowerCase() : stringifyJson(value)
  const parts = Object.entries(value).filter(([field, part]) => !NOISE.has(field) && part !== null)
  return `{${parts.map(([field, part]) => `${field}:${keyOf(part)}`).join()}}`
}
