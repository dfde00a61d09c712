import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { Authorised } from '../../search/authorise.ts'
import { numberAt } from '../sqlite/columns.ts'
import { type Chunk, chunkOf } from './chunk.ts'
import { compile, compileWide } from './compile.ts'
import { type Compiled, compileCondition } from './condition.ts'
import { type Between, Look } from './look.ts'
import { Sets } from './sets.ts'
import { WordLists } from './word-lists.ts'

/** One file of the index, for whoever asks. Opened once and kept: values that were looked up are remembered. */
export class PartitionReader implements Disposable {
  readonly sets: Sets
  readonly #database: DatabaseSync
  readonly #cell: StatementSync
  readonly #words: WordLists
  #chunks: readonly Chunk[] = []
  #erasures = 0
  #rid = -1

  constructor(folder: string, file: string) {
    const path = join(folder, file)
    if (!existsSync(path)) throw new Error(`${file} is not there`)
    this.#database = new DatabaseSync(path, { readOnly: true, timeout: 5_000 })
    this.#database.exec('PRAGMA trusted_schema = OFF')
    this.#cell = this.#database.prepare('SELECT data FROM cell WHERE key = ?')
    this.sets = new Sets(this.#database)
    this.#words = new WordLists(this.#database)
  }

  /** What is answered until `end` is of one moment, whatever is written meanwhile. */
  begin(): void {
    this.#database.exec('BEGIN')
    this.#learn()
  }

  end(): void {
    if (this.#database.isTransaction) this.#database.exec('COMMIT')
  }

  /** What that asks of this partition; undefined where nothing in it can fit. */
  compile(authorised: Authorised): Compiled | undefined {
    return compileCondition(compile(authorised, this.sets))
  }

  /** What may fit it, where each is read and tested. `hasWords`: this partition has them. */
  compileWide(authorised: Authorised, hasWords: boolean): Compiled | undefined {
    return compileCondition(compileWide(authorised, this.sets, hasWords))
  }

  /** Narrows to chunks that have anything of that time. */
  within(time: { readonly from: number; readonly to: number }, { low, high }: Between): Between | undefined {
    const inTime = this.#chunks.filter(({ minTime, maxTime }) => maxTime >= time.from && minTime < time.to)
    const [oldest, newest] = [inTime.at(0), inTime.at(-1)]
    if (oldest === undefined || newest === undefined) return undefined
    return { low: Math.max(low, oldest.low - 1), high: Math.min(high, newest.high - 1) }
  }

  /** Newest first. */
  newest(compiled: Compiled, between: Between, limit: number): readonly number[] {
    if (compiled.expression !== undefined) return this.#newestWords(compiled.expression, between, limit)
    const seqs: number[] = []
    using look = this.look(compiled, between)
    for (const chunk of look.chunks) {
      const { mask, view } = look.at(chunk)
      for (let at = mask.lastIndexOf(1); at >= 0; at = at === 0 ? -1 : mask.lastIndexOf(1, at - 1)) {
        seqs.push(view.ridAt(at) - 1)
        if (seqs.length === limit) return seqs
      }
    }
    return seqs
  }

  look(compiled: Compiled, between: Between): Look {
    return new Look({ words: this.#words, chunks: this.#chunks, cell: this.#cell }, compiled, between)
  }

  /** Counts without looking at each: by far the fastest for words. */
  countWords(expression: string, { low, high }: Between): number {
    const sql = 'SELECT count(*) AS n FROM ft WHERE ft MATCH ? AND rowid BETWEEN ? AND ?'
    const row = this.#database.prepare(sql).get(expression, low + 1, high + 1)
    return row === undefined ? 0 : numberAt(row, 'n')
  }

  [Symbol.dispose](): void {
    this.#database.close()
  }

  #newestWords(expression: string, { low, high }: Between, limit: number): readonly number[] {
    const sql = 'SELECT rowid AS rid FROM ft WHERE ft MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid DESC LIMIT ?'
    const rows = this.#database.prepare(sql).all(expression, low + 1, high + 1, limit)
    return rows.map((row) => numberAt(row, 'rid') - 1)
  }

  /** Takes in what came since the last question; all of it anew where something was erased. */
  #learn(): void {
    const mark = this.#database.prepare('SELECT rid, erasures FROM mark').get()
    const [rid, erasures] = mark === undefined ? [0, 0] : [numberAt(mark, 'rid'), numberAt(mark, 'erasures')]
    if (rid === this.#rid && erasures === this.#erasures) return
    if (erasures !== this.#erasures) this.sets.forget()
    this.sets.learn()
    this.#chunks = this.#database.prepare('SELECT * FROM chunk ORDER BY n').all().map(chunkOf)
    this.#rid = rid
    this.#erasures = erasures
  }
}
