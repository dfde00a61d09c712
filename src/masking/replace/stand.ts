import type { EntityName } from '../entities.ts'
import type { Book, BookRow } from '../surrogates/book.ts'
import type { Action } from './actions.ts'
import { base32Bits } from './bits.ts'
import { factsOf } from './entity-groups.ts'
import { hashText, oneWayUuidText, redactedText, surrogateText, uuidText } from './forms.ts'

/** What all texts and numbers that stand for a value are made of. */
export interface Stand {
  /** Undefined where nothing comes back. */
  readonly row: BookRow | undefined
  /** The text where any text will do. */
  readonly plain: string
  /** Of an address or a host. */
  readonly local: string
  /** Of a URI. */
  readonly path: string
  readonly uuid: string
  /** Characters for texts that have room for some only: of `redact` the same for all values. */
  readonly characters: string
  readonly bits: bigint
  /** False where all values look the same. */
  readonly varies: boolean
}

export interface StandFor {
  readonly entity: EntityName
  /** What the kind is called in texts from which nothing comes back; a kind of the configuration has a name of its own. */
  readonly label: string
  readonly action: Action
  readonly text: string
  readonly book: Book
}

/**
 * What stands for a value. Where it may not be kept or the book is full, it is hidden for good; and a hash of one of few
 * values would hide nothing (masking.md, section 7).
 */
export function standFor({ entity, label, action, text, book }: StandFor): Stand {
  const { isSecret, lowEntropy, neverStored } = factsOf(entity)
  if (action === 'surrogate' && !neverStored) {
    const row = book.mint(entity, text)
    if (row !== undefined) return new Surrogate(row)
  }
  const hash = action === 'hash' && !isSecret && !lowEntropy ? book.hash(entity, text) : ''
  return hash === '' ? redacted(label) : hashed(label, hash)
}

/** A class, as there is one for each value of a table, and what few ask for is made when they do. */
class Surrogate implements Stand {
  readonly row: BookRow
  readonly plain: string
  readonly varies = true

  constructor(row: BookRow) {
    this.row = row
    this.plain = surrogateText(row.entity, row.id)
  }

  get local(): string {
    return `s-${this.row.id}`
  }
  get path(): string {
    return this.row.id
  }
  get uuid(): string {
    return uuidText(this.row.id)
  }
  get characters(): string {
    return this.row.id
  }
  get bits(): bigint {
    return base32Bits(this.row.id)
  }
}

function hashed(label: string, hash: string): Stand {
  return {
    row: undefined,
    plain: hashText(label, hash),
    local: `h-${hash}`,
    path: `h-${hash}`,
    get uuid() {
      return oneWayUuidText(hash)
    },
    characters: hash,
    get bits() {
      return base32Bits(hash)
    },
    varies: true,
  }
}

function redacted(label: string): Stand {
  return {
    row: undefined,
    plain: redactedText(label),
    local: 'redacted',
    path: 'redacted',
    get uuid() {
      return oneWayUuidText('')
    },
    characters: 'redacted',
    bits: 0n,
    varies: false,
  }
}
