import { isObject, type JsonValue } from '../../../base/json.ts'
import type { Place, Walk } from './findings.ts'
import { isList, names, text, type Node } from './tree.ts'
import { optionOf } from './visit-utility.ts'

/** `RawParseMode` of an expression, and of assignments to `x`, `x.y` and `x.y.z` (PostgreSQL, parser.h). */
const EXPRESSION = 2
const ASSIGNMENTS_FROM = 3

/** Statements that run SQL which is put together at run time. */
const DYNAMIC = new Set(['PLpgSQL_stmt_dynexecute', 'PLpgSQL_stmt_dynfors'])

/** The code of a DO block or a function: SQL and PL/pgSQL are looked at, of other languages nothing can be said. */
export function visitBody(kind: string, node: Node, { place, walk }: { place: Place; walk: Walk }): void {
  const field = kind === 'DoStmt' ? 'args' : 'options'
  if (kind === 'DoStmt') walk.found.flags.add('do_block')
  const [language = kind === 'DoStmt' ? 'plpgsql' : 'sql'] = names(optionOf(node, field, 'language'))
  const [body] = names(optionOf(node, field, 'as'))
  // SQL of the standard's own form (BEGIN ATOMIC) is part of the tree.
  if (body === undefined) return
  if (language.toLowerCase() === 'sql') walk.visitSql(body, place)
  else if (language.toLowerCase() === 'plpgsql') visitBlock(body, place, walk)
  else walk.found.flags.add('code_opaque')
}

/**
 * As a function that returns rows, whatever it was: the header changes nothing of what is found. The quotes are ones that
 * the body does not have.
 */
function visitBlock(body: string, place: Place, walk: Walk): void {
  if (!walk.found.mayNest()) return
  let tag = 'body'
  while (body.includes(`$${tag}$`)) tag += 'x'
  const parsed = walk.engine.parseBodies(`DO $${tag}$${body}$${tag}$`)
  const retried =
    parsed.kind === 'tree'
      ? parsed
      : walk.engine.parseBodies(`CREATE FUNCTION f() RETURNS SETOF record LANGUAGE plpgsql AS $${tag}$${body}$${tag}$`)
  const last =
    retried.kind === 'tree'
      ? retried
      : walk.engine.parseBodies(`CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $${tag}$${body}$${tag}$`)
  if (last.kind === 'tree') visitCode(last.tree, place, walk)
  else walk.found.flags.add('code_opaque')
}

/** Every expression of the body, wherever it stands. */
function visitCode(value: JsonValue | undefined, outer: Place, walk: Walk): void {
  const place = { ...outer, level: outer.level + 1 }
  if (walk.found.refused !== '' || walk.found.isTooDeep(place)) return
  if (isList(value)) for (const item of value) visitCode(item, place, walk)
  if (!isObject(value)) return
  for (const field in value) {
    const inner = value[field]
    if (DYNAMIC.has(field) || field === 'dynquery') walk.found.flags.add('dynamic_sql')
    if (field === 'PLpgSQL_expr' && isObject(inner)) visitExpression(inner, place, walk)
    else visitCode(inner, place, walk)
  }
}

function visitExpression(node: Node, place: Place, walk: Walk): void {
  const query = text(node, 'query')
  const mode = node['parseMode']
  if (typeof mode === 'number' && mode >= ASSIGNMENTS_FROM) return visitAssignment(query, place, walk)
  walk.visitSql(mode === EXPRESSION ? `SELECT ${query}` : query, place)
}

/** `x[f(1)] := g(2)`: both sides may call something. The sides are found by trying, as subscripts may hold `=` too. */
function visitAssignment(query: string, place: Place, walk: Walk): void {
  for (const { index, 0: sign } of query.matchAll(/:?=/g)) {
    const sides = `SELECT ${query.slice(0, index)}, (${query.slice(index + sign.length)})`
    if (walk.engine.parse(sides).kind === 'tree') return walk.visitSql(sides, place)
    if (index > ASSIGNED_CHARACTERS_MAX) break
  }
  walk.found.flags.add('nested_unparsable')
}

/** A target this long is not looked for: each try is a parse. */
const ASSIGNED_CHARACTERS_MAX = 200
