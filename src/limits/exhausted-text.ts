import { HOUR_MS, MINUTE_MS, printBytes, printDuration, SECOND_MS } from '../base/units.ts'
import type { LimitBy, LimitKind, LimitSpec } from '../policy/limit.ts'
import type { Exhausted } from './limits.ts'

/** What a caller reads who has used up a limit: which one, how much it is, and when to come back. */
export function exhaustedText(exhausted: Omit<Exhausted, 'kind'>): string {
  const { rule, spec } = exhausted
  return `Limit "${rule}": ${limitText(spec)}. ${whenOf(exhausted)}`
}

/** The limit itself in words: `120 calls per 1m for you`. */
export function limitText(spec: LimitSpec): string {
  const { kind, amount, perMs, burst, by } = spec
  if (kind === 'concurrent') return runningOf(spec)
  const atOnce = burst === amount ? '' : ` (at most ${amountOf(kind, burst)} at once)`
  return [`${amountOf(kind, amount)} per ${printDuration(perMs)}${atOnce}`, ...forWhom(by)].join(' ')
}

function runningOf({ amount, by }: LimitSpec): string {
  const calls = `${amount === 1 ? '1 call' : `${amount} calls`}${by.includes('identity') ? ' of yours' : ''}`
  const places = by.map((name) => PLACES[name]).filter((place) => place !== '')
  return [calls, amount === 1 ? 'is running' : 'are running', ...places].join(' ')
}

function amountOf(kind: Exclude<LimitKind, 'concurrent'>, amount: number): string {
  switch (kind) {
    case 'calls':
      return amount === 1 ? '1 call' : `${amount} calls`
    case 'result_bytes':
      return `${printBytes(amount)} of results`
    case 'masked_entities':
      return `${amount} masked values`
  }
}

const PLACES: Readonly<Record<LimitBy, string>> = {
  identity: '',
  connection: 'on this connection',
  tool: 'with this tool',
  session: 'in this session',
  client: 'through this client',
}

function forWhom(by: readonly LimitBy[]): string[] {
  // A session is one person's; whatever else stands there without an identity is shared.
  const who = by.includes('identity') ? 'for you' : by.includes('session') ? '' : 'for everybody together'
  return [who, ...by.map((name) => PLACES[name])].filter((part) => part !== '')
}

function whenOf({ spec, retryAfterMs }: Omit<Exhausted, 'kind'>): string {
  if (spec.kind === 'concurrent') return 'Try again when one is done.'
  return `Try again in ${roughly(retryAfterMs)}.`
}

/** Rounded up, so that nobody comes back too early. */
function roughly(ms: number): string {
  if (ms <= 2 * MINUTE_MS) return `${Math.max(1, Math.ceil(ms / SECOND_MS))} s`
  if (ms <= 2 * HOUR_MS) return `${Math.ceil(ms / MINUTE_MS)} min`
  return `${Math.ceil(ms / HOUR_MS)} h`
}
