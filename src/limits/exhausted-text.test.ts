import { expect, it } from 'vitest'
import { compileLimit, type LimitEntry, type LimitSpec } from '../policy/limit.ts'
import { exhaustedText } from './exhausted-text.ts'

it.each<{ entry: LimitEntry; retryAfterMs: number; text: string }>([
  {
    entry: { calls: 120, per: '1m', by: ['identity', 'connection'] },
    retryAfterMs: 11_001,
    text: 'Limit "limit-per-person": 120 calls per 1m for you on this connection. Try again in 12 s.',
  },
  {
    entry: { calls: 120, per: '1m', burst: 30 },
    retryAfterMs: 1,
    text: 'Limit "limit-per-person": 120 calls per 1m (at most 30 calls at once) for you. Try again in 1 s.',
  },
  {
    entry: { calls: 1, per: '1d', by: ['tool'] },
    retryAfterMs: 86_400_000,
    text: 'Limit "limit-per-person": 1 call per 1d for everybody together with this tool. Try again in 24 h.',
  },
  {
    entry: { calls: 9, per: '10s', by: ['session', 'client'] },
    retryAfterMs: 2000,
    text: 'Limit "limit-per-person": 9 calls per 10s in this session through this client. Try again in 2 s.',
  },
  {
    entry: { result_bytes: '50MB', per: '1h', by: ['identity'] },
    retryAfterMs: 300_001,
    text: 'Limit "limit-per-person": 50MB of results per 1h for you. Try again in 6 min.',
  },
  {
    entry: { concurrent: 5, by: ['identity'] },
    retryAfterMs: 1000,
    text: 'Limit "limit-per-person": 5 calls of yours are running. Try again when one is done.',
  },
  {
    entry: { concurrent: 1, by: ['connection'] },
    retryAfterMs: 1000,
    text: 'Limit "limit-per-person": 1 call is running on this connection. Try again when one is done.',
  },
])('$text', ({ entry, retryAfterMs, text }) => {
  expect(exhaustedText({ rule: 'limit-per-person', spec: specOf(entry), retryAfterMs })).toBe(text)
})

function specOf(entry: LimitEntry): LimitSpec {
  const compiled = compileLimit(entry)
  if (compiled.kind === 'wrong') throw new Error(compiled.message)
  return compiled
}
