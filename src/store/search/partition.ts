import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { SearchDocument } from '../../search/document.ts'
import { indexText } from '../../search/words.ts'
import { numberAt } from '../sqlite/columns.ts'
import { inTransaction, openDatabase } from '../sqlite/open-database.ts'
import { type Aspect, ASPECT_NAMES, aspectKey, LETTER, writeAspect } from './aspects.ts'
import type { Range } from './catalog.ts'
import { ChunkWriter } from './chunk-writer.ts'
import { PARTITION_SCHEMA, uidOf } from './schema.ts'

/** Values remembered with their number, so that most rows need no look-up. */
const KNOWN_MAX = 50_000
/** Fewer, larger merges: an index is written once and read often. */
const MERGES = "INSERT INTO ft(ft, rank) VALUES ('automerge', 8); INSERT INTO ft(ft, rank) VALUES ('crisismerge', 32);"
/** Bytes of words that FTS5 gathers: with its 1 MiB a batch would be written in several pieces, and all of them merged again. */
const GATHERED = "INSERT INTO ft(ft, rank) VALUES ('hashsize', 16777216);"

const JOURNAL_BYTES_MAX = 4 * 1024 * 1024

/** One file of the index, for whoever writes to it. */
export class PartitionWriter implements Disposable {
  readonly #database: DatabaseSync
  readonly #known = new Map<string, number>()
  #erasures = 0
  #rid = -1
  readonly #chunks: ChunkWriter
  readonly #insertText: StatementSync
  readonly #insertValue: StatementSync
  readonly #findValue: StatementSync
  readonly #mark: StatementSync

  constructor(folder: string, file: string) {
    const database = openDatabase(folder, {
      name: file,
      migrations: [PARTITION_SCHEMA + MERGES + GATHERED],
      synchronous: 'NORMAL',
    })
    // A merge writes tens of megabytes at once, and the file that they went through would keep that size.
    database.exec(`PRAGMA journal_size_limit = ${JOURNAL_BYTES_MAX}`)
    this.#database = database
    this.#chunks = new ChunkWriter(database)
    this.#insertText = database.prepare('INSERT INTO ft (rowid, t, m) VALUES (?, ?, ?)')
    this.#insertValue = database.prepare('INSERT INTO dict (aspect, value) VALUES (?, ?)')
    this.#findValue = database.prepare('SELECT id FROM dict WHERE aspect = ? AND value = ?')
    this.#mark = database.prepare('UPDATE mark SET rid = ?')
  }

  /** Adds what comes after what is there; what is there already is passed over, so a crash makes nothing twice. */
  add(documents: readonly SearchDocument[]): number {
    return this.#change(() => {
      const mark = this.#markNow()
      const fresh = documents.filter(({ seq }) => seq + 1 > mark)
      for (const document of fresh) this.#insert(document)
      this.#chunks.flush()
      const last = fresh.at(-1)
      if (last !== undefined) this.#moveTo(last.seq + 1)
      return fresh.length
    })
  }

  /** Takes rows out so that no byte of their words is left in the file (audit.md, 11.5). Returns how many there were. */
  erase(ranges: readonly Range[]): number {
    const erased = this.#change(() => {
      const rids = this.#chunks.remove(toRids(ranges))
      const remove = this.#database.prepare('DELETE FROM ft WHERE rowid = ?')
      for (const rid of rids) remove.run(rid)
      if (rids.length > 0) this.#forgetUnused()
      return rids.length
    })
    this.#known.clear()
    // Again after a crash, whose rows may be gone already while their words are not.
    this.#database.exec("INSERT INTO ft(ft) VALUES ('optimize')")
    this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    return erased
  }

  /** Records in ranges that do not overlap. */
  countIn(ranges: readonly Range[]): number {
    return this.#chunks.countIn(toRids(ranges))
  }

  get entries(): number {
    return this.#chunks.chunks().reduce((sum, { entries }) => sum + entries, 0)
  }

  /** What is written stands in the file itself then: a reader who has it open would keep the log of it from going. */
  [Symbol.dispose](): void {
    try {
      this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    } finally {
      this.#database.close()
    }
  }

  /** What is remembered is of the file, or of nothing. */
  #change<T>(work: () => T): T {
    try {
      return inTransaction(this.#database, work)
    } catch (failure) {
      this.#known.clear()
      this.#chunks.forget()
      throw failure
    }
  }

  #insert(document: SearchDocument): void {
    const { numbers, seq, time, values } = document
    const rid = seq + 1
    const words: string[] = []
    const ids: Partial<Record<Aspect, number>> = {}
    for (const aspect of ASPECT_NAMES) {
      const id = this.#idOf(aspect, document)
      if (id === undefined) continue
      ids[aspect] = id
      words.push(`${LETTER[aspect]}${id}`)
    }
    this.#chunks.add({
      rid,
      ts: time,
      uid: uidOf(values.id?.[0]),
      ...ids,
      rows: whole(numbers.rows),
      bytes: whole(numbers.bytes),
      latency: whole(numbers.latency),
      status: whole(numbers.status),
    })
    this.#insertText.run(rid, indexText(document.text), words.join(' '))
  }

  #idOf(aspect: Aspect, document: SearchDocument): number | undefined {
    const key = aspectKey(aspect, document)
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const value = writeAspect(aspect, document)
    if (value === undefined) return undefined
    const number = ASPECT_NAMES.indexOf(aspect)
    const row = this.#findValue.get(number, value)
    const id = row === undefined ? Number(this.#insertValue.run(number, value).lastInsertRowid) : numberAt(row, 'id')
    if (this.#known.size >= KNOWN_MAX) this.#known.clear()
    this.#known.set(key, id)
    return id
  }

  /** The newest row. Where somebody else wrote or erased meanwhile, what was remembered may not be what is there. */
  #markNow(): number {
    const row = this.#database.prepare('SELECT rid, erasures FROM mark').get()
    if (row === undefined) return 0
    const [rid, erasures] = [numberAt(row, 'rid'), numberAt(row, 'erasures')]
    if (erasures !== this.#erasures) this.#known.clear()
    if (erasures !== this.#erasures || rid !== this.#rid) this.#chunks.forget()
    this.#erasures = erasures
    this.#rid = rid
    return rid
  }

  #moveTo(rid: number): void {
    this.#mark.run(rid)
    this.#rid = rid
  }

  /** A value that nothing else uses names who was erased. */
  #forgetUnused(): void {
    const used = this.#chunks.used(ASPECT_NAMES)
    const remove = this.#database.prepare('DELETE FROM dict WHERE id = ?')
    for (const row of this.#database.prepare('SELECT id FROM dict').all()) {
      const id = numberAt(row, 'id')
      if (!used.has(id)) remove.run(id)
    }
    this.#database.exec('UPDATE mark SET erasures = erasures + 1')
  }
}

function toRids(ranges: readonly Range[]): readonly Range[] {
  return ranges.map(([first, last]) => [first + 1, last + 1])
}

/** We record whole numbers; whatever else stands there is no number that anybody can ask for. */
function whole(value: number | undefined): number | undefined {
  return Number.isSafeInteger(value) ? value : undefined
}
