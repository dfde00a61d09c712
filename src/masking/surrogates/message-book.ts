import type { EntityName } from '../entities.ts'
import type { Book, BookRow } from './book.ts'
import type { Origin } from './held-row.ts'
import type { ScopeBook } from './scope-book.ts'

/**
 * The book of one message from one place of an upstream. A value that occurs 12,000 times in it is worked out once. It is
 * thrown away with its message, and before the message is masked again.
 */
export class MessageBook implements Book {
  readonly #scope: ScopeBook
  readonly #origin: Origin
  readonly #seen = new Seen()
  readonly #minted: string[] = []
  #lacking = 0
  #isFull = false

  constructor(scope: ScopeBook, origin: Origin) {
    this.#scope = scope
    this.#origin = origin
  }

  /** Ids that this message was the first to use. */
  get minted(): readonly string[] {
    return this.#minted
  }

  /** Whether a value of this message has no stand-in because its scope is full. */
  get isFull(): boolean {
    return this.#isFull
  }

  mint(entity: EntityName, value: string): BookRow | undefined {
    return this.#seen.find(entity, value, () => {
      const minted = this.#scope.mint(entity, value, this.#origin)
      if (minted === undefined) this.#lack()
      else if (minted.isNew) this.#minted.push(minted.row.id)
      return minted?.row
    })
  }

  lacks(entity: EntityName, value: string): boolean {
    return this.#lacking > 0 && this.#seen.lacks(entity, value)
  }

  #lack(): void {
    this.#lacking += 1
    this.#isFull ||= this.#scope.isFull
  }

  alias(row: BookRow, text: string, spelling?: string): boolean {
    return this.#scope.alias(row.id, text, spelling)
  }

  spell(row: BookRow, spelling: string): string | undefined {
    return this.#scope.spell(row.id, spelling)
  }

  hash(entity: EntityName, value: string): string {
    return this.#scope.hash(entity, value)
  }
}

/**
 * The book for what a client typed. Its surrogates look like others and nothing comes back from them: nobody can guess a
 * value, have it masked, and see whether it is one that an upstream has (masking.md, 10.5, rule 6).
 */
export class OneWayBook implements Book {
  readonly #scope: ScopeBook
  readonly #seen = new Seen()

  constructor(scope: ScopeBook) {
    this.#scope = scope
  }

  mint(entity: EntityName, value: string): BookRow | undefined {
    return this.#seen.find(entity, value, () => ({ id: this.#scope.oneWayId(entity, value), entity, value }))
  }

  /** Nothing is kept, so any text will do. */
  alias(): boolean {
    return true
  }

  hash(entity: EntityName, value: string): string {
    return this.#scope.hash(entity, value)
  }
}

/** What was worked out for the values of one message; two look-ups, and no text is put together. */
class Seen {
  readonly #rows = new Map<EntityName, Map<string, BookRow | undefined>>()

  find(entity: EntityName, value: string, make: () => BookRow | undefined): BookRow | undefined {
    let values = this.#rows.get(entity)
    if (values === undefined) {
      values = new Map()
      this.#rows.set(entity, values)
    }
    const row = values.get(value)
    if (row !== undefined || values.has(value)) return row
    const made = make()
    values.set(value, made)
    return made
  }

  lacks(entity: EntityName, value: string): boolean {
    const values = this.#rows.get(entity)
    return values?.has(value) === true && values.get(value) === undefined
  }
}
