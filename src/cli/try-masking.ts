import { createSecretKey, randomBytes } from 'node:crypto'
import { decodeUtf8, encodeUtf8 } from '../base/bytes.ts'
import { clock } from '../base/clock.ts'
import { Document } from '../masking/document.ts'
import { maskMessage } from '../masking/engine.ts'
import { explainText, type Explained } from '../masking/explain.ts'
import { knownOf } from '../masking/masked-passage.ts'
import { blockedText, heldBackText } from '../masking/refusal-words.ts'
import type { Action } from '../masking/replace/actions.ts'
import { type Located, pathOf } from '../masking/structure/locate.ts'
import type { Book } from '../masking/surrogates/book.ts'
import { MessageBook, OneWayBook } from '../masking/surrogates/message-book.ts'
import { hashKey, SALT_BYTES, scopeKeys } from '../masking/surrogates/scope.ts'
import { ScopeBook } from '../masking/surrogates/scope-book.ts'
import type { Told } from '../masking/told.ts'
import type { MaskTerms } from './mask-terms.ts'
import type { SchemaFor } from './mask-schema.ts'

/** One finding of a try-out. No part of the value. */
export interface Tried {
  readonly entity: string
  /** What was recognised, in UTF-16 code units of the text. */
  readonly start: number
  readonly end: number
  /** The part of it that is replaced, where that is less. */
  readonly hidden?: { readonly start: number; readonly end: number }
  /** Where it stands in JSON, keys that were hidden as they are now. */
  readonly path?: string
  readonly score: number
  readonly rule: string
  readonly why: string
  /** `none`: a near miss. */
  readonly action: Action | 'none'
  readonly line: number
  readonly column: number
}

export interface TryOut {
  /** Undefined where a gateway would let nothing through; `refused` says why. */
  readonly masked: string | undefined
  readonly refused: string | undefined
  readonly findings: readonly Tried[]
  /** Why `findings` says nothing, although something may have been found. */
  readonly untold: string | undefined
  readonly notInspected: readonly string[]
}

/** Stand-ins of one try-out; nothing of them is kept. */
const ROWS_MAX = 1_000_000

export interface TrialOptions {
  /** Near misses are told too. */
  readonly keepsAll: boolean
  /** What structured results must look like. */
  readonly schema: SchemaFor | undefined
}

/**
 * Masks texts as results of a server, or arguments for one, would be. Equal values get equal stand-ins; in the next run they
 * are others.
 */
export class Trial {
  readonly #terms: MaskTerms
  readonly #scope: ScopeBook
  readonly #options: TrialOptions

  constructor(terms: MaskTerms, options: TrialOptions) {
    this.#terms = terms
    this.#options = options
    const name = { tenant: '', principal: '', client: '', group: '', purpose: 'try-out' }
    const root = { key: createSecretKey(randomBytes(SALT_BYTES)), id: 'try-out' }
    this.#scope = new ScopeBook({
      keys: scopeKeys(root, name, { epochMs: 0, salt: randomBytes(SALT_BYTES) }),
      hashKey: hashKey(root, name),
      endsMs: Infinity,
      rowsMax: ROWS_MAX,
      random: (bytes) => randomBytes(bytes),
    })
  }

  /** Plain text or a JSON text; `told`: what an outside detector found in it. */
  mask(text: string, told: readonly Told[] = []): TryOut {
    const { scanner, rules, binary } = this.#terms
    const { keepsAll, schema } = this.#options
    const bytes = encodeUtf8(text)
    const document = new Document(bytes)
    const known = knownOf(told, { rules })
    const result = maskMessage(bytes, {
      scanner,
      rules,
      binary,
      book: this.#book(),
      restored: [],
      told: known,
      schema: schema?.(document),
    })
    const explained = explainText(text, { scanner, rules, told: known, keepsAll })
    const masked = result.kind === 'refused' ? undefined : new Document(result.bytes)
    return {
      masked: masked && decodeUtf8(masked.bytes),
      refused: result.kind === 'refused' ? this.#refusal(result) : undefined,
      findings: inPlace(explained ?? [], new Places(text, { document, masked })),
      untold: explained === undefined ? (keepsAll ? UNTOLD_ALL : UNTOLD) : undefined,
      notInspected: result.kind === 'refused' ? [] : result.evidence.notInspected,
    }
  }

  #book(): Book {
    return this.#terms.direction === 'results'
      ? new MessageBook(this.#scope, { upstream: '', tool: undefined, atMs: clock.nowMs() })
      : new OneWayBook(this.#scope)
  }

  #refusal(refused: Parameters<typeof blockedText>[0]): string {
    const { direction, connection } = this.#terms
    return direction === 'results' ? blockedText(refused) : heldBackText(refused, connection)
  }
}

const UNTOLD = 'what was found cannot be told: it takes too long to search'
const UNTOLD_ALL = `${UNTOLD} for near misses too`

/** Of what is withheld there is no masked form to read paths from: the original says them, unless a key is a value itself. */
function inPlace(explained: readonly Explained[], places: Places): Tried[] {
  const all = explained.map((finding) => ({ finding, place: places.of(finding.start) }))
  const areKeysShown = places.areMasked || !all.some(({ place }) => place.isKey)
  return all.map(({ finding, place }) => tried(finding, areKeysShown ? place : { ...place, path: undefined }))
}

function tried({ entity, start, end, hidden, score, rule, why, action }: Explained, place: Place): Tried {
  const { path, line, column } = place
  return {
    entity,
    start,
    end,
    ...(hidden !== undefined && { hidden }),
    ...(path !== undefined && { path }),
    score,
    rule,
    why,
    action: action ?? 'none',
    line,
    column,
  }
}

interface Place {
  readonly line: number
  readonly column: number
  readonly path: string | undefined
  readonly isKey: boolean
}

/** Says where findings stand, in their order: everything in front of one is counted once. */
class Places {
  /** Whether keys that are values stand masked in the paths. */
  readonly areMasked: boolean
  readonly #text: string
  readonly #document: Document
  /** What paths are read from. */
  readonly #shown: Document
  #unit = 0
  #byte = 0
  #line = 1
  #lineStart = 0

  constructor(text: string, { document, masked }: { document: Document; masked: Document | undefined }) {
    this.#text = text
    this.#document = document
    // Where a schema made it drop a member, nothing stands where it stood.
    this.areMasked = masked !== undefined && masked.structure?.length === document.structure?.length
    this.#shown = masked !== undefined && this.areMasked ? masked : document
  }

  of(unit: number): Place {
    this.#goTo(unit)
    const { structure } = this.#document
    const at = structure?.locate(this.#byte)
    return {
      line: this.#line,
      column: this.#unit - this.#lineStart + 1,
      path: at && this.#shownPath(at),
      isKey: at !== undefined && at.structure.kind(at.token) === 'key',
    }
  }

  #goTo(unit: number): void {
    this.#byte += encodeUtf8(this.#text.slice(this.#unit, unit)).length
    for (let at = this.#text.indexOf('\n', this.#unit); at >= 0 && at < unit; at = this.#text.indexOf('\n', at + 1)) {
      this.#line += 1
      this.#lineStart = at + 1
    }
    this.#unit = unit
  }

  /** A key may be a value that was hidden. Masking leaves as many tokens as there were, so the path is read after it. */
  #shownPath(at: Located): string | undefined {
    const tokens: number[] = []
    for (let place: Located | undefined = at; place !== undefined; place = place.structure.outer)
      tokens.unshift(place.token)
    let structure = this.#shown.structure
    for (const [depth, token] of tokens.entries()) {
      if (structure === undefined || token >= structure.length) return undefined
      if (depth === tokens.length - 1) return pathOf({ structure, token })
      structure = structure.inner(token)
    }
    return undefined
  }
}
