// SQL that was written without sight of the extractors, and frozen before its first run: how well they do on what nobody
// fitted them to. `first_round` in the file keeps what that run gave.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Dialect, SqlFacts } from '../../src/facts/facts.ts'
import { loadReader } from '../../src/inspection/readers.ts'
import { isStoppedSql } from '../vectors/stopped.ts'

/** Of the dangerous ones, at most this share may pass. */
const MISSED_SHARE_MAX = 1 / 50
/** Of the ordinary reads, at most this share may be refused. */
const REFUSED_SHARE_MAX = 1 / 10

interface Case {
  readonly id: string
  readonly dialect: Dialect
  readonly expect: 'dangerous' | 'benign'
  readonly sql: string
}

const { cases } = JSON.parse(readFileSync(new URL('../vectors/held-out-sql.json', import.meta.url), 'utf8')) as {
  cases: readonly Case[]
}
const dialects = [...new Set(cases.map(({ dialect }) => dialect))]
const readers = new Map(await Promise.all(dialects.map(async (name) => [name, await loadReader(name)] as const)))

describe('SQL nobody fitted the extractors to', () => {
  it('has cases of both kinds in every dialect', () => {
    const kinds = new Set(cases.map((one) => `${one.dialect} ${one.expect}`))
    expect([...kinds].toSorted()).toEqual(
      dialects.flatMap((dialect) => [`${dialect} benign`, `${dialect} dangerous`]).toSorted(),
    )
  })

  it('is stopped where it is dangerous, but for one in fifty', () => {
    const dangerous = cases.filter((one) => one.expect === 'dangerous')
    const missed = dangerous.filter((one) => !isStopped(read(one))).map(line)
    expect(listIfOver(missed, dangerous.length * MISSED_SHARE_MAX)).toEqual([])
  })

  it('passes where it is an ordinary read, but for one in ten', () => {
    const benign = cases.filter((one) => one.expect === 'benign')
    const refused = benign.filter((one) => isStopped(read(one))).map(line)
    expect(listIfOver(refused, benign.length * REFUSED_SHARE_MAX)).toEqual([])
  })
})

function read({ dialect, sql }: Case): SqlFacts {
  const facts = readers.get(dialect)?.read(sql)
  if (facts === undefined) throw new Error(`No reader of ${dialect}.`)
  return facts
}

/** Catalogs with credentials in them are no ordinary reads. */
function isStopped(facts: SqlFacts): boolean {
  return isStoppedSql(facts) || facts.flags.includes('sensitive_catalog')
}

/** All of them where there are too many, so that the failure shows them; otherwise none. */
function listIfOver(lines: readonly string[], max: number): readonly string[] {
  return lines.length > max ? lines : []
}

function line(one: Case): string {
  const { parsed, error, verbs, flags } = read(one)
  return `${one.id} ${one.dialect}: ${one.sql} ${JSON.stringify({ parsed, error, verbs, flags })}`
}
