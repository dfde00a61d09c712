import type { EntityId } from '../entities.ts'
import type { DefinedTable } from './defined-table.ts'

/** Places of the table of names that were looked at. */
const TRIED_SLOTS = 256
/** Copied for each view: a small array is made at once, where a typed one asks the system for its memory. */
const NOTHING_TRIED: readonly number[] = Array.from({ length: TRIED_SLOTS }, () => -1)

/**
 * Of what `reach` tells where it came: the lines above tables of blanks, tables of HTML, records, and in statements of SQL their
 * rows, their texts, and the tables that they define.
 */
export type Reader =
  | 'header-line'
  | 'html'
  | 'record-asked'
  | 'record-known'
  | 'sql-rows'
  | 'sql-unclosed'
  | 'sql-defined'

/** What is known about one view already, so that nothing in it is read twice: many words stand in one key. */
export class Memo {
  /** By their names: the tables that statements of SQL have defined so far. */
  readonly tables = new Map<string, DefinedTable>()
  readonly #tried = NOTHING_TRIED.slice()
  readonly #covered = new Map<EntityId, { from: number; to: number }>()
  readonly #deadEnds = new Map<number, number>()
  readonly #reached = new Map<Reader, number>()
  #lines: { from: number; to: number }[] = []

  /** True the first time only, as far as is remembered. */
  isNew(start: number): boolean {
    const slot = start & (TRIED_SLOTS - 1)
    if (this.#tried[slot] === start) return false
    this.#tried[slot] = start
    return true
  }

  /** Everything in this range was found as values of the kind. */
  cover(entity: EntityId, from: number, to: number): void {
    const known = this.#covered.get(entity)
    if (known === undefined || from < known.from || to > known.to) this.#covered.set(entity, { from, to })
  }

  isCovered(entity: EntityId, at: number): boolean {
    const known = this.#covered.get(entity)
    return known !== undefined && at >= known.from && at < known.to
  }

  /** At this level of JSON nothing holds what stands here, so whoever looks for it from further on can stop here. */
  meetDeadEnd(depth: number, at: number): void {
    this.#deadEnds.set(depth, at)
  }

  deadEnd(depth: number): number {
    return this.#deadEnds.get(depth) ?? 0
  }

  /** So far one of those who read lines and rows has come, and need not look at what stands before. */
  reach(reader: Reader, at: number): void {
    this.#reached.set(reader, at)
  }

  reached(reader: Reader): number {
    return this.#reached.get(reader) ?? 0
  }

  /** A line, or the array of a header, was looked at as a whole. */
  readLine(from: number, to: number): void {
    // Places come in order, so what ended before this one is not asked for again.
    this.#lines = this.#lines.filter((line) => line.to > from)
    this.#lines.push({ from, to })
  }

  hasRead(at: number): boolean {
    return this.#lines.some(({ from, to }) => at >= from && at < to)
  }
}
