import { isSensitive } from './catalogs.ts'
import { isDefined, type Findings, type Place, type Walk } from './findings.ts'
import { isSafeOperator, isSafeSampling } from './function-classes.ts'
import { child, list, names, tableName, text, type Node } from './tree.ts'

interface At {
  readonly place: Place
  readonly walk: Walk
}

/** One part of a statement: tables, columns and operators are written down, and what it holds is looked at. */
export function visitPart(kind: string, node: Node, { place, walk }: At): void {
  const { found } = walk
  switch (kind) {
    case 'RangeVar':
      return addTable(node, place, found)
    case 'ColumnRef':
      return addColumn(names(list(node, 'fields')), found)
    case 'String':
    case 'A_Const':
    case 'TypeName':
      // A type may have code of its own behind it, as a view may; neither can be seen here.
      return undefined
    case 'SubLink':
    case 'RangeSubselect':
      addOperator(names(list(node, 'operName')), found)
      addNames(node, found)
      return walk.visitParts(node, { ...place, depth: place.depth + 1 }, ['operName', 'alias'])
    default:
      addSmallPart(kind, node, { place, walk })
      return walk.visitParts(node, place)
  }
}

function addSmallPart(kind: string, node: Node, { place, walk: { found } }: At): void {
  switch (kind) {
    case 'A_Expr':
      return addOperator(names(list(node, 'name')), found)
    case 'SortBy':
      return addOperator(names(list(node, 'useOp')), found)
    case 'RangeTableSample':
      if (!isSafeSampling(names(list(node, 'method')))) found.flags.add('fn:unknown')
      return undefined
    case 'LockingClause':
      if (!place.isPlanned) found.flags.add('row_lock')
      return undefined
    case 'A_Indirection':
      return addColumns(names(list(node, 'indirection')), found)
    case 'JoinExpr':
      addNames(node, found)
      return addColumns(names(list(node, 'usingClause')), found)
    default:
      return addNames(node, found)
  }
}

/** A table that is read or changed, unless it is a name of WITH: those have no schema, and are never changed. */
function addTable(node: Node, place: Place, found: Findings): void {
  const name = tableName(node)
  addNames(node, found)
  if (text(child(node, 'alias'), 'aliasname') === '') found.rows.add(text(node, 'relname'))
  if (!place.isWriting && !name.includes('.') && isDefined(place.scope, name)) return
  const tables = place.isWriting && !place.isPlanned ? found.tablesWritten : found.tablesRead
  tables.add(name)
  if (isSensitive(node)) found.flags.add('sensitive_catalog')
}

/** An alias names whole rows, and may give columns other names: then any of them may be meant by what is read. */
function addNames(node: Node, found: Findings): void {
  const alias = child(node, 'alias')
  const name = text(alias, 'aliasname')
  if (name !== '') found.rows.add(name)
  if (list(alias, 'colnames').length > 0) found.columnsRead.add('*')
}

/** The column alone, without its table: which table an alias stands for is not followed. */
function addColumn(parts: readonly string[], found: Findings): void {
  addColumns(parts.slice(-1), found)
}

function addColumns(columns: readonly string[], found: Findings): void {
  for (const column of columns) if (column !== '') found.columnsRead.add(column)
}

function addOperator(parts: readonly string[], found: Findings): void {
  if (parts.length > 0 && !isSafeOperator(parts)) found.flags.add('fn:unknown')
}
