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

/** A chunk that is looked at: each column is read when it is needed, and once. */
export class ChunkView {
  readonly chunk: Chunk
  readonly #cell: StatementSync
  readonly #columns = new Map<ColumnName, Column>()

  constructor(chunk: Chunk, cell: StatementSync) {
    this.chunk = chunk
    this.#cell = cell
  }

  column(name: ColumnName): Column {
    const known = this.#columns.get(name)
    if (known !== undefined) return known
    const row = this.#cell.get(cellKey(name, this.chunk.n))
    const column = row === undefined ? NOTHING : decodeColumn(bytesAt(row, 'data'), this.chunk.entries)
    this.#columns.set(name, column)
    return column
  }

  /** Where the record of that rid is, if it is here. */
  placeOf(rid: number): number | undefined {
    const { entries, high, low } = this.chunk
    if (rid < low || rid > high) return undefined
    // Mostly nothing of another class lies between them.
    if (high - low + 1 === entries) return rid - low
    let [from, to] = [0, entries - 1]
    while (from < to) {
      const middle = (from + to) >> 1
      if (this.ridAt(middle) < rid) from = middle + 1
      else to = middle
    }
    return this.ridAt(from) === rid ? from : undefined
  }

  ridAt(place: number): number {
    const { base = 0, cells } = this.column('rid')
    return cells === undefined ? base : base + (cells[place] ?? 0)
  }
}

const NOTHING: Column = { base: undefined, cells: undefined }
