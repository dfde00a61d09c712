import { GatewayError } from '../base/assert.ts'
import type { ConnectionMasking } from './connection-masking.ts'
import type { SchemaOf } from './edits.ts'
import { type Asked, maskMessage, type MaskResult } from './engine.ts'
import type { Evidence } from './evidence.ts'
import type { JsonObject } from '../base/json.ts'
import { Sealed } from '../base/sealed.ts'
import { findEntity } from './entities.ts'
import type { Known } from './spread.ts'
import { textsOf } from './texts.ts'
import type { Told } from './told.ts'
import { fitsGlob } from './surrogates/sinks.ts'
import { Dispatch, type Hide, type Unmasked } from './masked.ts'
import type { ConnectionMasker, Outbound, PassageAbout, PassageMasking } from './passage.ts'
import type { OwnDetector } from './patterns/own-detector.ts'
import { blockedText, heldBackText, SURROGATE_TEXT } from './refusal-words.ts'
import { Restoring } from './restoring.ts'
import { makeRuleSet, type RuleSet, type RuleSetParts, type Terms } from './rule-set.ts'
import type { SchemaChecks } from './replace/schema-shape.ts'
import type { Scanners } from './scanners.ts'
import type { Sealer } from './sealing.ts'
import type { Book } from './surrogates/book.ts'
import type { SurrogateVault } from './surrogates/vault.ts'

/** What all connections share. */
export interface MaskerParts {
  readonly scanners: Scanners
  /** Kinds of the configuration, in the order of their ids. */
  readonly own: readonly OwnDetector[]
  readonly vault: SurrogateVault
  readonly nowMs: () => number
  readonly sealer: Sealer
  /** Undefined for a schema that cannot be used. */
  readonly checksOf: (schema: JsonObject) => SchemaChecks | undefined
}

export interface OfConnection {
  readonly name: string
  readonly terms: ConnectionMasking
  /** Connections that share its stand-ins, itself among them. */
  readonly group: readonly string[]
  /** Arguments that policy reads as SQL, commands or URLs, as paths. */
  readonly judged: readonly string[]
  /** Hides the connection's own credentials, first of all. */
  readonly credentials: Hide
}

/** Masking of one connection: rule sets are made once for each set of obligations that occurs. */
export class Masker implements ConnectionMasker {
  readonly parts: MaskerParts
  readonly of: OfConnection
  readonly restoring: Restoring
  readonly #sets = new Map<string, RuleSet>()

  constructor(parts: MaskerParts, of: OfConnection) {
    this.parts = parts
    this.of = of
    this.restoring = new Restoring(parts, { upstream: of.name, terms: of.terms, group: of.group, judged: of.judged })
  }

  passage(about: PassageAbout): PassageMasking {
    return new Passage(this, about)
  }

  label(text: string): string {
    const clean = this.of.credentials.text(text)
    return maskedText(clean, this.asked('record', NO_TERMS, { tool: undefined, book: REDACTING }))
  }

  /** What a message of one side is masked by. */
  asked(side: Side, terms: readonly Terms[], { tool, book }: { tool: string | undefined; book: Book }): Asked {
    const rules = this.rulesOf(side, terms, tool)
    const { binary } = this.of.terms
    return { rules, scanner: this.parts.scanners.for(rules), restored: [], schema: undefined, binary, book }
  }

  rulesOf(side: Side, terms: readonly Terms[], tool: string | undefined): RuleSet {
    const { own } = this.parts
    const looked = own.map((detector) => ({
      name: detector.name,
      with: detector.looksAt(this.of.name, tool) ? detector.action : undefined,
      score: detector.score,
    }))
    const key = `${side} ${terms.length === 0 ? '' : JSON.stringify(terms)} ${looked.map(({ with: one }) => (one === undefined ? 0 : 1)).join('')}`
    const known = this.#sets.get(key)
    if (known !== undefined) return known
    const made = makeRuleSet({ profile: this.of.terms.profile, side, terms, own: looked })
    // Obligations are those of a policy's rules, so there are few; a new policy brings others.
    if (this.#sets.size >= RULE_SETS_MAX) this.#sets.clear()
    this.#sets.set(key, made)
    return made
  }
}

type Side = RuleSetParts['side']

const RULE_SETS_MAX = 1_000
const NO_TERMS: readonly Terms[] = []
const NO_TEXTS: readonly string[] = []
const NO_TOLD: readonly Told[] = []

/** For texts of which nothing is ever given back and nothing is compared. */
const REDACTING: Book = { mint: () => undefined, alias: () => false, hash: () => '' }

class Passage implements PassageMasking {
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
    if (tool !== undefined && !analyzer.tools.some((glob) => fitsGlob(glob, tool))) return NO_TEXTS
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
    const evidence = checked.kind === 'clean' ? undefined : checked.evidence
    return { kind: 'pass', body: new Dispatch(restored.bytes), evidence, restored: restored.ids }
  }
}

/** Another node may have given out another stand-in for the same value; so many times the message is masked once more. */
const SAVE_TRIES = 3
/** What a server says of what it offers. Tools are pinned by it, and a rewritten one would be another tool. */
const DEFINITIONS: ReadonlySet<string> = new Set(['tools/list', 'prompts/list', 'resources/templates/list'])

class ResultsHide implements Hide {
  /** What an outside detector found in the next message. */
  told: readonly Told[] = NO_TOLD
  readonly #masker: Masker
  readonly #about: PassageAbout
  #evidence: Evidence | undefined

  constructor(masker: Masker, about: PassageAbout) {
    this.#masker = masker
    this.#about = about
  }

  bytes(raw: Uint8Array): Uint8Array {
    const masker = this.#masker
    const about = this.#about
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
        const minted = book.minted
        this.#evidence = evidenceOf({ ...result.evidence, minted }, hits)
        this.told = NO_TOLD
        return masker.restoring.sealed(result.bytes, about)
      }
    }
    throw blocked({ kind: 'refused', why: 'store-failed' })
  }

  text(raw: string): string {
    return this.#masker.label(raw)
  }

  takeEvidence(): Evidence | undefined {
    const evidence = this.#evidence
    this.#evidence = undefined
    return evidence
  }
}

class RecordHide implements Hide {
  readonly #masker: Masker
  readonly #about: PassageAbout
  #evidence: Evidence | undefined

  constructor(masker: Masker, about: PassageAbout) {
    this.#masker = masker
    this.#about = about
  }

  bytes(raw: Uint8Array): Uint8Array {
    const masker = this.#masker
    const { tool } = this.#about
    const asked = masker.asked('record', NO_TERMS, { tool, book: masker.restoring.typedBook(this.#about) })
    const { clean, hits } = withoutCredentials(raw, masker)
    const result = maskMessage(clean, asked)
    if (result.kind === 'refused') throw blocked(result)
    this.#evidence = evidenceOf(result.evidence, hits)
    return result.bytes
  }

  text(raw: string): string {
    return this.#masker.label(raw)
  }

  takeEvidence(): Evidence | undefined {
    const evidence = this.#evidence
    this.#evidence = undefined
    return evidence
  }
}

/** Where a tool says what its structured results look like, replacements look like that too. */
function schemaOf({ schemas: { output } }: PassageAbout, { checksOf }: MaskerParts): SchemaOf | undefined {
  const checks = output === undefined ? undefined : checksOf(output)
  return output === undefined || checks === undefined
    ? undefined
    : { at: ['result', 'structuredContent'], document: output, checks }
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

/** Undefined where nothing was found and nothing left unread. */
function evidenceOf(evidence: Evidence, hits: number): Evidence | undefined {
  const { counts, notInspected } = evidence
  if (hits > 0) return { ...evidence, counts: { ...counts, credential: { redact: hits } }, verified: 'passed' }
  return notInspected.length === 0 && Object.keys(counts).length === 0 ? undefined : evidence
}

function maskedText(text: string, asked: Asked): string {
  const bytes = new TextEncoder().encode(text)
  const result = maskMessage(bytes, asked)
  if (result.kind === 'clean') return text
  return result.kind === 'refused' ? `[withheld: ${result.why}]` : new TextDecoder().decode(result.bytes)
}

function blocked(refused: Extract<MaskResult, { kind: 'refused' }>): GatewayError {
  return new GatewayError('masking_blocked', blockedText(refused))
}
