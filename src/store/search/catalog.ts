import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { numberAt, type Row, textAt } from '../sqlite/columns.ts'
import { inTransaction, openDatabase } from '../sqlite/open-database.ts'
import { CATALOG_STEPS } from './schema.ts'

export interface Progress {
  readonly origin: string
  /** The newest seq that is indexed; -1 for none. */
  readonly indexedUpto: number
  /** Day of the newest partitions, in days since 1970. Never goes back, though clocks do. */
  readonly day: number
}

export interface PartitionFacts {
  readonly file: string
  readonly retentionClass: number
  readonly day: number
  readonly part: number
  readonly entries: number
  readonly low: number
  readonly high: number
  readonly minTime: number
  readonly maxTime: number
  /** Whether words are in it, or fields only. */
  readonly words: boolean
}

export type Range = readonly [first: number, last: number]

const NAME = 'catalog.db'

export function indexFolder(dataFolder: string): string {
  return join(dataFolder, 'index')
}

/** Removes the index; it is derived, and is filled again from the log. Nobody may have it open. */
export function removeIndex(dataFolder: string): void {
  removeFiles(indexFolder(dataFolder), () => true)
}

/** Removes what is in the files of words, and leaves the catalog. */
export function removePartitions(dataFolder: string): void {
  removeFiles(indexFolder(dataFolder), (name) => !name.startsWith(NAME))
}

function removeFiles(folder: string, isMeant: (name: string) => boolean): void {
  if (!existsSync(folder)) return
  for (const name of readdirSync(folder))
    if (/\.db(?:-wal|-shm)?$/.test(name) && isMeant(name)) rmSync(join(folder, name), { force: true })
}

/** What the index consists of. Whoever changes anything in the index does it within `change`. */
export class Catalog implements Disposable {
  readonly #database: DatabaseSync

  private constructor(database: DatabaseSync) {
    this.#database = database
  }

  static open(dataFolder: string): Catalog {
    const file = { name: NAME, migrations: CATALOG_STEPS, synchronous: 'NORMAL' } as const
    return new Catalog(openDatabase(indexFolder(dataFolder), file))
  }

  /** Undefined where there is no index yet, or one of another version. */
  static openToRead(dataFolder: string): Catalog | undefined {
    const path = join(indexFolder(dataFolder), NAME)
    if (!existsSync(path)) return undefined
    const database = new DatabaseSync(path, { readOnly: true, timeout: 5_000 })
    if (database.prepare('PRAGMA user_version').get()?.['user_version'] === CATALOG_STEPS.length)
      return new Catalog(database)
    database.close()
    return undefined
  }

  /** One at a time, over all processes: erasing and indexing never cross. */
  change<T>(work: () => T): T {
    return inTransaction(this.#database, work)
  }

  get progress(): Progress | undefined {
    const row = this.#database.prepare('SELECT origin, indexed_upto, day FROM progress').get()
    return (
      row && { origin: textAt(row, 'origin'), indexedUpto: numberAt(row, 'indexed_upto'), day: numberAt(row, 'day') }
    )
  }

  set progress({ origin, indexedUpto, day }: Progress) {
    this.#database
      .prepare('INSERT OR REPLACE INTO progress (one, origin, indexed_upto, day) VALUES (1, ?, ?, ?)')
      .run(origin, indexedUpto, day)
  }

  /** Newest first. */
  partitions(): readonly PartitionFacts[] {
    return this.#database.prepare('SELECT * FROM partition ORDER BY day DESC, part DESC, class').all().map(toFacts)
  }

  save(facts: PartitionFacts): void {
    const { file, retentionClass, day, part, entries, low, high, minTime, maxTime, words } = facts
    this.#database
      .prepare('INSERT OR REPLACE INTO partition VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
      .run(file, retentionClass, day, part, entries, low, high, minTime, maxTime, words ? 1 : 0)
  }

  remove(file: string): void {
    this.#database.prepare('DELETE FROM partition WHERE file = ?').run(file)
  }

  /** What was erased is never indexed again, also by whoever had read it before. */
  addErased(ranges: readonly Range[]): void {
    const insert = this.#database.prepare('INSERT OR IGNORE INTO erased VALUES (?, ?)')
    for (const [low, high] of ranges) insert.run(low, high)
  }

  /** Grows with each erasure. */
  get erasures(): number {
    const row = this.#database.prepare('SELECT count(*) AS n FROM erased').get()
    return row === undefined ? 0 : numberAt(row, 'n')
  }

  erasedBetween(first: number, last: number): readonly Range[] {
    const rows = this.#database.prepare('SELECT low, high FROM erased WHERE high >= ? AND low <= ?').all(first, last)
    return rows.map((row) => [numberAt(row, 'low'), numberAt(row, 'high')] as const)
  }

  [Symbol.dispose](): void {
    this.#database.close()
  }
}

function toFacts(row: Row): PartitionFacts {
  return {
    file: textAt(row, 'file'),
    retentionClass: numberAt(row, 'class'),
    day: numberAt(row, 'day'),
    part: numberAt(row, 'part'),
    entries: numberAt(row, 'entries'),
    low: numberAt(row, 'low'),
    high: numberAt(row, 'high'),
    minTime: numberAt(row, 'min_ts'),
    maxTime: numberAt(row, 'max_ts'),
    words: numberAt(row, 'words') === 1,
  }
}
