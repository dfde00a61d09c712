import { isHarmlessSetting } from './catalogs.ts'
import type { Engine } from './engine.ts'
import type { Place, Walk } from './findings.ts'
import { classOf, functionName, runsSql } from './function-classes.ts'
import { list, names, stringOf, type Node } from './tree.ts'

/** A call of a function: its name, its class, and the SQL in its arguments where it runs any. */
export function visitCall(node: Node, place: Place, walk: Walk): void {
  const { found } = walk
  const name = functionName(names(list(node, 'funcname')))
  found.functions.add(name)
  const flag = name === 'current_setting' ? flagOfSetting(node) : classOf(name)
  if (flag !== undefined) found.flags.add(flag)
  if (runsSql(name)) visitSqlOf(node, place, walk)
  walk.visitParts(node, place, ['funcname'])
}

function flagOfSetting(node: Node): string | undefined {
  const setting = stringOf(list(node, 'args')[0])
  return setting !== undefined && isHarmlessSetting(setting) ? undefined : 'fn:setting'
}

/** Other strings among the arguments (a connection, a name space) are no SQL: one of them has to be. */
function visitSqlOf(node: Node, place: Place, walk: Walk): void {
  const texts = list(node, 'args').map(stringOf)
  const sql = texts.filter((text) => text !== undefined && isSql(text, walk.engine))
  if (sql.length === 0) walk.found.flags.add(texts.includes(undefined) ? 'dynamic_sql' : 'nested_unparsable')
  for (const text of sql) if (text !== undefined) walk.visitSql(text, place)
}

function isSql(text: string, engine: Engine): boolean {
  const parsed = engine.parse(text)
  return parsed.kind === 'tree' && list(parsed.tree, 'stmts').length > 0
}
