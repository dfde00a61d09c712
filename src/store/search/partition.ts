import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { SearchDocument } from '../../search/document.ts'
import { indexText } from '../../search/words.ts'
import { numberAt, type Row } from '../sqlite/columns.ts'
import { inTransaction, openDatabase } from '../sqlite/open-database.ts'
import { type Aspect, ASPECT_NAMES, aspectKey, LETTER, writeAspect } from './aspects.ts'
import type { Range } from './catalog.ts'
import { HOUR_MICROS, PARTITION_SCHEMA, uidOf } from './schema.ts'

/** Values remembered with their number, so that most rows need no look-up. */
const KNOWN_MAX = 50_000
/** Fewer, larger merges: an index is written once and read often. */
const MERGES = "INSERT INTO ft(ft, rank) VALUES ('automerge', 8); INSERT INTO ft(ft, rank) VALUES ('crisismerge', 32);"

/** One file of the index, for whoever writes to it. */
export class PartitionWriter implements Disposable {
  readonly #database: DatabaseSync
  readonly #known = new Map<string, number>()
  #erasures = 0
  readonly #insertEntry: StatementSync
  readonly #insertText: StatementSync
  readonly #insertValue: StatementSync
  readonly #findValue: StatementSync
  readonly #span: StatementSync
  readonly #mark: StatementSync

  constructor(folder: string, file: string) {
    const database = openDatabase(folder, {
      name: file,
      migrations: [PARTITION_SCHEMA + MERGES],
      synchronous: 'NORMAL',
    })
    this.#database = database
    this.#insertEntry = database.prepare('INSERT INTO ev VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
    this.#insertText = database.prepare('INSERT INTO ft (rowid, t, m) VALUES (?, ?, ?)')
    this.#insertValue = database.prepare('INSERT INTO dict (aspect, value) VALUES (?, ?)')
    this.#findValue = database.prepare('SELECT id FROM dict WHERE aspect = ? AND value = ?')
    this.#span = database.prepare(`INSERT INTO span VALUES (?1, ?2, ?2, ?3, ?3) ON CONFLICT (hour) DO UPDATE SET
      high = excluded.high, min_ts = min(min_ts, excluded.min_ts), max_ts = max(max_ts, excluded.max_ts)`)
    this.#mark = database.prepare('UPDATE mark SET rid = ?')
  }

  /** Adds what comes after what is there; what is there already is passed over, so a crash makes nothing twice. */
  add(documents: readonly SearchDocument[]): number {
    return inTransaction(this.#database, () => {
      const mark = this.#markNow()
      const fresh = documents.filter(({ seq }) => seq + 1 > mark)
      let hour = this.#lastHour()
      for (const document of fresh) {
        hour = Math.max(hour, Math.floor(document.time / HOUR_MICROS))
        this.#insert(document, hour)
      }
      const last = fresh.at(-1)
      if (last !== undefined) this.#mark.run(last.seq + 1)
      return fresh.length
    })
  }

  /** Takes rows out so that no byte of their words is left in the file (audit.md, 11.5). Returns how many there were. */
  erase(ranges: readonly Range[]): number {
    const erased = inTransaction(this.#database, () => {
      let count = 0
      for (const [first, last] of ranges) {
        this.#database
          .prepare('DELETE FROM ft WHERE rowid IN (SELECT rid FROM ev WHERE rid BETWEEN ? AND ?)')
          .run(first + 1, last + 1)
        count += Number(
          this.#database.prepare('DELETE FROM ev WHERE rid BETWEEN ? AND ?').run(first + 1, last + 1).changes,
        )
      }
      if (count > 0) this.#forgetUnused()
      return count
    })
    this.#known.clear()
    // Again after a crash, whose rows may be gone already while their words are not.
    this.#database.exec("INSERT INTO ft(ft) VALUES ('optimize')")
    this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    return erased
  }

  /** Rows in ranges that do not overlap. */
  countIn(ranges: readonly Range[]): number {
    const count = this.#database.prepare('SELECT count(*) AS n FROM ev WHERE rid BETWEEN ? AND ?')
    return ranges.reduce((sum, [first, last]) => sum + countOf(count.get(first + 1, last + 1)), 0)
  }

  get entries(): number {
    return countOf(this.#database.prepare('SELECT count(*) AS n FROM ev').get())
  }

  [Symbol.dispose](): void {
    this.#database.close()
  }

  #insert(document: SearchDocument, hour: number): void {
    const { numbers, seq, time, values } = document
    const rid = seq + 1
    const words = ['all']
    const columns = ASPECT_NAMES.map((aspect) => {
      const id = this.#idOf(aspect, document)
      if (id !== undefined) words.push(`${LETTER[aspect]}${id}`)
      return id ?? null
    })
    const { bytes, latency, rows, status } = numbers
    const uid = uidOf(values.id?.[0])
    this.#insertEntry.run(rid, time, uid, ...columns, rows ?? null, bytes ?? null, latency ?? null, status ?? null)
    this.#insertText.run(rid, indexText(document.text), words.join(' '))
    this.#span.run(hour, rid, time)
  }

  #idOf(aspect: Aspect, document: SearchDocument): number | undefined {
    const key = aspectKey(aspect, document)
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const value = writeAspect(aspect, document)
    if (value === undefined) return undefined
    const row = this.#findValue.get(aspect, value)
    const id = row === undefined ? Number(this.#insertValue.run(aspect, value).lastInsertRowid) : numberAt(row, 'id')
    if (this.#known.size >= KNOWN_MAX) this.#known.clear()
    this.#known.set(key, id)
    return id
  }

  /** The newest row. Where somebody else erased something meanwhile, what was remembered of values may name what is gone. */
  #markNow(): number {
    const row = this.#database.prepare('SELECT rid, erasures FROM mark').get()
    if (row === undefined) return 0
    const erasures = numberAt(row, 'erasures')
    if (erasures !== this.#erasures) this.#known.clear()
    this.#erasures = erasures
    return numberAt(row, 'rid')
  }

  #lastHour(): number {
    const row = this.#database.prepare('SELECT coalesce(max(hour), 0) AS hour FROM span').get()
    return row === undefined ? 0 : numberAt(row, 'hour')
  }

  /** A value that nothing else uses names who was erased. */
  #forgetUnused(): void {
    for (const aspect of ASPECT_NAMES)
      this.#database
        .prepare(
          `DELETE FROM dict WHERE aspect = ? AND id NOT IN (SELECT ${aspect} FROM ev WHERE ${aspect} IS NOT NULL)`,
        )
        .run(aspect)
    this.#database.exec('UPDATE mark SET erasures = erasures + 1')
  }
}

function countOf(row: Row | undefined): number {
  return row === undefined ? 0 : numberAt(row, 'n')
}
