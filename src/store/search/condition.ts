import type { SQLInputValue } from 'node:sqlite'

/** A query over one partition, with its values looked up: what a full-text index answers, and what columns answer. */
export type Condition =
  | { readonly kind: 'every' }
  | { readonly kind: 'none' }
  /** An expression of FTS5. */
  | { readonly kind: 'match'; readonly expression: string }
  | { readonly kind: 'column'; readonly sql: string; readonly values: readonly SQLInputValue[] }
  | { readonly kind: 'and' | 'or'; readonly items: readonly Condition[] }
  | { readonly kind: 'not'; readonly item: Condition }

/** What a statement is made of: `match` goes to the index, `where` is tested on the rows it gives. */
export interface Compiled {
  readonly match: string | undefined
  readonly where: string | undefined
  readonly values: readonly SQLInputValue[]
}

/** Every row has this word, so that FTS5, which knows no NOT by itself, has something to take away from. */
const ALL = 'm : "all"'
/** FTS5 reads expressions by a parser with a stack of its own; what is deeper is answered by SQL. */
const MATCH_DEPTH_MAX = 6

export function allOf(items: readonly Condition[]): Condition {
  const kept = items.filter(({ kind }) => kind !== 'every')
  if (kept.some(({ kind }) => kind === 'none')) return { kind: 'none' }
  const [first = { kind: 'every' } as const] = kept
  return kept.length < 2 ? first : { kind: 'and', items: kept }
}

export function anyOf(items: readonly Condition[]): Condition {
  const kept = items.filter(({ kind }) => kind !== 'none')
  if (kept.some(({ kind }) => kind === 'every')) return { kind: 'every' }
  const [first = { kind: 'none' } as const] = kept
  return kept.length < 2 ? first : { kind: 'or', items: kept }
}

export function noneOf(item: Condition): Condition {
  if (item.kind === 'every') return { kind: 'none' }
  if (item.kind === 'none') return { kind: 'every' }
  return { kind: 'not', item }
}

/** Undefined where nothing can fit. */
export function compileCondition(condition: Condition): Compiled | undefined {
  if (condition.kind === 'none') return undefined
  if (condition.kind === 'every') return { match: undefined, where: undefined, values: [] }
  const items = condition.kind === 'and' ? condition.items : [condition]
  const indexed = items.filter((item) => isMatch(item, MATCH_DEPTH_MAX))
  const rest = items.filter((item) => !indexed.includes(item)).map(toSql)
  return {
    match: indexed.length === 0 ? undefined : matchOf({ kind: 'and', items: indexed }),
    where: rest.length === 0 ? undefined : rest.map(({ sql }) => sql).join(' AND '),
    values: rest.flatMap(({ values }) => values),
  }
}

function isMatch(condition: Condition, depth: number): boolean {
  switch (condition.kind) {
    case 'match':
    case 'every':
    case 'none':
      return condition.kind === 'match'
    case 'column':
      return false
    case 'not':
      return depth > 0 && isMatch(condition.item, depth - 1)
    case 'and':
    case 'or':
      return depth > 0 && condition.items.every((item) => isMatch(item, depth - 1))
  }
}

function matchOf(condition: Condition): string {
  switch (condition.kind) {
    case 'match':
      return condition.expression
    case 'or':
      return `(${condition.items.map(matchOf).join(' OR ')})`
    case 'not':
      return `(${ALL} NOT ${matchOf(condition.item)})`
    case 'and': {
      const wanted = condition.items.filter(({ kind }) => kind !== 'not').map(matchOf)
      const unwanted = condition.items.flatMap((item) => (item.kind === 'not' ? [matchOf(item.item)] : []))
      const found = wanted.length === 0 ? ALL : wanted.join(' AND ')
      return unwanted.length === 0 ? `(${found})` : `((${found}) NOT (${unwanted.join(' OR ')}))`
    }
    case 'every':
    case 'none':
    case 'column':
      return ALL
  }
}

interface Sql {
  readonly sql: string
  readonly values: readonly SQLInputValue[]
}

/** Never NULL, so that NOT is the opposite. */
function toSql(condition: Condition): Sql {
  if (isMatch(condition, MATCH_DEPTH_MAX))
    return { sql: 'ev.rid IN (SELECT rowid FROM ft WHERE ft MATCH ?)', values: [matchOf(condition)] }
  switch (condition.kind) {
    case 'column':
      return { sql: `ifnull(${condition.sql}, 0)`, values: condition.values }
    case 'not': {
      const { sql, values } = toSql(condition.item)
      return { sql: `NOT (${sql})`, values }
    }
    case 'and':
    case 'or': {
      const parts = condition.items.map(toSql)
      const between = condition.kind === 'and' ? ' AND ' : ' OR '
      return { sql: `(${parts.map(({ sql }) => sql).join(between)})`, values: parts.flatMap(({ values }) => values) }
    }
    case 'match':
    case 'every':
    case 'none':
      return { sql: condition.kind === 'none' ? '0' : '1', values: [] }
  }
}
