import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { ValueField } from '../../search/fields.ts'
import { numberAt, textAt } from '../sqlite/columns.ts'
import { type Aspect, ASPECT_NAMES, type AspectValues, FIRST_LONG, isLong, readAspect } from './aspects.ts'
import type { Dictionary } from './compile.ts'

/** The dictionary of a partition. Of most aspects it remembers every set; long ones are looked up each time. */
export class Sets implements Dictionary {
  readonly #known = new Map<Aspect, Map<number, AspectValues>>()
  readonly #after: StatementSync
  readonly #between: StatementSync
  readonly #one: StatementSync
  /** The greatest number of a set that is remembered. */
  newest = 0

  constructor(database: DatabaseSync) {
    this.#after = database.prepare('SELECT id, aspect, value FROM dict WHERE aspect < ? AND id > ?')
    this.#between = database.prepare('SELECT id, value FROM dict WHERE aspect = ? AND value >= ? AND value < ?')
    this.#one = database.prepare('SELECT value FROM dict WHERE id = ?')
  }

  /** Takes in what came since the last time. */
  learn(): void {
    let newest = this.newest
    for (const row of this.#after.all(FIRST_LONG, this.newest)) {
      const [id, aspect] = [numberAt(row, 'id'), ASPECT_NAMES[numberAt(row, 'aspect')]]
      newest = Math.max(newest, id)
      if (aspect !== undefined) this.#of(aspect).set(id, readAspect(aspect, textAt(row, 'value')))
    }
    this.newest = newest
  }

  /** Some were erased. */
  forget(): void {
    this.#known.clear()
    this.newest = 0
  }

  find(aspect: Aspect, test: (set: AspectValues) => boolean, beginning = ''): readonly number[] {
    if (!isLong(aspect)) return [...this.#of(aspect)].filter(([, set]) => test(set)).map(([id]) => id)
    const found: number[] = []
    const rows = this.#between.iterate(ASPECT_NAMES.indexOf(aspect), beginning, `${beginning}\u{10FFFF}`)
    for (const row of rows) if (test(readAspect(aspect, textAt(row, 'value')))) found.push(numberAt(row, 'id'))
    return found
  }

  valuesOf(aspect: Aspect, id: number, field: ValueField): readonly string[] {
    if (!isLong(aspect)) return this.#of(aspect).get(id)?.values[field] ?? []
    const row = this.#one.get(id)
    return row === undefined ? [] : (readAspect(aspect, textAt(row, 'value')).values[field] ?? [])
  }

  #of(aspect: Aspect): Map<number, AspectValues> {
    const there = this.#known.get(aspect) ?? new Map<number, AspectValues>()
    this.#known.set(aspect, there)
    return there
  }
}
