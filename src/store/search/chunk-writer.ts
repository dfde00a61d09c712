import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { bytesAt } from '../sqlite/columns.ts'
import type { Range } from './catalog.ts'
import { chunkOf, type Chunk } from './chunk.ts'
import { cellKey, type ColumnName, COLUMNS, decodeColumn, encodeColumn, valuesIn } from './columns.ts'

/**
 * Records of a chunk. Fewer are more rows to read for whoever counts; the newest chunk is written anew with each batch until it is
 * full. With numbers of two bytes, so many fill the pages of the file.
 */
export const CHUNK_ENTRIES = 4_000

/** One record, by column. */
export type Cells = Readonly<Partial<Record<ColumnName, number | undefined>>> & {
  readonly rid: number
  readonly ts: number
}

interface Open {
  readonly n: number
  readonly columns: Readonly<Record<ColumnName, (number | undefined)[]>>
}

/** Puts records into chunks, and takes them out. Within a transaction of whoever has the database. */
export class ChunkWriter {
  readonly #database: DatabaseSync
  readonly #putChunk: StatementSync
  readonly #putCell: StatementSync
  #open: Open | undefined

  constructor(database: DatabaseSync) {
    this.#database = database
    this.#putChunk = database.prepare('INSERT OR REPLACE INTO chunk VALUES (?, ?, ?, ?, ?, ?)')
    this.#putCell = database.prepare('INSERT OR REPLACE INTO cell VALUES (?, ?)')
  }

  add(cells: Cells): void {
    let open = (this.#open ??= this.#newest())
    if (open.columns.rid.length >= CHUNK_ENTRIES) {
      this.#write(open)
      open = this.#open = { n: open.n + 1, columns: emptyColumns() }
    }
    for (const name of COLUMNS) open.columns[name].push(cells[name])
  }

  /** Writes what is not written yet. */
  flush(): void {
    if (this.#open !== undefined) this.#write(this.#open)
  }

  /** What is remembered of the newest chunk may not be what is in the file: it failed, or somebody else wrote. */
  forget(): void {
    this.#open = undefined
  }

  /** Takes out what lies in these ranges of rids; gives the rids of what there was. */
  remove(ranges: readonly Range[]): readonly number[] {
    this.#open = undefined
    const removed: number[] = []
    for (const chunk of this.chunks()) {
      if (!ranges.some(([low, high]) => low <= chunk.high && high >= chunk.low)) continue
      const { columns } = this.#read(chunk)
      const gone = columns.rid.map((rid) => rid !== undefined && isIn(rid, ranges))
      if (!gone.includes(true)) continue
      removed.push(...columns.rid.filter((rid, i) => rid !== undefined && gone[i] === true).map(Number))
      this.#drop(chunk.n)
      const kept = emptyColumns()
      for (const name of COLUMNS) kept[name].push(...columns[name].filter((_, i) => gone[i] !== true))
      if (kept.rid.length > 0) this.#write({ n: chunk.n, columns: kept })
    }
    return removed
  }

  /** Every value of those columns. */
  used(names: readonly ColumnName[]): ReadonlySet<number> {
    const used = new Set<number>()
    for (const { n, entries } of this.chunks())
      for (const name of names)
        for (const value of this.#column(name, n, entries)) if (value !== undefined) used.add(value)
    return used
  }

  chunks(): readonly Chunk[] {
    return this.#database.prepare('SELECT * FROM chunk ORDER BY n').all().map(chunkOf)
  }

  /** How many lie in ranges that do not overlap. */
  countIn(ranges: readonly Range[]): number {
    let count = 0
    for (const chunk of this.chunks()) {
      if (ranges.some(([low, high]) => low <= chunk.low && high >= chunk.high)) count += chunk.entries
      else if (ranges.some(([low, high]) => low <= chunk.high && high >= chunk.low))
        for (const rid of this.#column('rid', chunk.n, chunk.entries))
          if (rid !== undefined && isIn(rid, ranges)) count += 1
    }
    return count
  }

  #newest(): Open {
    const row = this.#database.prepare('SELECT * FROM chunk ORDER BY n DESC LIMIT 1').get()
    return row === undefined ? { n: 0, columns: emptyColumns() } : this.#read(chunkOf(row))
  }

  #read({ n, entries }: Chunk): Open {
    const columns = emptyColumns()
    for (const name of COLUMNS) columns[name].push(...this.#column(name, n, entries))
    return { n, columns }
  }

  #column(name: ColumnName, n: number, entries: number): (number | undefined)[] {
    const row = this.#database.prepare('SELECT data FROM cell WHERE key = ?').get(cellKey(name, n))
    return row === undefined
      ? Array.from({ length: entries }, () => undefined)
      : valuesIn(decodeColumn(bytesAt(row, 'data'), entries), entries)
  }

  #drop(n: number): void {
    this.#database.prepare('DELETE FROM chunk WHERE n = ?').run(n)
    const cell = this.#database.prepare('DELETE FROM cell WHERE key = ?')
    for (const name of COLUMNS) cell.run(cellKey(name, n))
  }

  #write({ n, columns }: Open): void {
    const { rid, ts } = columns
    const times = ts.filter((time) => time !== undefined)
    this.#putChunk.run(n, rid.length, rid[0] ?? 0, rid.at(-1) ?? 0, Math.min(...times), Math.max(...times))
    for (const name of COLUMNS) {
      const values = columns[name]
      if (values.some((value) => value !== undefined)) this.#putCell.run(cellKey(name, n), encodeColumn(values))
    }
  }
}

function emptyColumns(): Record<ColumnName, (number | undefined)[]> {
  return {
    rid: [],
    ts: [],
    uid: [],
    actor: [],
    address: [],
    conn: [],
    call: [],
    outcome: [],
    verdict: [],
    session: [],
    trace: [],
    rows: [],
    bytes: [],
    latency: [],
    status: [],
  }
}

function isIn(rid: number, ranges: readonly Range[]): boolean {
  return ranges.some(([low, high]) => rid >= low && rid <= high)
}
