// PostgreSQL's own regression suite against the reader: whatever the server's authors could think of, including what is
// wrong on purpose, is parsed or refused, in bounded time, and never throws.
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { loadPostgresReader } from '../../src/facts/sql/postgres/read-postgres.ts'
import type { SqlFacts } from '../../src/facts/facts.ts'

/** As the worker that reads long texts allows; the slowest of these takes a tenth of it. */
const TIME_MAX_MS = 100

const reader = await loadPostgresReader()
const statements = readStatements()

it('each statement is parsed or refused with a reason, and says what it does', () => {
  const wrong = statements.filter((sql) => {
    const facts = reader.read(sql)
    return facts.parsed ? facts.verbs.length === 0 : facts.error === ''
  })
  expect(wrong).toEqual([])
})

it('nearly all are parsed: the rest are mistakes on purpose, or need psql', () => {
  const parsed = statements.filter((sql) => reader.read(sql).parsed)
  expect(parsed.length / statements.length).toBeGreaterThan(0.985)
})

it('none takes long', () => {
  const slow = statements.filter((sql) => timeOf(sql) > TIME_MAX_MS && medianTimeOf(sql) > TIME_MAX_MS)
  expect(slow).toEqual([])
})

it('every statement of a kind that changes something says so', () => {
  const changing =
    /^(insert|update|delete|merge|create|alter|drop|truncate|grant|revoke|copy \w+ from|do|call|vacuum|lock|refresh)\b/i
  const missed = statements.filter((sql) => {
    const facts = reader.read(sql)
    return changing.test(sql) && facts.parsed && isRead(facts)
  })
  expect(missed).toEqual([])
})

it('the parts of its grammar are all known, but for four kinds of statement left out on purpose', () => {
  const unknown = statements.flatMap((sql) => {
    const { verbs, kinds } = reader.read(sql)
    return verbs.includes('unknown') ? kinds.filter((kind) => kind !== 'SelectStmt') : []
  })
  expect([...new Set(unknown)].toSorted()).toEqual(['ConstraintsSetStmt', 'DiscardStmt', 'ListenStmt', 'UnlistenStmt'])
})

function readStatements(): string[] {
  const lines = gunzipSync(readFileSync(new URL('../vectors/postgres-regression.jsonl.gz', import.meta.url)))
  return lines
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((line): string => JSON.parse(line))
}

function isRead(facts: SqlFacts): boolean {
  return facts.verbs.every((verb) => verb === 'read' || verb === 'tx')
}

function timeOf(sql: string): number {
  const began = performance.now()
  reader.read(sql)
  return performance.now() - began
}

/** Something else may have had the processor the first time. */
function medianTimeOf(sql: string): number {
  return [timeOf(sql), timeOf(sql), timeOf(sql)].toSorted((a, b) => a - b)[1] ?? 0
}
