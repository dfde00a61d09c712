import { GatewayError } from '../base/assert.ts'
import { nameGlob } from '../base/name-glob.ts'
import { Sealed } from '../base/sealed.ts'
import type { SchemaOf } from './edits.ts'
import { type Asked, maskMessage, type MaskResult } from './engine.ts'
import { findEntity } from './entities.ts'
import type { Evidence } from './evidence.ts'
import { Dispatch, type Hide, type Unmasked } from './masked.ts'
import type { Masker, MaskerParts } from './masker.ts'
import type { Outbound, PassageAbout, PassageMasking } from './passage.ts'
import { blockedText, heldBackText, SURROGATE_TEXT } from './refusal-words.ts'
import { NO_TERMS, type Terms } from './rule-set.ts'
import type { Known } from './spread.ts'
import { textsOf } from './texts.ts'
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
    if (analyzer === undefined || DEFINITIONS.has(method)) return NO_TEXTS
    if (tool !== undefined && !analyzer.tools.some((glob) => nameGlob(glob)(tool))) return NO_TEXTS
    return textsOf(Sealed.open(raw))
  }

  tell(told: readonly Told[]): void {
    this.results.told = told
  }

  outbound(bytes: Uint8Array): Outbound {
    const masker = this.#masker
    const about = this.#about
    const asked = masker.asked('arguments', about.arguments, {
      tool: about.tool,
      book: masker.restoring.typedBook(about),
    })
    const checked = maskMessage(masker.of.credentials.bytes(bytes), asked)
    if (checked.kind === 'refused')
      return { kind: 'refused', why: checked.why, text: heldBackText(checked, masker.of.name), isParams: false }
    const restored = masker.restoring.restore(checked.bytes, about)
    if (restored.kind === 'refused')
      return {
        kind: 'refused',
        why: 'surrogate-unknown',
        text: restored.text ?? SURROGATE_TEXT,
        isParams: restored.text !== undefined || about.method !== 'tools/call',
      }
    return { kind: 'pass', body: new Dispatch(restored.bytes), restored: restored.ids }
  }
}

/** Another node may have given out another stand-in for the same value; so many times the message is masked once more. */
const SAVE_TRIES = 3
/** What a server says of what it offers. Tools are pinned by it, and a rewritten one would be another tool. */
const DEFINITIONS: ReadonlySet<string> = new Set(['tools/list', 'prompts/list', 'resources/templates/list'])

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
    const { counts, notInspected } = evidence
    if (hits > 0)
      this.#evidence = { ...evidence, counts: { ...counts, credential: { redact: hits } }, verified: 'passed' }
    else this.#evidence = notInspected.length === 0 && Object.keys(counts).length === 0 ? undefined : evidence
  }
}

class ResultsHide extends EvidentHide {
  /** What an outside detector found in the next message. */
  told: readonly Told[] = NO_TOLD

  bytes(raw: Uint8Array): Uint8Array {
    const { masker, about } = this
    const { clean, hits } = withoutCredentials(raw, masker)
    const restored = masker.restoring.restoredOf(about)
    const schema = schemaOf(about, masker.parts)
    for (let tries = 0; tries < SAVE_TRIES; tries++) {
      const book = masker.restoring.bookFor(about)
      const side = DEFINITIONS.has(about.method) ? 'definitions' : 'results'
      const asked = masker.asked(side, side === 'results' ? about.results : NO_TERMS, { tool: about.tool, book })
      const result = maskMessage(clean, { ...asked, restored, schema, told: knownOf(this.told, asked) })
      if (result.kind === 'refused') throw blocked(result)
      if (result.kind === 'clean' || book.save()) {
        this.keep({ ...result.evidence, minted: book.minted }, hits)
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
    const result = maskMessage(clean, asked)
    if (result.kind === 'refused') throw blocked(result)
    this.keep(result.evidence, hits)
    return result.bytes
  }
}

/** Where a tool says what its structured results look like, replacements look like that too. */
function schemaOf({ outputSchema }: PassageAbout, { checksOf }: MaskerParts): SchemaOf | undefined {
  if (outputSchema === undefined) return undefined
  const checks = checksOf(outputSchema)
  return checks && { at: ['result', 'structuredContent'], document: outputSchema, checks }
}

function knownOf(told: readonly Told[], { rules }: Asked): readonly Known[] {
  return told.flatMap(({ entity, value }) => {
    const id = findEntity(entity) ?? -1
    const action = rules.actions[id] ?? 'allow'
    return action === 'allow' ? [] : [{ entity: id, action, value, by: 'detector' as const }]
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
