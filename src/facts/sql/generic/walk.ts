import { isObject, type JsonObject, type JsonValue } from '../../../base/json.ts'
import { tableFlag } from './catalogs.ts'
import type { Findings } from './findings.ts'
import { CHANGE_KINDS, FIELDS, QUERY_KINDS } from './kinds.ts'
import type { GenericDialect } from './lexicon.ts'
import type { Spelled } from './spell.ts'
import { child, list, nameOf, unwrap, type Node } from './tree.ts'
import { whereOf } from './where.ts'

export interface Walk {
  readonly found: Findings
  readonly dialect: GenericDialect
  readonly names: Spelled['names']
  /** Planned, not run: what it changes is only looked at. */
  readonly isPlanned: boolean
}

const CHANGES = new Set(['insert', 'update', 'delete', 'merge'])

/** Names that WITH defines around a node, innermost first. */
interface Scope {
  readonly names: ReadonlySet<string>
  readonly outer: Scope | undefined
}

/** Notes the tables, columns and conditions of one statement, and every kind of node that no query is made of. */
export function walkTree(tree: JsonObject, walk: Walk): void {
  const statement = unwrap(tree)
  if (statement === undefined) return walk.found.addUnknown('unknown_node')
  walk.found.kinds.add(statement.kind)
  new Walker(walk, CHANGE_KINDS.has(statement.kind)).visit(tree, undefined)
}

class Walker {
  readonly #walk: Walk
  readonly #isChange: boolean

  constructor(walk: Walk, isChange: boolean) {
    this.#walk = walk
    this.#isChange = isChange
  }

  visit(value: JsonValue | undefined, scope: Scope | undefined): void {
    if (Array.isArray(value)) return value.forEach((item: JsonValue) => this.visit(item, scope))
    if (!isObject(value)) return
    this.#checkKind(value)
    if ('join_mark' in value) return this.#column(value)
    if (isTable(value)) return this.#table(value, scope)
    this.#node(value, scope)
  }

  #node(value: Node, scope: Scope | undefined): void {
    const found = unwrap(value)
    if (found?.kind === 'star') this.#walk.found.columnsRead.add('*')
    if (found !== undefined && CHANGES.has(found.kind)) return this.#change(found.kind, found.node, scope)
    this.#into(value)
    this.#parts(value, this.#scopeOf(value, scope), ['into'])
  }

  /** `SELECT … INTO t`; a variable is no table. */
  #into(node: Node): void {
    const target = unwrap(child(node, 'into')?.['this'])
    if (target !== undefined && isTable(target.node) && !nameOf(target.node['name']).startsWith('@')) {
      this.#table(target.node, undefined, true)
    }
  }

  #parts(node: Node, scope: Scope | undefined, done: readonly string[] = []): void {
    for (const field in node) if (field !== 'with' && !done.includes(field)) this.visit(node[field], scope)
  }

  /** An object with one field is a node in its wrapper, and its kind must be known. */
  #checkKind(value: Node): void {
    const found = unwrap(value)
    if (found === undefined || FIELDS.has(found.kind) || QUERY_KINDS.has(found.kind)) return
    if (this.#isChange && CHANGE_KINDS.has(found.kind)) return
    if (!isObject(value[found.kind]) && !Array.isArray(value[found.kind])) return
    this.#walk.found.addUnknown(`unknown_node:${found.kind}`)
  }

  /** `WITH a AS (…)`: inside of its own query the name is the table, but for RECURSIVE and the dialects without that word. */
  #scopeOf(node: Node, outer: Scope | undefined): Scope | undefined {
    const clause = child(node, 'with')
    if (clause === undefined) return outer
    const { dialect } = this.#walk
    const isRecursive = clause['recursive'] === true || dialect === 'tsql' || dialect === 'sqlite'
    const names = new Set<string>()
    const scope: Scope = { names, outer }
    for (const cte of list(clause, 'ctes')) {
      if (!isObject(cte)) continue
      const name = nameOf(cte['alias']).toLowerCase()
      if (isRecursive) names.add(name)
      this.visit(cte['this'], { names: new Set(names), outer })
      names.add(name)
    }
    return scope
  }

  #column(node: Node): void {
    const name = this.#nameOf(node['name'])
    if (!name.startsWith('@')) this.#walk.found.columnsRead.add(name)
  }

  #table(node: Node, scope: Scope | undefined, isWritten = false): void {
    const { found, dialect, isPlanned } = this.#walk
    const parts = [node['catalog'], node['schema'], node['name']].map((part) => this.#nameOf(part))
    const name = parts.filter((part) => part !== '').join('.')
    this.#parts(node, scope, ['catalog', 'schema', 'name', 'alias', 'column_aliases'])
    if (isWritten && !isPlanned) found.tablesWritten.add(name)
    else if (!isDefined(scope, name)) found.tablesRead.add(name)
    const flag = tableFlag(name, dialect)
    if (flag !== undefined) found.flags.add(flag)
  }

  #nameOf(value: JsonValue | undefined): string {
    const name = nameOf(value)
    return (this.#walk.names.get(name) ?? name).toLowerCase()
  }

  #change(kind: string, node: Node, outer: Scope | undefined): void {
    const scope = this.#scopeOf(node, outer)
    const targets = targetsOf(kind, node)
    for (const target of targets) this.#table(target, undefined, true)
    if (!this.#walk.isPlanned && (kind === 'update' || kind === 'delete')) {
      this.#walk.found.addWhere(whereOf(child(node, 'where_clause')?.['this']))
    }
    for (const column of writtenColumns(kind, node)) {
      const name = this.#nameOf(column)
      this.#walk.found.columnsWritten.add(name.slice(name.lastIndexOf('.') + 1))
    }
    this.#parts(node, scope, [
      'table',
      'columns',
      'alias',
      ...(kind === 'merge' ? ['this'] : []),
      ...(kind === 'delete' ? ['tables'] : []),
    ])
  }
}

function isTable(node: Node): boolean {
  return isObject(node['name']) && 'schema' in node && 'catalog' in node
}

function isDefined(scope: Scope | undefined, name: string): boolean {
  for (let inner = scope; inner !== undefined; inner = inner.outer) if (inner.names.has(name)) return true
  return false
}

/** An alias that stands for the table it names: `UPDATE u SET … FROM users u`, `DELETE u FROM users u`. */
function targetsOf(kind: string, node: Node): Node[] {
  const main = kind === 'merge' ? unwrap(node['this'])?.node : child(node, 'table')
  const sources = [
    ...list(child(node, 'from_clause') ?? {}, 'expressions'),
    ...list(node, 'from_joins'),
    ...list(node, 'joins'),
  ]
  const aliased = main === undefined ? [] : [{ ...main, alias: node['alias'] ?? main['alias'] ?? null }]
  const tables = [...aliased, ...sources.flatMap((source) => sourceTables(source))]
  const named = [...(main === undefined ? [] : [main]), ...list(node, 'tables').filter(isObject)]
  if (kind === 'update')
    named.push(...list(node, 'extra_tables').filter(isObject), ...list(node, 'table_joins').flatMap(sourceTables))
  return named.map((table) => tables.find((source) => isAliasOf(table, source)) ?? table)
}

function sourceTables(source: JsonValue): Node[] {
  const node = isObject(source) && 'kind' in source ? unwrap(source['this']) : unwrap(source)
  return node !== undefined && isTable(node.node) ? [node.node] : []
}

function isAliasOf(table: Node, source: Node | undefined): boolean {
  const alias = nameOf(source?.['alias']).toLowerCase()
  return alias !== '' && alias === nameOf(table['name']).toLowerCase()
}

function writtenColumns(kind: string, node: Node): JsonValue[] {
  if (kind === 'insert') return [...list(node, 'columns')]
  if (kind !== 'update') return []
  return list(node, 'set').flatMap((pair) => (Array.isArray(pair) && pair[0] !== undefined ? [pair[0]] : []))
}
