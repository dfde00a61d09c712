import { isObject, type JsonValue } from '../../../base/json.ts'
import type { SqlWhere } from '../../facts.ts'
import { as, child, isList, keyOf, list, names, stringOf, text, unwrap, type Node, type Wrapped } from './tree.ts'

/**
 * How much a condition narrows. `never`: it is certainly false. `weak`: it holds for nearly every row, or for all of them
 * if another table has any. Whatever looks at no column holds for all rows or none, and counts as a tautology.
 */
type Strength = 'tautology' | 'weak' | 'ok' | 'never'

/** Operators whose opposite is another one, and those that hold between a value and itself. */
const OPPOSITES: ReadonlyMap<string, string> = new Map([
  ['=', '<>'],
  ['<>', '='],
  ['<', '>='],
  ['>=', '<'],
  ['>', '<='],
  ['<=', '>'],
])
const REFLEXIVE = new Set(['=', '>=', '<='])
/** `t`, `tr`, `true`, `y`, `yes`, `on`, `1`: what the server reads as a boolean. */
const TRUE = /^\s*(t|tr|tru|true|y|ye|yes|on|1)\s*$/i
const FALSE = /^\s*(f|fa|fal|fals|false|n|no|of|off|0)\s*$/i
/** LIKE, ILIKE and regular expressions, and patterns of theirs that fit any text. */
const MATCHING = /^~~?\*?$/
const ANY_TEXT = /^(%+|\^?(\.\*)?\$?)$/

/** Of the condition of an UPDATE or DELETE; undefined where it has none. */
export function whereOf(condition: JsonValue | undefined): Exclude<SqlWhere, 'n/a'> {
  if (condition === undefined) return 'none'
  const strength = strengthOf(condition, false)
  return strength === 'never' ? 'ok' : strength
}

function strengthOf(value: JsonValue | undefined, isNegated: boolean): Strength {
  const found = unwrap(value)
  if (found === undefined) return 'ok'
  const { kind, node } = found
  const truth = truthOf(kind, node)
  if (truth !== undefined) return truth === isNegated ? 'never' : 'tautology'
  if (kind === 'BoolExpr') return ofBoolean(node, isNegated)
  if (kind === 'TypeCast') return strengthOf(node['arg'], isNegated)
  if (kind === 'SubLink') return ofSubselect(node, isNegated)
  return columnsIn(value).size === 0 ? 'tautology' : ofTest(found, isNegated)
}

function ofTest({ kind, node }: Wrapped, isNegated: boolean): Strength {
  if (kind === 'A_Expr') return ofOperator(node, isNegated)
  if (kind === 'NullTest') return (text(node, 'nulltesttype') === 'IS_NOT_NULL') === isNegated ? 'ok' : 'weak'
  if (kind === 'BooleanTest') return ofBooleanTest(node, isNegated)
  return mayBeConstant(kind, node) ? 'weak' : 'ok'
}

/** The value of a constant of any spelling; undefined for what is no constant, and for NULL, which is neither. */
function truthOf(kind: string, node: Node): boolean | undefined {
  if (kind === 'TypeCast') {
    const inner = unwrap(node['arg'])
    return inner === undefined ? undefined : truthOf(inner.kind, inner.node)
  }
  if (kind !== 'A_Const') return undefined
  if ('boolval' in node) return child(node, 'boolval')['boolval'] === true
  if ('ival' in node) return (child(node, 'ival')['ival'] ?? 0) !== 0
  const written = stringOf({ A_Const: node }) ?? ''
  return TRUE.test(written) ? true : FALSE.test(written) ? false : undefined
}

/** De Morgan: NOT turns every arm around, and AND into OR. */
function ofBoolean(node: Node, isNegated: boolean): Strength {
  const op = text(node, 'boolop')
  const args = list(node, 'args')
  if (op === 'NOT_EXPR') return strengthOf(args[0], !isNegated)
  const arms = args.map((arg) => strengthOf(arg, isNegated))
  if ((op === 'AND_EXPR') === isNegated) return eitherOf(args, arms)
  if (arms.includes('never')) return 'never'
  if (arms.every((arm) => arm === 'tautology')) return 'tautology'
  return arms.includes('ok') ? 'ok' : 'weak'
}

function eitherOf(args: readonly JsonValue[], arms: readonly Strength[]): Strength {
  if (arms.includes('tautology')) return 'tautology'
  // Only of plain tests: keys of nested conditions would be made once for each level of them.
  const tests = args.filter((arg) => unwrap(arg)?.kind !== 'BoolExpr')
  const written = new Set(tests.map(keyOf))
  const opposite = args.some((arg) => oppositesOf(arg).some((key) => written.has(key)))
  if (opposite) return 'tautology'
  if (arms.includes('weak')) return 'weak'
  return arms.every((arm) => arm === 'never') ? 'never' : 'ok'
}

/** Keys of what holds where this does not: `x = 1 OR x <> 1` and `x IS NULL OR x IS NOT NULL` are always true. */
function oppositesOf(value: JsonValue): string[] {
  const negated = as('BoolExpr', value)
  if (negated !== undefined) {
    const [inner] = text(negated, 'boolop') === 'NOT_EXPR' ? list(negated, 'args') : []
    return inner === undefined || as('BoolExpr', inner) !== undefined ? [] : [keyOf(inner)]
  }
  const tested = as('NullTest', value)
  if (tested !== undefined && text(tested, 'nulltesttype') === 'IS_NULL') {
    return [keyOf({ NullTest: { ...tested, nulltesttype: 'IS_NOT_NULL' } })]
  }
  const compared = as('A_Expr', value)
  const other = compared === undefined ? undefined : OPPOSITES.get(operatorOf(compared))
  return other === undefined ? [] : [keyOf({ A_Expr: { ...compared, name: [{ String: { sval: other } }] } })]
}

function operatorOf(node: Node): string {
  return names(list(node, 'name')).join('.')
}

function ofOperator(node: Node, isNegated: boolean): Strength {
  const [left, right, kind] = [node['lexpr'], node['rexpr'], text(node, 'kind')]
  if (isSame(left, right)) return ofItself(kind, operatorOf(node), isNegated)
  if (kind === 'AEXPR_IN') return (operatorOf(node) === '=') !== isNegated && isAmong(left, right) ? 'tautology' : 'ok'
  const isNotNull = isNegated ? 'AEXPR_NOT_DISTINCT' : 'AEXPR_DISTINCT'
  if (kind.endsWith('DISTINCT')) return kind === isNotNull && isAnyNull([left, right]) ? 'weak' : 'ok'
  if (fitsAnyText(node)) return isNegated ? 'ok' : 'weak'
  // Such as `id < id + 1`: what it says is of the operator, not of the rows.
  return isSameSet(columnsIn(left), columnsIn(right)) ? 'weak' : 'ok'
}

function isAmong(value: JsonValue | undefined, items: JsonValue | undefined): boolean {
  return list(as('List', items) ?? {}, 'items').some((item) => isSame(item, value))
}

function isAnyNull(values: readonly (JsonValue | undefined)[]): boolean {
  return values.some((value) => as('A_Const', value)?.['isnull'] === true)
}

function fitsAnyText(node: Node): boolean {
  const pattern = MATCHING.test(operatorOf(node)) ? stringOf(node['rexpr']) : undefined
  return pattern !== undefined && ANY_TEXT.test(pattern)
}

/** The kinds are compared first: lists are long, and keys are whole texts. */
function isSame(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  return unwrap(a)?.kind === unwrap(b)?.kind && keyOf(a) === keyOf(b)
}

function ofItself(kind: string, operator: string, isNegated: boolean): Strength {
  const isEqual = kind === 'AEXPR_NOT_DISTINCT' || (kind !== 'AEXPR_DISTINCT' && REFLEXIVE.has(operator))
  return isEqual === isNegated ? 'never' : isEqual || isNegated ? 'tautology' : 'weak'
}

/** `id IN (SELECT id FROM t)` and `EXISTS (SELECT 1 FROM t)` hold for as many rows as `t` likes. */
function ofSubselect(node: Node, isNegated: boolean): Strength {
  const inner = as('SelectStmt', node['subselect']) ?? {}
  if (isNegated) return isEmpty(inner) ? 'tautology' : 'ok'
  if (list(inner, 'fromClause').length === 0) return ofValue(inner, text(node, 'subLinkType'))
  const narrows = inner['whereClause'] !== undefined && strengthOf(inner['whereClause'], false) === 'ok'
  return narrows || inner['havingClause'] !== undefined || inner['limitCount'] !== undefined ? 'ok' : 'weak'
}

/** A sub-select without a FROM says nothing of rows: `EXISTS (SELECT 1)`, `(SELECT true)`. */
function ofValue(inner: Node, linkType: string): Strength {
  if (linkType === 'EXISTS_SUBLINK') return inner['whereClause'] === undefined ? 'tautology' : 'weak'
  if (linkType !== 'EXPR_SUBLINK') return 'ok'
  return strengthOf(as('ResTarget', list(inner, 'targetList')[0])?.['val'], false)
}

/** A query that certainly has no rows, so that nothing is in it; without a FROM it has one or none for all rows alike. */
function isEmpty(select: Node): boolean {
  if (list(select, 'fromClause').length === 0) return columnsIn(select).size === 0
  return select['whereClause'] !== undefined && strengthOf(select['whereClause'], false) === 'never'
}

function ofBooleanTest(node: Node, isNegated: boolean): Strength {
  switch (text(node, 'booltesttype')) {
    case 'IS_TRUE':
    case 'IS_NOT_FALSE':
      return strengthOf(node['arg'], isNegated)
    case 'IS_FALSE':
    case 'IS_NOT_TRUE':
      return strengthOf(node['arg'], !isNegated)
    default:
      return 'weak'
  }
}

/** `coalesce(x, true)` and `CASE WHEN x THEN true ELSE true END`: a constant may be what comes out. */
function mayBeConstant(kind: string, node: Node): boolean {
  if (kind === 'CoalesceExpr' || kind === 'MinMaxExpr') return list(node, 'args').some(isTrue)
  if (kind !== 'CaseExpr') return false
  const results = list(node, 'args').map((when) => as('CaseWhen', when)?.['result'])
  return [...results, node['defresult']].some(isTrue)
}

function isTrue(value: JsonValue | undefined): boolean {
  const found = unwrap(value)
  return found !== undefined && truthOf(found.kind, found.node) === true
}

/** Columns that an expression looks at. A sub-select over tables counts as one of its own, since it looks at rows. */
function columnsIn(value: JsonValue | undefined, into = new Set<string>()): Set<string> {
  if (isList(value)) for (const item of value) columnsIn(item, into)
  if (!isObject(value)) return into
  const column = columnOf(unwrap(value))
  if (column !== undefined) return into.add(column)
  for (const field in value) columnsIn(value[field], into)
  return into
}

function columnOf(found: Wrapped | undefined): string | undefined {
  if (found?.kind === 'ColumnRef') return names(list(found.node, 'fields')).join('.')
  if (found?.kind === 'CurrentOfExpr') return 'CURRENT OF'
  return found?.kind === 'SelectStmt' && list(found.node, 'fromClause').length > 0 ? keyOf(found.node) : undefined
}

function isSameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size > 0 && a.size === b.size && [...a].every((item) => b.has(item))
}
