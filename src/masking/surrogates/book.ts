import type { EntityName } from '../entities.ts'

/** A value that has a stand-in, as a scope keeps it. */
export interface BookRow {
  /** 18 characters of Crockford's base32 in lower case: 15 of the id, 3 of its check. */
  readonly id: string
  readonly entity: EntityName
  /** The spelling that was seen first. */
  readonly value: string
}

/** The surrogates of one scope, in memory. Everything is at once: what is new is stored before the message leaves. */
export interface Book {
  /** The stand-in of a value: the same for the same value. Undefined where the scope is full, so that it must be redacted. */
  mint(entity: EntityName, value: string): BookRow | undefined
  /**
   * Stand-ins for JSON numbers and other shapes are kept by their exact text, so that they are found again; `spelling` is
   * what comes back for this text, where it is not the row's value. False where the text stands for another value already,
   * or the row has too many: it may not be used, try another one.
   */
  alias(row: BookRow, text: string, spelling?: string): boolean
  /**
   * What is written behind the stand-in of a value that is spelled otherwise where its very spelling must come back, as in a
   * URI: `~1`. Undefined where it has too many spellings already.
   */
  spell?(row: BookRow, spelling: string): string | undefined
  /** One way, 16 characters of base32: joins equal values, and nobody gets the value back. Empty: it must be redacted. */
  hash(entity: EntityName, value: string): string
  /** Whether a stand-in was asked for, and there is none: the value was redacted. */
  lacks?(entity: EntityName, value: string): boolean
}

/** For texts of which nothing is ever given back and nothing is compared. */
export const REDACTING: Book = { mint: () => undefined, alias: () => false, hash: () => '' }
