import { GatewayError } from '../base/assert.ts'
import type { JsonObject } from '../base/json.ts'
import { nameGlob } from '../base/name-glob.ts'
import { Sealed } from '../base/sealed.ts'
import type { SchemaOf } from './edits.ts'
import { type Asked, maskMessage, type MaskResult } from './engine.ts'
import { findEntity } from './entities.ts'
import { asksForDefinitions, isDefinitions } from './definitions.ts'
import type { Evidence } from './evidence.ts'
import { keptAlone, keptDefinitions } from './kept.ts'
import { Dispatch, type Hide, type Masked, narrow, type Unmasked } from './masked.ts'
import type { Masker, MaskerParts } from './masker.ts'
import type { Outbound, PassageAbout, PassageMasking } from './passage.ts'
import { hideAcrossBlocks } from './pieces/blocks.ts'
import type { PiecesHidden } from './pieces/hidden.ts'
import { Pieces } from './pieces/pieces.ts'
import { blockedText, heldBackText, SURROGATE_TEXT } from './refusal-words.ts'
import { NO_TERMS, type Terms } from './rule-set.ts'
import type { Known } from './spread.ts'
import { textsOf } from './texts.ts'
import { REDACTING } from './surrogates/book.ts'
import type { Told } from './told.ts'

const NO_TEXTS: readonly string[] = []
const NO_TOLD: readonly Told[] = []

/** Masking of one message of a client and of what answers it. */
export class MaskedPassage implements PassageMasking {
  readonly results: ResultsHide
  readonly record: Hide
  readonly #masker: Masker
  readonly #about: PassageAbout

  constructor(masker: Masker, about: PassageAbout) {
    this.#masker = masker
    this.#about = about
    this.results = new ResultsHide(masker, about)
    this.record = new RecordHide(masker, about)
  }

  get terms(): readonly Terms[] {
    return this.#about.results
  }

  textsOf(raw: Unmasked<Uint8Array>): readonly string[] {
    const { analyzer } = this.#masker.of.terms
    const { method, tool } = this.#about
    if (analyzer === undefined || asksForDefinitions(method)) return NO_TEXTS
    if (tool !== undefined && !analyzer.tools.some((glob) => nameGlob(glob)(tool))) return NO_TEXTS
    return textsOf(Sealed.open(raw))
  }

  tell(told: readonly Told[]): void {
    this.results.told = told
  }

  kept(shown: Masked<Uint8Array>): Masked<Uint8Array> {
    if (!asksForDefinitions(this.#about.method)) return shown
    const masker = this.#masker
    const { byKey } = masker.rulesOf('definitions', NO_TERMS, undefined)
    const by = { asked: this.#recordAsked(), byKey, label: (text: string) => masker.label(text) }
    return narrow(shown, (bytes) => keptDefinitions(bytes, by))
  }

  keptAlone(dropped: Masked<Uint8Array>): Masked<Uint8Array> {
    return narrow(dropped, (bytes) => keptAlone(bytes, this.#recordAsked()))
  }

  #recordAsked(): Asked {
    const masker = this.#masker
    const book = masker.restoring.typedBook(this.#about)
    return masker.asked('record', NO_TERMS, { tool: undefined, book })
  }

  outbound(bytes: Uint8Array): Outbound {
    const masker = this.#masker
    const about = this.#about
    const asked = masker.asked('arguments', about.arguments, {
      tool: about.tool,
      book: masker.restoring.typedBook(about),
    })
    const schema = about.method === 'tools/call' ? schemaOf(about.inputSchema, ARGUMENTS, masker.parts) : undefined
    const forms = about.forms.flatMap((form) => schemaOf(form.schema, form.at, masker.parts) ?? [])
    const checked = maskMessage(masker.of.credentials.bytes(bytes), { ...asked, schema, forms })
    if (checked.kind === 'refused')
      return { kind: 'refused', why: checked.why, text: heldBackText(checked, masker.of.name), isParams: false }
    const restored = masker.restoring.restore(checked.bytes, about)
    if (restored.kind === 'refused')
      return {
        kind: 'refused',
        why: 'surrogate-unknown',
        fault: restored.fault,
        text: restored.text ?? SURROGATE_TEXT,
        isParams: restored.text !== undefined || about.method !== 'tools/call',
      }
    return { kind: 'pass', body: new Dispatch(restored.bytes), restored: restored.ids }
  }
}

/** Another node may have given out another stand-in for the same value; so many times the message is masked once more. */
const SAVE_TRIES = 3

/** Hides what one side says, and remembers what it did until somebody takes it for the record. */
abstract class EvidentHide implements Hide {
  protected readonly masker: Masker
  protected readonly about: PassageAbout
  #evidence: Evidence | undefined

  constructor(masker: Masker, about: PassageAbout) {
    this.masker = masker
    this.about = about
  }

  abstract bytes(raw: Uint8Array): Uint8Array

  text(raw: string): string {
    return this.masker.label(raw)
  }

  takeEvidence(): Evidence | undefined {
    const evidence = this.#evidence
    this.#evidence = undefined
    return evidence
  }

  /** `hits`: places where the connection's own credentials stood. Nothing is kept where nothing was found and nothing left unread. */
  protected keep(evidence: Evidence, hits: number): void {
    const { counts, notInspected, leftInPlace } = evidence
    const isEmpty = notInspected.length === 0 && leftInPlace === undefined && Object.keys(counts).length === 0
    if (hits > 0)
      this.#evidence = { ...evidence, counts: { ...counts, credential: { redact: hits } }, verified: 'passed' }
    else this.#evidence = isEmpty ? undefined : evidence
  }
}

class ResultsHide extends EvidentHide {
  /** What an outside detector found in the next message. */
  told: readonly Told[] = NO_TOLD
  /** Only of streams. */
  #pieces: Pieces | undefined

  bytes(raw: Uint8Array): Uint8Array {
    const asked = this.#asked(raw)
    return this.#hide(hideAcrossBlocks(raw, asked), asked)
  }

  event(raw: Uint8Array): Uint8Array {
    const asked = this.#asked(raw)
    this.#pieces ??= new Pieces()
    const noticed = this.#pieces.hide(raw, asked, (text) => credentialsIn(text, this.masker))
    // A notification has no blocks, and what has is none.
    return this.#hide(noticed.kind === 'ready' && noticed.bytes === raw ? hideAcrossBlocks(raw, asked) : noticed, asked)
  }

  #asked(raw: Uint8Array): Asked {
    const { masker, about } = this
    const isDefining = isDefinitions(about.method, raw)
    const asked = masker.asked(isDefining ? 'definitions' : 'results', isDefining ? NO_TERMS : about.results, {
      tool: about.tool,
      book: REDACTING,
    })
    return {
      ...asked,
      restored: masker.restoring.restoredOf(about),
      schema: schemaOf(about.outputSchema, STRUCTURED, masker.parts),
      checksOf: masker.parts.checksOf,
      told: [...knownOf(this.told, asked), ...masker.restoring.restoredHere(about)],
    }
  }

  /** Where a value came in pieces, they are hidden already, and each is one no more. */
  #hide(pieces: PiecesHidden, asked: Asked): Uint8Array {
    const { masker, about } = this
    if (pieces.kind === 'refused') throw blocked(pieces)
    const { clean, hits } = withoutCredentials(pieces.bytes, masker)
    // Rewritten, it would be another tool; and a server that tells everybody its key is one to be looked at.
    if (hits > 0 && isDefinitions(about.method, pieces.bytes)) throw new GatewayError('masking_blocked', TELLS_ITS_KEY)
    for (let tries = 0; tries < SAVE_TRIES; tries++) {
      const book = masker.restoring.bookFor(about)
      const result = maskMessage(clean, { ...asked, book })
      if (result.kind === 'refused') throw blocked(result)
      if (result.kind === 'clean' || book.save()) {
        const evidence = withPieces({ ...result.evidence, minted: book.minted }, pieces, asked)
        this.keep(evidence, hits + pieces.credentials)
        this.told = NO_TOLD
        return masker.restoring.sealed(result.bytes, about)
      }
    }
    throw blocked({ kind: 'refused', why: 'store-failed' })
  }
}

class RecordHide extends EvidentHide {
  bytes(raw: Uint8Array): Uint8Array {
    const { masker, about } = this
    const asked = masker.asked('record', NO_TERMS, { tool: about.tool, book: masker.restoring.typedBook(about) })
    const { clean, hits } = withoutCredentials(raw, masker)
    // Nobody answers to what is kept, so the members of the protocol are hidden in it too: a tool's name may be anything.
    const result = maskMessage(clean, { ...asked, isPart: true })
    if (result.kind === 'refused') throw blocked(result)
    this.keep(result.evidence, hits)
    return result.bytes
  }
}

const TELLS_ITS_KEY = 'The list was withheld: it holds a credential of this connection. Tell whoever runs the gateway.'

function withPieces(evidence: Evidence, { entities, credentials }: PiecesReady, { scanner }: Asked): Evidence {
  const pieces = entities.length + credentials
  if (pieces === 0) return evidence
  const counts = { ...evidence.counts }
  for (const entity of entities) {
    const name = scanner.entities[entity] ?? ''
    counts[name] = { ...counts[name], redact: (counts[name]?.redact ?? 0) + 1 }
  }
  return { ...evidence, counts, pieces, verified: 'passed' }
}

type PiecesReady = Extract<PiecesHidden, { kind: 'ready' }>

function credentialsIn(text: string, { of: { credentials } }: Masker): number {
  credentials.takeHits?.()
  credentials.text(text)
  return credentials.takeHits?.() ?? 0
}

const ARGUMENTS = ['params', 'arguments'] as const
const STRUCTURED = ['result', 'structuredContent'] as const

/** Where a tool says what it takes and what its structured results look like, replacements look like that too. */
function schemaOf(
  document: JsonObject | undefined,
  at: readonly string[],
  { checksOf }: MaskerParts,
): SchemaOf | undefined {
  const checks = document && checksOf(document)
  return document && checks && { at, document, checks }
}

/** What an outside detector found, with what the rules make of it. */
export function knownOf(told: readonly Told[], { rules }: Pick<Asked, 'rules'>): readonly Known[] {
  return told.flatMap(({ entity, value, lines }) => {
    const id = findEntity(entity) ?? -1
    const action = rules.actions[id] ?? 'allow'
    return action === 'allow'
      ? []
      : [{ entity: id, action, value, by: 'detector' as const, ...(lines !== undefined && { lines }) }]
  })
}

/** The connection's own credentials go first: they are known, whatever they look like. */
function withoutCredentials(raw: Uint8Array, { of: { credentials } }: Masker): { clean: Uint8Array; hits: number } {
  credentials.takeHits?.()
  const clean = credentials.bytes(raw)
  return { clean, hits: credentials.takeHits?.() ?? 0 }
}

function blocked(refused: Extract<MaskResult, { kind: 'refused' }>): GatewayError {
  return new GatewayError('masking_blocked', blockedText(refused))
}
