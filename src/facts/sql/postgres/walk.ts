import { isObject, type JsonObject, type JsonValue } from '../../../base/json.ts'
import { visitCall } from './calls.ts'
import type { Engine } from './engine.ts'
import type { Findings, Place, Walk } from './findings.ts'
import { visitPart } from './parts.ts'
import { visitStatement } from './visit-statement.ts'
import { PARTS, STATEMENTS } from './statements.ts'
import { isList, list, unwrap, type Node } from './tree.ts'

/** Fields that hold a bare node whose kind matters; other bare nodes are looked through. */
const BARE: ReadonlyMap<string, string> = new Map([
  ['larg', 'SelectStmt'],
  ['rarg', 'SelectStmt'],
  ['funccall', 'FuncCall'],
  ['setstmt', 'VariableSetStmt'],
])

/** Looks at everything in a parsed text, and writes down what it finds. */
export function walkTree(tree: JsonObject, place: Place, { found, engine }: { found: Findings; engine: Engine }): void {
  const walk: Walk = {
    found,
    engine,
    visit: (value, at) => visit(value, at, walk),
    visitParts: (node, at, done = []) => visitParts(node, at, { walk, done }),
    visitSql: (sql, at) => visitSql(sql, at, walk),
  }
  visitAll(tree, place, walk)
}

function visitAll(tree: JsonObject, place: Place, walk: Walk): void {
  for (const raw of list(tree, 'stmts')) if (isObject(raw)) walk.visit(raw['stmt'], place)
}

/** What the server would parse when it runs. A text that cannot be parsed may be anything. */
function visitSql(sql: string, place: Place, walk: Walk): void {
  const { found, engine } = walk
  const inside = { ...place, depth: place.depth + 1, scope: undefined, isWriting: false }
  if (found.isTooDeep(inside) || !found.mayNest()) return
  const parsed = engine.parse(sql)
  found.flags.add(parsed.kind === 'tree' ? 'nested_sql' : 'nested_unparsable')
  if (parsed.kind === 'tree') visitAll(parsed.tree, inside, walk)
}

function visit(value: JsonValue | undefined, place: Place, walk: Walk): void {
  if (isList(value)) for (const item of value) visit(item, place, walk)
  if (walk.found.refused !== '' || !isObject(value)) return
  const wrapped = unwrap(value)
  if (wrapped !== undefined) visitNode(wrapped.kind, wrapped.node, { place, walk })
  else if ('relname' in value) visitNode('RangeVar', value, { place, walk })
  else visitParts(value, place, { walk, done: [] })
}

function visitParts(node: Node, place: Place, { walk, done }: { walk: Walk; done: readonly string[] }): void {
  for (const field in node) {
    const value = node[field]
    if (typeof value !== 'object' || done.includes(field)) continue
    const kind = BARE.get(field)
    if (kind !== undefined && isObject(value) && unwrap(value) === undefined) visitNode(kind, value, { place, walk })
    else visit(value, place, walk)
  }
}

function visitNode(kind: string, node: Node, { place: outer, walk }: { place: Place; walk: Walk }): void {
  const place = { ...outer, level: outer.level + 1 }
  if (walk.found.isTooDeep(place)) return
  const verbs = STATEMENTS.get(kind)
  if (verbs !== undefined) return visitStatement({ kind, node, verbs }, place, walk)
  if (kind === 'FuncCall') return visitCall(node, place, walk)
  if (PARTS.has(kind)) return visitPart(kind, node, { place, walk })
  walk.found.kinds.add(kind)
  walk.found.verbs.add('unknown')
  visitParts(node, place, { walk, done: [] })
}
