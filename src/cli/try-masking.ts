import { createSecretKey, randomBytes } from 'node:crypto'
import { decodeUtf8, encodeUtf8 } from '../base/bytes.ts'
import { clock } from '../base/clock.ts'
import { Document } from '../masking/document.ts'
import { maskMessage } from '../masking/engine.ts'
import { explainText, type Explained } from '../masking/explain.ts'
import { blockedText } from '../masking/refusal-words.ts'
import type { Action } from '../masking/replace/actions.ts'
import { isStructural } from '../masking/structural.ts'
import { type Located, pathOf } from '../masking/structure/locate.ts'
import { MessageBook } from '../masking/surrogates/message-book.ts'
import { hashKey, SALT_BYTES, scopeKeys } from '../masking/surrogates/scope.ts'
import { ScopeBook } from '../masking/surrogates/scope-book.ts'
import type { MaskTerms } from './mask-terms.ts'

/** One finding of a try-out. No part of the value. */
export interface Tried {
  readonly entity: string
  /** In UTF-16 code units of the text. */
  readonly start: number
  readonly end: number
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
  readonly notInspected: readonly string[]
}

/** Stand-ins of one try-out; nothing of them is kept. */
const ROWS_MAX = 1_000_000

/** Masks texts as results of a server would be. Equal values get equal stand-ins; in the next run they are others. */
export class Trial {
  readonly #terms: MaskTerms
  readonly #scope: ScopeBook
  readonly #keepsAll: boolean

  constructor(terms: MaskTerms, { keepsAll }: { keepsAll: boolean }) {
    this.#terms = terms
    this.#keepsAll = keepsAll
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

  /** Plain text or a JSON text. */
  mask(text: string): TryOut {
    const { scanner, rules, binary } = this.#terms
    const bytes = encodeUtf8(text)
    const book = new MessageBook(this.#scope, { upstream: '', tool: undefined, atMs: clock.nowMs() })
    const result = maskMessage(bytes, { scanner, rules, binary, book, restored: [], schema: undefined })
    const explained = explainText(text, { scanner, rules }) ?? []
    const masked = result.kind === 'refused' ? undefined : new Document(result.bytes)
    const places = new Places(text, { document: new Document(bytes), masked })
    return {
      masked: masked && decodeUtf8(masked.bytes),
      refused: result.kind === 'refused' ? blockedText(result) : undefined,
      findings: explained
        .filter(({ counts }) => counts || this.#keepsAll)
        .map((finding) => this.#tried(finding, places.of(finding.start))),
      notInspected: result.kind === 'refused' ? [] : result.evidence.notInspected,
    }
  }

  #tried({ entity, start, end, score, rule, why, counts }: Explained, place: Place): Tried {
    const { scanner, rules } = this.#terms
    const action = counts ? (rules.actions[scanner.entities.indexOf(entity)] ?? 'redact') : 'none'
    const { path, line, column, isProtocol } = place
    return {
      entity,
      start,
      end,
      ...(path !== undefined && { path }),
      score,
      rule,
      why: isProtocol ? `${why}; the protocol itself is written here, so it stays` : why,
      action: isProtocol && counts ? 'allow' : action,
      line,
      column,
    }
  }
}

interface Place {
  readonly line: number
  readonly column: number
  readonly path: string | undefined
  readonly isProtocol: boolean
}

/** Says where findings stand, in their order: everything in front of one is counted once. */
class Places {
  readonly #text: string
  readonly #document: Document
  readonly #masked: Document | undefined
  #unit = 0
  #byte = 0
  #line = 1
  #lineStart = 0

  constructor(text: string, { document, masked }: { document: Document; masked: Document | undefined }) {
    this.#text = text
    this.#document = document
    this.#masked = masked
  }

  of(unit: number): Place {
    this.#goTo(unit)
    const { structure } = this.#document
    const at = structure?.locate(this.#byte)
    return {
      line: this.#line,
      column: this.#unit - this.#lineStart + 1,
      path: at && this.#maskedPath(at),
      isProtocol: at !== undefined && isStructural(at),
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
  #maskedPath(at: Located): string | undefined {
    const tokens: number[] = []
    for (let place: Located | undefined = at; place !== undefined; place = place.structure.outer)
      tokens.unshift(place.token)
    let structure = this.#masked?.structure
    for (const [depth, token] of tokens.entries()) {
      if (structure === undefined || token >= structure.length) return undefined
      if (depth === tokens.length - 1) return pathOf({ structure, token })
      structure = structure.inner(token)
    }
    return undefined
  }
}
