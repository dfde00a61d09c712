import type { JsonValue } from '../../../base/json.ts'
import type { SqlVerb } from '../../facts.ts'
import { visitBody } from './bodies.ts'
import { isHarmlessSetting } from './catalogs.ts'
import type { Findings, Place, Walk } from './findings.ts'
import { changesItsTables } from './statements.ts'
import { as, child, list, names, tableName, text, type Node } from './tree.ts'
import { visitCopy, visitExplain } from './visit-utility.ts'
import { whereOf } from './where.ts'

interface Statement {
  readonly kind: string
  readonly node: Node
  readonly verbs: readonly SqlVerb[]
}

/** One statement: what it does by its kind, what is particular to it, and what it holds. */
export function visitStatement({ kind, node, verbs }: Statement, outer: Place, walk: Walk): void {
  const { found } = walk
  found.kinds.add(kind)
  // EXPLAIN plans its statement; planning calls functions, which are flagged, but changes nothing.
  addVerbs(outer.isPlanned ? PLANNED : verbs, found)
  const place = visitWith(node, { ...outer, isWriting: changesItsTables(verbs) }, walk)
  switch (kind) {
    case 'SelectStmt':
      return visitSelect(node, place, walk)
    case 'InsertStmt':
    case 'UpdateStmt':
    case 'DeleteStmt':
    case 'MergeStmt':
      return visitChange(kind, node, { place, walk })
    case 'CreateTableAsStmt':
      return visitTarget(node, place, walk)
    case 'CopyStmt':
      return visitCopy(node, place, walk)
    case 'ExplainStmt':
      return visitExplain(node, place, walk)
    default:
      if (kind === 'DoStmt' || kind === 'CreateFunctionStmt') visitBody(kind, node, { place, walk })
      addFlags(kind, node, walk)
      walk.visitParts(node, place, ['withClause'])
  }
}

const PLANNED: readonly SqlVerb[] = ['read']

function addVerbs(verbs: readonly SqlVerb[], found: Findings): void {
  for (const verb of verbs) found.verbs.add(verb)
}

/**
 * The queries of a WITH, and the place of the statement that has it. A name is seen by what stands after it, and by all of
 * the WITH if that is RECURSIVE: in `WITH t AS (SELECT * FROM t) …` the inner t is a table.
 */
function visitWith(node: Node, place: Place, walk: Walk): Place {
  const clause = child(node, 'withClause')
  const isRecursive = clause['recursive'] === true
  if (isRecursive) walk.found.flags.add('recursive')
  const ctes = list(clause, 'ctes').map((value) => as('CommonTableExpr', value) ?? {})
  let scope = place.scope
  if (isRecursive) for (const cte of ctes) scope = { name: text(cte, 'ctename'), outer: scope }
  for (const cte of ctes) {
    if (list(cte, 'aliascolnames').length > 0) walk.found.columnsRead.add('*')
    walk.visitParts(cte, { ...place, scope, depth: place.depth + 1, isWriting: false }, ['aliascolnames'])
    scope = { name: text(cte, 'ctename'), outer: scope }
  }
  return { ...place, scope }
}

function visitSelect(node: Node, place: Place, walk: Walk): void {
  const into = child(child(node, 'intoClause'), 'rel')
  if (text(into, 'relname') !== '' && !place.isPlanned) {
    walk.found.verbs.add('ddl')
    walk.found.flags.add('select_into')
    walk.found.tablesWritten.add(tableName(into))
  }
  walk.visitParts(node, { ...place, isWriting: false }, ['withClause', 'intoClause'])
}

/** The target is changed, everything else is read. */
function visitChange(kind: string, node: Node, { place, walk }: { place: Place; walk: Walk }): void {
  const { found } = walk
  walk.visit(node['relation'], { ...place, isWriting: true })
  visitSource(node, { ...place, isWriting: false }, walk)
  if (place.isPlanned || found.refused !== '') return
  addColumnsWritten(kind, node, walk)
  if (kind === 'UpdateStmt' || kind === 'DeleteStmt') found.addWhere(whereOf(node['whereClause']))
  // A MERGE is bounded by what joins the two; its own words for it are told apart by nothing but a constant.
  if (kind === 'MergeStmt') found.addWhere(whereOf(node['joinCondition']))
}

/** The rows of `INSERT … VALUES` are written out, not read. */
function visitSource(node: Node, place: Place, walk: Walk): void {
  const source = as('SelectStmt', node['selectStmt']) ?? {}
  const isWritten = list(source, 'valuesLists').length > 0 && source['withClause'] === undefined
  if (isWritten) walk.visitParts(source, place)
  walk.visitParts(node, place, ['withClause', 'relation', isWritten ? 'selectStmt' : 'withClause'])
}

function addColumnsWritten(kind: string, node: Node, { found }: Walk): void {
  const merged = list(node, 'mergeWhenClauses').map((when) => as('MergeWhenClause', when) ?? {})
  const set = [
    ...list(child(node, 'onConflictClause'), 'targetList'),
    ...merged.flatMap((when) => list(when, 'targetList')),
  ]
  const own = kind === 'UpdateStmt' ? list(node, 'targetList') : list(node, 'cols')
  for (const name of [...own, ...set].map(nameOfTarget)) if (name !== '') found.columnsWritten.add(name)
  if (kind === 'InsertStmt' && own.length === 0) found.columnsWritten.add('*')
}

function nameOfTarget(value: JsonValue): string {
  return text(as('ResTarget', value) ?? {}, 'name')
}

/** CREATE TABLE AS, CREATE MATERIALIZED VIEW: the target is made, the query is read. */
function visitTarget(node: Node, place: Place, walk: Walk): void {
  walk.visit(child(node, 'into')['rel'], { ...place, isWriting: true })
  walk.visitParts(node, { ...place, isWriting: false }, ['into'])
}

function addFlags(kind: string, node: Node, { found }: Walk): void {
  const { flags } = found
  switch (kind) {
    case 'VariableSetStmt':
      return void flags.add(`set:${text(node, 'name').toLowerCase() || 'all'}`)
    case 'VariableShowStmt':
      if (!isHarmlessSetting(text(node, 'name'))) flags.add('fn:setting')
      return undefined
    case 'DropStmt':
      flags.add(`drop:${text(node, 'removeType')}`)
      for (const object of list(node, 'objects')) found.tablesWritten.add(nameOfObject(object))
      return undefined
    case 'TransactionStmt':
      // What another session prepared is carried out, or kept from everybody, under its name.
      if (/PREPARE/.test(text(node, 'kind'))) found.verbs.add('write')
      if (isReadWrite(node)) found.verbs.add('session')
      return undefined
    default:
      return addFlag(FLAGS.get(kind), flags)
  }
}

/** `BEGIN READ WRITE` overrides a session or role that was set to read only. */
function isReadWrite(transaction: Node): boolean {
  return list(transaction, 'options').some((value) => {
    const option = as('DefElem', value) ?? {}
    if (text(option, 'defname') !== 'transaction_read_only') return false
    return (child(as('A_Const', option['arg']) ?? {}, 'ival')['ival'] ?? 0) === 0
  })
}

const FLAGS: ReadonlyMap<string, string> = new Map([
  ['TruncateStmt', 'truncate'],
  ['CallStmt', 'call_procedure'],
  ['PrepareStmt', 'prepare'],
  ['ExecuteStmt', 'execute_prepared'],
  ['DeclareCursorStmt', 'cursor'],
  ['FetchStmt', 'cursor'],
])

function addFlag(flag: string | undefined, flags: Set<string>): void {
  if (flag !== undefined) flags.add(flag)
}

/** Tables are lists of names, types and functions nodes of their own. */
function nameOfObject(value: JsonValue): string {
  const items = as('List', value)
  if (items !== undefined) return names(list(items, 'items')).join('.')
  const object = as('ObjectWithArgs', value) ?? as('TypeName', value)
  if (object !== undefined) return names([...list(object, 'objname'), ...list(object, 'names')]).join('.')
  return names([value]).join('.')
}
