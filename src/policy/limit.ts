import type { RuleId } from '../base/ids.ts'
import { DAY_MS, parseBytes, parseDuration, SECOND_MS } from '../base/units.ts'
import { suggest } from './mistake.ts'

export const LIMIT_KINDS = ['calls', 'result_bytes', 'concurrent', 'masked_entities'] as const
export type LimitKind = (typeof LIMIT_KINDS)[number]

/**
 * What is counted apart. Callers make sessions and names of tools as they please, and some the name of their client, so
 * these bound somebody only beside `identity`.
 */
export const LIMIT_BY = ['identity', 'connection', 'tool', 'session', 'client'] as const
export type LimitBy = (typeof LIMIT_BY)[number]

/** One limit as written; nothing of it has been looked at. */
export interface LimitEntry {
  readonly calls?: unknown
  /** `50MB`, `50MiB` or bytes. */
  readonly result_bytes?: unknown
  readonly concurrent?: unknown
  readonly masked_entities?: unknown
  readonly per?: unknown
  readonly burst?: unknown
  readonly by?: unknown
}

/**
 * One limit. As a bucket: it holds `burst`, and `amount` flow back in `perMs` milliseconds, all the time and not at the end
 * of it. So a window sees `burst` and `amount` at most. A limit on what runs at the same time has no time: `perMs` is 0.
 */
export interface LimitSpec {
  readonly kind: LimitKind
  readonly amount: number
  readonly perMs: number
  readonly burst: number
  /** In the order of LIMIT_BY, without duplicates, never empty. */
  readonly by: readonly LimitBy[]
}

/** A limit where it stands: `index` is its place in the list of the rule. */
export interface LimitOf {
  readonly rule: RuleId
  readonly index: number
  readonly spec: LimitSpec
}

export interface WrongLimit {
  readonly kind: 'wrong'
  /** Which key of the entry. */
  readonly key: string
  readonly message: string
  readonly hint: string
}

/** Exact in a double, with room for a fraction of one. */
const AMOUNT_MAX = 1e12
/** Below, the bucket is never seen to be anything but full. */
const PER_MS_MIN = SECOND_MS
/** Longer, and what somebody did before stands against them for ever. */
const PER_MS_MAX = 366 * DAY_MS

/** Reads one limit of a rule, or says what is wrong with it. */
export function compileLimit(entry: LimitEntry): LimitSpec | WrongLimit {
  const kinds = LIMIT_KINDS.filter((kind) => entry[kind] !== undefined)
  const [kind, second] = kinds
  if (kind === undefined)
    return wrong('', `a limit needs one of ${LIMIT_KINDS.join(', ')}`, 'such as { calls: 120, per: 1m }')
  if (second !== undefined)
    return wrong(second, `a limit is about one thing, and this has ${kinds.join(' and ')}`, 'make two of it')
  const by = compileBy(entry.by)
  if (isWrong(by)) return by
  const amount = compileAmount(kind, kind, entry[kind])
  if (isWrong(amount)) return amount
  return kind === 'concurrent' ? compileConcurrent(entry, amount, by) : compileRate(kind, entry, { amount, by })
}

/** What flows back over time. */
function compileRate(
  kind: Exclude<LimitKind, 'concurrent'>,
  entry: LimitEntry,
  { amount, by }: Pick<LimitSpec, 'amount' | 'by'>,
): LimitSpec | WrongLimit {
  const perMs = compilePer(entry.per)
  if (isWrong(perMs)) return perMs
  const burst = entry.burst === undefined ? amount : compileAmount(kind, 'burst', entry.burst)
  return isWrong(burst) ? burst : { kind, amount, perMs, burst, by }
}

function compileConcurrent(entry: LimitEntry, amount: number, by: readonly LimitBy[]): LimitSpec | WrongLimit {
  for (const key of ['per', 'burst'] as const) {
    if (entry[key] !== undefined)
      return wrong(key, `"concurrent" is about one moment and has no "${key}"`, 'leave it out')
  }
  return { kind: 'concurrent', amount, perMs: 0, burst: amount, by }
}

function compileAmount(kind: LimitKind, key: string, given: unknown): number | WrongLimit {
  const amount = kind === 'result_bytes' && typeof given === 'string' ? parseBytes(given) : given
  if (typeof amount === 'number' && Number.isInteger(amount) && amount >= 1 && amount <= AMOUNT_MAX) return amount
  if (kind === 'result_bytes')
    return wrong(key, `this is no amount of data${shown(given)}`, 'such as 50MB, 512KiB or a number of bytes')
  const hint = given === 0 ? 'to allow none, write a rule with effect: deny' : 'such as 120'
  return wrong(key, `this must be a whole number, 1 or more${shown(given)}`, hint)
}

function compilePer(given: unknown): number | WrongLimit {
  if (given === undefined)
    return wrong('', '"per" is missing', 'the time in which the amount flows back, such as per: 1m')
  const perMs = typeof given === 'string' ? parseDuration(given) : undefined
  if (perMs === undefined)
    return wrong('per', `this is no duration${shown(given)}`, 'a number and s, m, h or d, such as 1m')
  if (perMs < PER_MS_MIN) return wrong('per', 'this is too short for a limit', 'at least 1s')
  if (perMs > PER_MS_MAX) return wrong('per', 'this is too long for a limit', 'at most 366d')
  return perMs
}

function compileBy(given: unknown): readonly LimitBy[] | WrongLimit {
  if (given === undefined) return ['identity']
  if (!Array.isArray(given) || given.length === 0)
    return wrong('by', '"by" must be a list and not empty', `of ${LIMIT_BY.join(', ')}`)
  const names: unknown[] = given
  const strange = names.find((name) => !LIMIT_BY.some((known) => known === name))
  if (strange === 'group')
    return wrong('by', 'nothing is counted by group', 'write one rule for each group, with match: { groups: [...] }')
  if (strange !== undefined) return wrong('by', `nothing is counted by this${shown(strange)}`, hintFor(strange))
  if (new Set(names).size < names.length) return wrong('by', 'this names something twice', 'name each once')
  return LIMIT_BY.filter((known) => names.includes(known))
}

function hintFor(strange: unknown): string {
  const near = typeof strange === 'string' ? suggest(strange, LIMIT_BY) : undefined
  return near ?? `known here: ${LIMIT_BY.join(', ')}`
}

function shown(given: unknown): string {
  return typeof given === 'string' || typeof given === 'number' ? `: "${given}"` : ''
}

function wrong(key: string, message: string, hint: string): WrongLimit {
  return { kind: 'wrong', key, message, hint }
}

function isWrong(value: unknown): value is WrongLimit {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'wrong'
}
