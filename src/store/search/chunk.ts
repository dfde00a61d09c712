import type { StatementSync } from 'node:sqlite'
import { bytesAt, numberAt, type Row } from '../sqlite/columns.ts'
import { cellKey, type Column, type ColumnName, decodeColumn } from './columns.ts'

/** Records that lie side by side in the log, of one partition. */
export interface Chunk {
  readonly n: number
  readonly entries: number
  /** Rids of the first and the last. */
  readonly low: number
  readonly high: number
  readonly minTime: number
  readonly maxTime: number
}

export function chunkOf(row: Row): Chunk {
  return {
    n: numberAt(row, 'n'),
    entries: numberAt(row, 'entries'),
    low: numberAt(row, 'low'),
    high: numberAt(row, 'high'),
    minTime: numberAt(row, 'min_ts'),
    maxTime: numberAt(row, 'max_ts'),
  }
}

/** Gives rids between those two that an expression of FTS5 finds, in order. */
export type FindWords = (expression: string, low: number, high: number) => readonly number[]

/** A chunk that is looked at: each column is read when it is needed, and once. */
export class ChunkView {
  readonly chunk: Chunk
  readonly #cell: StatementSync
  readonly #find: FindWords
  readonly #columns = new Map<ColumnName, Column>()

  constructor(chunk: Chunk, cell: StatementSync, find: FindWords) {
    this.chunk = chunk
    this.#cell = cell
    this.#find = find
  }

  column(name: ColumnName): Column {
    const known = this.#columns.get(name)
    if (known !== undefined) return known
    const row = this.#cell.get(cellKey(name, this.chunk.n))
    const column = row === undefined ? NOTHING : decodeColumn(bytesAt(row, 'data'), this.chunk.entries)
    this.#columns.set(name, column)
    return column
  }

  /** Places of the records between those two rids in which the words stand. */
  find(expression: string, low: number, high: number): readonly number[] {
    const rids = this.#find(expression, low, high)
    const { base = 0, cells } = this.column('rid')
    const { chunk } = this
    // Mostly nothing of another class lies between them.
    if (cells === undefined || chunk.high - chunk.low + 1 === chunk.entries) return rids.map((rid) => rid - chunk.low)
    const places: number[] = []
    let at = 0
    for (const rid of rids) {
      while (at < cells.length && (cells[at] ?? 0) + base < rid) at += 1
      if ((cells[at] ?? 0) + base === rid) places.push(at)
    }
    return places
  }

  /** Rid of the record at that place. */
  ridAt(place: number): number {
    const { base = 0, cells } = this.column('rid')
    return cells === undefined ? base : base + (cells[place] ?? 0)
  }
}

const NOTHING: Column = { base: undefined, cells: undefined }
