import type { Book, BookRow } from './book.ts'
import type { MessageBook } from './message-book.ts'
import type { OpenScope } from './open-scope.ts'
import type { SurrogateVault } from './vault.ts'

interface ResultsBookOf {
  readonly vault: SurrogateVault
  readonly open: () => OpenScope
  readonly onFull: () => void
}

type Origin = Parameters<OpenScope['bookFor']>[0]

/** A book that opens its scope with the first value that needs one: most messages have none. */
export class ResultsBook implements Book {
  readonly #of: ResultsBookOf
  readonly #origin: Origin
  #opened: { readonly scope: OpenScope; readonly book: MessageBook } | undefined

  constructor(of: ResultsBookOf, origin: Origin) {
    this.#of = of
    this.#origin = origin
  }

  mint(...args: Parameters<Book['mint']>): BookRow | undefined {
    return this.#book.mint(...args)
  }

  alias(...args: Parameters<Book['alias']>): boolean {
    return this.#book.alias(...args)
  }

  hash(...args: Parameters<Book['hash']>): string {
    return this.#book.hash(...args)
  }

  lacks(...args: Parameters<NonNullable<Book['lacks']>>): boolean {
    return this.#opened?.book.lacks(...args) === true
  }

  get minted(): number {
    return this.#opened?.book.minted.length ?? 0
  }

  /** Before the message leaves: false where it must be masked once more, with a new book. */
  save(): boolean {
    if (this.#opened === undefined) return true
    const { scope, book } = this.#opened
    if (book.isFull && scope.book.tellsFull(this.#origin.atMs)) this.#of.onFull()
    return this.#of.vault.save(scope).kind === 'saved'
  }

  get #book(): MessageBook {
    if (this.#opened === undefined) {
      const scope = this.#of.open()
      this.#opened = { scope, book: scope.bookFor(this.#origin) }
    }
    return this.#opened.book
  }
}
