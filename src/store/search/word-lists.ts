import type { DatabaseSync } from 'node:sqlite'

type Take = (rid: number) => void

/**
 * Lists of the records in which an expression of FTS5 finds something, read newest first and as far as they are needed. A list is
 * read once: to look up a place in the middle of it costs as much as to read it up to there. Records are handed over by a function
 * that SQL calls; rows for all of them would cost several times as much.
 */
export class WordLists {
  readonly #database: DatabaseSync
  readonly #open = new Map<number, WordList>()
  #newest = 0

  constructor(database: DatabaseSync) {
    this.#database = database
    const isBeyond = (list: unknown, rid: unknown): number =>
      typeof list === 'number' && typeof rid === 'number' && this.#open.get(list)?.take(rid) === false ? 1 : 0
    database.function('is_beyond', { directOnly: true }, isBeyond)
  }

  open(expression: string, highRid: number): WordList {
    const n = (this.#newest += 1)
    const sql = 'SELECT 1 FROM ft WHERE ft MATCH ? AND rowid <= ? AND is_beyond(?, rowid) ORDER BY rowid DESC'
    const list = new WordList(this.#database.prepare(sql).iterate(expression, highRid, n), () => this.#open.delete(n))
    this.#open.set(n, list)
    return list
  }
}

export class WordList implements Disposable {
  /** Gives a row for each record that is beyond what is wanted at the moment. */
  readonly #beyond: Iterator<unknown>
  readonly #close: () => void
  #low = Infinity
  #take: Take = () => undefined
  /** Read, and not taken yet. */
  #waiting: number | undefined
  #ended = false

  constructor(beyond: Iterator<unknown>, close: () => void) {
    this.#beyond = beyond
    this.#close = close
  }

  /** Hands over those from that rid on that were not handed over before. */
  downTo(lowRid: number, take: Take): void {
    if (this.#waiting !== undefined) {
      if (this.#waiting < lowRid) return
      take(this.#waiting)
      this.#waiting = undefined
    }
    this.#low = lowRid
    this.#take = take
    if (!this.#ended) this.#ended = this.#beyond.next().done === true
  }

  /** False where it is beyond what is wanted. */
  take(rid: number): boolean {
    if (rid < this.#low) {
      this.#waiting = rid
      return false
    }
    this.#take(rid)
    return true
  }

  /** Ends the statement, which would hold on to what the file was like. */
  [Symbol.dispose](): void {
    this.#beyond.return?.()
    this.#close()
  }
}
