import type { JsonObject } from '../../../base/json.ts'
import { isUnbounded, limitOf } from './bounds.ts'
import { addCalls } from './calls.ts'
import type { Engine } from './engine.ts'
import type { Findings } from './findings.ts'
import type { GenericDialect } from './lexicon.ts'
import { readPragma, readShow } from './look.ts'
import { castNet, type Body } from './net.ts'
import { spell } from './spell.ts'
import { at, type Token } from './token.ts'
import { unwrap } from './tree.ts'
import { pathAt, readUtility } from './utility.ts'
import { walkTree } from './walk.ts'

/** How one text is read. */
export interface Reading {
  readonly dialect: GenericDialect
  readonly engine: Engine
  readonly found: Findings
}

/** Notes what one statement does. `isPlanned`: it stands behind EXPLAIN, and does not run. */
export function readStatement(tokens: readonly Token[], reading: Reading, isPlanned = false): void {
  const { dialect, found } = reading
  const start = startOf(tokens)
  const verb = at(tokens, start).upper
  if (isBody(tokens, verb, dialect)) return readBody({ tokens, verb, start }, reading, isPlanned)
  if (EXPLAINS[dialect]?.test(verb) === true) return readExplain(tokens, reading)
  if (dialect === 'sqlite' && verb === 'PRAGMA') return readPragma(tokens, found)
  const isShow = EXPLAINS[dialect] === MYSQL_EXPLAINS && verb === 'SHOW'
  addHarmfulCalls(tokens, { dialect, found, isShow })
  if (isShow) return readShow(tokens, found)
  readUtility(tokens, dialect, found)
}

const MYSQL_EXPLAINS = /^(EXPLAIN|DESCRIBE|DESC|ANALYZE)$/
const EXPLAINS: Readonly<Partial<Record<GenericDialect, RegExp>>> = {
  mysql: MYSQL_EXPLAINS,
  mariadb: MYSQL_EXPLAINS,
  sqlite: /^EXPLAIN$/,
}

/** Statements that the parser is asked about. */
function isBody(tokens: readonly Token[], verb: string, dialect: GenericDialect): boolean {
  if (verb === 'TABLE') return dialect === 'mysql' || dialect === 'mariadb'
  return BODIES.test(verb) && !isStatistics(tokens)
}

const BODIES = /^(SELECT|VALUES|INSERT|UPDATE|DELETE|MERGE|REPLACE)$/

/** Past opening brackets, and past `WITH a AS (…), b AS (…)`. */
function startOf(tokens: readonly Token[]): number {
  let index = 0
  while (at(tokens, index).upper === '(') index += 1
  if (at(tokens, index).upper !== 'WITH') return index
  const { depth } = at(tokens, index)
  const isVerb = (token: Token): boolean =>
    token.depth === depth && /^(SELECT|VALUES|INSERT|UPDATE|DELETE|MERGE|REPLACE|TABLE)$/.test(token.upper)
  for (let body = index + 1; body < tokens.length; body += 1) {
    const token = at(tokens, body)
    // `WITH a AS (…) (SELECT …)`
    if (isVerb(token)) return body
    if (token.upper === '(' && token.depth === depth && at(tokens, body - 1).upper === ')') return body + 1
  }
  return index
}

/** T-SQL. */
function isStatistics(tokens: readonly Token[]): boolean {
  return at(tokens, 0).upper === 'UPDATE' && at(tokens, 1).upper === 'STATISTICS'
}

const READING = /^(SELECT|VALUES|TABLE)$/
const READ_KINDS = /^(select|union|intersect|except|subquery|values|paren)$/

function readBody(body: Body, reading: Reading, isPlanned: boolean): void {
  const { dialect, engine, found } = reading
  const { sql, names } = spell(body.tokens, dialect)
  const tree = engine(sql)
  if (tree === undefined) {
    found.refused = `the parser cannot read the ${body.verb} statement`
    return
  }
  const kind = unwrap(tree)?.kind ?? ''
  const isRead = READING.test(body.verb)
  const fits = isRead ? READ_KINDS.test(kind) : kind === (body.verb === 'REPLACE' ? 'insert' : body.verb.toLowerCase())
  if (!fits) found.addUnknown(`unknown_node:${kind}`)
  found.verbs.add(isRead || isPlanned ? 'read' : 'write')
  castNet(isRead ? { ...body, verb: 'SELECT' } : body, dialect, found)
  addCalls(body.tokens, dialect, found)
  addAssignments(body, dialect, found)
  walkTree(tree, { found, dialect, names, isPlanned })
  if (!isPlanned) addBounds(tree, isRead, found)
}

/** `SELECT @x := 1` of MySQL and `SELECT @x = a FROM t` of T-SQL set a variable. */
function addAssignments({ tokens }: Body, dialect: GenericDialect, found: Findings): void {
  for (const [index, token] of tokens.entries()) {
    const isAssigned =
      token.upper === ':=' || (dialect === 'tsql' && token.upper === '=' && isSelectVariable(tokens, index - 1))
    if (isAssigned) found.verbs.add('session')
  }
}

function isSelectVariable(tokens: readonly Token[], index: number): boolean {
  return at(tokens, index).kind === 'variable' && /^(SELECT|,|DISTINCT)$/.test(at(tokens, index - 1).upper)
}

function addBounds(tree: JsonObject, isRead: boolean, found: Findings): void {
  const change = unwrap(tree)?.node ?? {}
  const hasOutput =
    (Array.isArray(change['returning']) && change['returning'].length > 0) || (change['output'] ?? null) !== null
  if (isRead) found.limits.push(limitOf(tree))
  else if (hasOutput) found.limits.push(undefined)
  if (isRead && isUnbounded(tree)) found.flags.add('unbounded_read')
}

/** Of statements without a tree only what is known to be harmful: types and definitions look like calls. Not so in SHOW. */
function addHarmfulCalls(
  tokens: readonly Token[],
  { dialect, found, isShow }: Omit<Reading, 'engine'> & { isShow: boolean },
): void {
  const wasUnknown = found.flags.has('fn:unknown')
  addCalls(tokens, dialect, found)
  if (!wasUnknown && !isShow) found.flags.delete('fn:unknown')
}

/** `EXPLAIN [ANALYZE] [FORMAT = x] statement`, `EXPLAIN QUERY PLAN statement`, `DESCRIBE t [column]`. */
function readExplain(tokens: readonly Token[], reading: Reading): void {
  const { found, dialect } = reading
  const start = optionsEnd(tokens, dialect)
  const isRun = tokens.slice(0, start).some(({ upper }) => upper === 'ANALYZE')
  const inner = tokens.slice(start)
  const isStatement = /^(SELECT|WITH|INSERT|UPDATE|DELETE|REPLACE|VALUES|TABLE|\()$/.test(
    at(inner, startOf(inner)).upper,
  )
  // `ANALYZE TABLE t` writes statistics, `ANALYZE SELECT …` of MariaDB runs the query.
  const isMaintenance = at(tokens, 0).upper === 'ANALYZE' && (!isStatement || at(inner, 0).upper === 'TABLE')
  if (isMaintenance) return readUtility(tokens, dialect, found)
  found.flags.add(isRun ? 'explain_analyze' : 'explain')
  found.kinds.add('explain')
  if (isStatement) return readStatement(inner, reading, !isRun)
  readDescribed(inner, found)
}

function optionsEnd(tokens: readonly Token[], dialect: GenericDialect): number {
  let index = 1
  for (;;) {
    const { upper } = at(tokens, index)
    if (upper === 'FORMAT' && at(tokens, index + 1).upper === '=') index += 3
    else if (/^(ANALYZE|EXTENDED|PARTITIONS)$/.test(upper)) index += 1
    else if (dialect === 'sqlite' && upper === 'QUERY' && at(tokens, index + 1).upper === 'PLAN') index += 2
    else return index
  }
}

/** `DESCRIBE t`, `DESCRIBE t 'col%'`, `EXPLAIN FOR CONNECTION 5`. */
function readDescribed(tokens: readonly Token[], found: Findings): void {
  if (at(tokens, 0).upper === 'FOR' && at(tokens, 1).upper === 'CONNECTION' && tokens.length === 3)
    return void found.verbs.add('read')
  const [name, end] = pathAt(tokens, 0)
  if (name === '' || tokens.length > end + 1) return found.addUnknown('unknown_statement')
  found.verbs.add('read')
  found.tablesRead.add(name)
}
