import type { Book } from './book.ts'
import type { Origin } from './held-row.ts'
import { MessageBook, OneWayBook } from './message-book.ts'
import type { ScopeKeys } from './scope.ts'
import type { ScopeBook } from './scope-book.ts'

/** A scope that is in memory. The vault alone changes it. */
export interface HeldScope {
  readonly scope: number
  readonly keys: ScopeKeys
  readonly book: ScopeBook
  /** What of the stored scope is in the book. */
  version: number
}

/** A scope as one message sees it. Open it anew for every message: its epoch may have ended, or it may have been forgotten. */
export class OpenScope {
  readonly held: HeldScope
  readonly #moves: number

  constructor(held: HeldScope) {
    this.held = held
    this.#moves = held.book.moves
  }

  get book(): ScopeBook {
    return this.held.book
  }

  /** Whether something that may be in this message stands no longer. */
  get isOverruled(): boolean {
    return this.held.book.moves !== this.#moves
  }

  /** The book of a message that comes from an upstream. */
  bookFor(origin: Origin): MessageBook {
    return new MessageBook(this.held.book, origin)
  }

  /** The book of what a client typed. */
  typedBook(): Book {
    return new OneWayBook(this.held.book)
  }
}
