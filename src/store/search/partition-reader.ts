import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { stringifyJson } from '../../base/json.ts'
import type { Authorised } from '../../search/authorise.ts'
import type { ValueField } from '../../search/fields.ts'
import { numberAt, type Row, textAt } from '../sqlite/columns.ts'
import { type Aspect, ASPECT_NAMES, aspectOf, type AspectValues, readAspect } from './aspects.ts'
import { compile } from './compile.ts'
import { type Compiled, compileCondition } from './condition.ts'

/** Seqs, both belonging to it. */
export interface Between {
  readonly low: number
  readonly high: number
}

/** How many records of an hour fit. */
export interface HourCount {
  readonly low: number
  readonly high: number
  readonly minTime: number
  readonly maxTime: number
}

/** One file of the index, for whoever asks. Opened once and kept: values that were looked up are remembered. */
export class PartitionReader implements Disposable {
  readonly #database: DatabaseSync
  readonly #sets = new Map<Aspect, Map<number, AspectValues>>()
  #erasures = 0
  #newestSet = 0

  constructor(folder: string, file: string) {
    const path = join(folder, file)
    if (!existsSync(path)) throw new Error(`${file} is not there`)
    this.#database = new DatabaseSync(path, { readOnly: true, timeout: 5_000 })
    this.#database.exec('PRAGMA trusted_schema = OFF')
  }

  /** What that asks of this partition; undefined where nothing in it can fit. */
  compile(authorised: Authorised): Compiled | undefined {
    this.#learn()
    const find = (aspect: Aspect, test: (set: AspectValues) => boolean): readonly number[] =>
      [...(this.#sets.get(aspect) ?? [])].filter(([, set]) => test(set)).map(([id]) => id)
    return compileCondition(compile(authorised, { find }))
  }

  /** Newest first. */
  newest(compiled: Compiled, between: Between, limit: number): readonly number[] {
    const { from, values } = source(compiled, between)
    const rows = this.#database.prepare(`SELECT rid FROM ${from} ORDER BY rid DESC LIMIT ?`).all(...values, limit)
    return rows.map((row) => numberAt(row, 'rid') - 1)
  }

  count(compiled: Compiled, between: Between): number {
    const { from, values } = source(compiled, between)
    return countIn(this.#database.prepare(`SELECT count(*) AS n FROM ${from}`).get(...values))
  }

  /** Counts in a stretch of time, where the hour as a whole is not in it. */
  countInTime(compiled: Compiled, between: Between, time: { readonly from: number; readonly to: number }): number {
    const { from, values } = source(compiled, between)
    const sql = `SELECT count(*) AS n FROM ${from} AS found JOIN ev AS at USING (rid) WHERE at.ts >= ? AND at.ts < ?`
    return countIn(this.#database.prepare(sql).get(...values, time.from, time.to))
  }

  /** How often each value of these fields occurs in those records. */
  facets(seqs: readonly number[], fields: readonly ValueField[]): ReadonlyMap<ValueField, ReadonlyMap<string, number>> {
    const aspects = [...new Set(fields.map(aspectOf).filter((aspect) => aspect !== undefined))]
    const sets = new Map(aspects.map((aspect) => [aspect, new Map<number, number>()]))
    if (aspects.length > 0)
      for (const row of this.#rows(aspects.join(', '), seqs))
        for (const [aspect, counts] of sets) {
          const id = row[aspect]
          if (typeof id === 'number') counts.set(id, (counts.get(id) ?? 0) + 1)
        }
    return new Map(fields.map((field) => [field, this.#valuesIn(field, sets)]))
  }

  times(seqs: readonly number[]): readonly number[] {
    return this.#rows('ts', seqs).map((row) => numberAt(row, 'ts'))
  }

  /** Stretches of an hour or less in which the log is whole, newest first. */
  hours(): readonly HourCount[] {
    return this.#database.prepare('SELECT low, high, min_ts, max_ts FROM span ORDER BY hour DESC').all().map(toHour)
  }

  [Symbol.dispose](): void {
    this.#database.close()
  }

  #valuesIn(field: ValueField, sets: ReadonlyMap<Aspect, ReadonlyMap<number, number>>): ReadonlyMap<string, number> {
    const values = new Map<string, number>()
    const aspect = aspectOf(field)
    if (aspect === undefined) return values
    for (const [id, n] of sets.get(aspect) ?? [])
      for (const value of this.#sets.get(aspect)?.get(id)?.values[field] ?? [])
        values.set(value, (values.get(value) ?? 0) + n)
    return values
  }

  /** `columns` are names of ours. */
  #rows(columns: string, seqs: readonly number[]): readonly Row[] {
    const list = stringifyJson(seqs.map((seq) => seq + 1))
    return this.#database.prepare(`SELECT ${columns} FROM ev WHERE rid IN (SELECT value FROM json_each(?))`).all(list)
  }

  /** Takes in values that came since the last question; all of them anew where some were erased. */
  #learn(): void {
    const mark = this.#database.prepare('SELECT erasures FROM mark').get()
    const erasures = mark === undefined ? 0 : numberAt(mark, 'erasures')
    if (erasures !== this.#erasures) {
      this.#sets.clear()
      this.#newestSet = 0
      this.#erasures = erasures
    }
    for (const row of this.#database
      .prepare('SELECT id, aspect, value FROM dict WHERE id > ? ORDER BY id')
      .all(this.#newestSet)) {
      const [id, aspect] = [numberAt(row, 'id'), textAt(row, 'aspect')]
      this.#newestSet = id
      if (isAspect(aspect)) setOf(this.#sets, aspect).set(id, readAspect(textAt(row, 'value')))
    }
  }
}

function isAspect(text: string): text is Aspect {
  return ASPECT_NAMES.some((aspect) => aspect === text)
}

function setOf(sets: Map<Aspect, Map<number, AspectValues>>, aspect: Aspect): Map<number, AspectValues> {
  const there = sets.get(aspect) ?? new Map<number, AspectValues>()
  sets.set(aspect, there)
  return there
}

/** Table and condition that give the `rid`s of a query; every value is bound. */
function source({ match, where, values }: Compiled, { low, high }: Between): { from: string; values: SQLInputValue[] } {
  const bounds = [low + 1, high + 1]
  const more = where === undefined ? '' : ` AND ${where}`
  if (match === undefined)
    return { from: `(SELECT rid FROM ev WHERE rid BETWEEN ? AND ?${more})`, values: [...bounds, ...values] }
  if (where === undefined)
    return {
      from: '(SELECT rowid AS rid FROM ft WHERE ft MATCH ? AND rowid BETWEEN ? AND ?)',
      values: [match, ...bounds],
    }
  const joined = `SELECT ev.rid AS rid FROM ft CROSS JOIN ev ON ev.rid = ft.rowid WHERE ft MATCH ? AND ft.rowid BETWEEN ? AND ?`
  return { from: `(${joined}${more})`, values: [match, ...bounds, ...values] }
}

function countIn(row: Row | undefined): number {
  return row === undefined ? 0 : numberAt(row, 'n')
}

function toHour(row: Row): HourCount {
  return {
    low: numberAt(row, 'low') - 1,
    high: numberAt(row, 'high') - 1,
    minTime: numberAt(row, 'min_ts'),
    maxTime: numberAt(row, 'max_ts'),
  }
}
