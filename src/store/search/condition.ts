import type { Aspect } from './aspects.ts'
import type { ColumnName } from './columns.ts'

/** A query over one partition, with its values looked up. */
export type Condition =
  | { readonly kind: 'every' | 'none' }
  | Words
  | ({ readonly kind: 'sets'; readonly aspect: Aspect } & Sets)
  | { readonly kind: 'range'; readonly column: ColumnName; readonly low: number; readonly high: number }
  | { readonly kind: 'and' | 'or'; readonly items: readonly Condition[] }
  | { readonly kind: 'not'; readonly item: Condition }

/** An expression of FTS5. */
export interface Words {
  readonly kind: 'words'
  readonly expression: string
}

/** One of these numbers of the dictionary. */
export interface Sets {
  readonly ids: readonly number[]
  /** 1 at each of them. */
  readonly has: Uint8Array
  /** The same for FTS5; undefined where they are too many for that. */
  readonly expression: string | undefined
}

export interface Compiled {
  readonly condition: Condition
  /** Where FTS5 alone can answer, what it is asked: the fastest way to the newest few. */
  readonly expression: string | undefined
}

/** FTS5 reads expressions by a parser with a stack of its own; what is deeper is answered without it. */
const EXPRESSION_DEPTH_MAX = 6

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

export function hasWords(condition: Condition): boolean {
  switch (condition.kind) {
    case 'words':
      return true
    case 'and':
    case 'or':
      return condition.items.some(hasWords)
    case 'not':
      return hasWords(condition.item)
    case 'every':
    case 'none':
    case 'sets':
    case 'range':
      return false
  }
}

/** Undefined where nothing can fit. */
export function compileCondition(condition: Condition): Compiled | undefined {
  if (condition.kind === 'none') return undefined
  const expression = expressionOf(condition, EXPRESSION_DEPTH_MAX)
  // Columns are counted faster than lists of words; where words are asked for, everything that FTS5 can answer goes along.
  if (!hasWords(condition)) return { condition, expression }
  if (expression !== undefined) return { condition: { kind: 'words', expression }, expression }
  return { condition: condition.kind === 'and' ? gathered(condition.items) : condition, expression }
}

function gathered(items: readonly Condition[]): Condition {
  const forWords = items.filter((item) => expressionOf(positive(item), EXPRESSION_DEPTH_MAX - 1) !== undefined)
  const expression = expressionOf({ kind: 'and', items: forWords }, EXPRESSION_DEPTH_MAX)
  if (expression === undefined) return { kind: 'and', items }
  return allOf([...items.filter((item) => !forWords.includes(item)), { kind: 'words', expression }])
}

function positive(item: Condition): Condition {
  return item.kind === 'not' ? item.item : item
}

/** What FTS5 is asked for the same; undefined where it cannot tell. It has no NOT by itself, only something without something. */
function expressionOf(condition: Condition, depth: number): string | undefined {
  switch (condition.kind) {
    case 'words':
    case 'sets':
      return condition.expression
    case 'or':
      return depth === 0 ? undefined : joined(condition.items, ' OR ', depth)
    case 'and':
      return depth === 0 ? undefined : without(condition.items, depth)
    case 'every':
    case 'none':
    case 'range':
    case 'not':
      return undefined
  }
}

function without(items: readonly Condition[], depth: number): string | undefined {
  const wanted = items.filter(({ kind }) => kind !== 'not')
  const unwanted = items.flatMap((item) => (item.kind === 'not' ? [item.item] : []))
  const [found, left] = [joined(wanted, ' AND ', depth), joined(unwanted, ' OR ', depth)]
  if (found === undefined || unwanted.length === 0) return found
  return left === undefined ? undefined : `(${found} NOT ${left})`
}

function joined(items: readonly Condition[], by: string, depth: number): string | undefined {
  const expressions = items.map((item) => expressionOf(item, depth - 1)).filter((one) => one !== undefined)
  return items.length === 0 || expressions.length < items.length ? undefined : `(${expressions.join(by)})`
}
