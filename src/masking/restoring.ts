import { encodeUtf8, indexOf } from '../base/bytes.ts'
import type { JsonObject } from '../base/json.ts'
import type { ConnectionMasking } from './connection-masking.ts'
import { Document } from './document.ts'
import { findEntity } from './entities.ts'
import { fitsForms } from './answered-forms.ts'
import { fitsInput } from './input-schema.ts'
import type { PassageAbout } from './passage.ts'
import type { Known } from './spread.ts'
import type { SchemaChecks } from './replace/schema-shape.ts'
import { pathAt } from './structure/leaves.ts'
import { requestDigest, type Sealer, type SealedField, type SealPlace } from './sealing.ts'
import type { Book } from './surrogates/book.ts'
import { leavesOf } from './surrogates/leaves.ts'
import { planRestore, type RestoreFault } from './surrogates/restore.ts'
import { RestoreRate } from './surrogates/restore-rate.ts'
import { ResultsBook } from './surrogates/results-book.ts'
import type { ScopeName } from './surrogates/scope.ts'
import { argumentPath, compileSinks, resourceSinks } from './surrogates/sinks.ts'
import type { SurrogateVault } from './surrogates/vault.ts'
import { REDACTED_TEXT } from './refusal-words.ts'
import { isFoundFurther } from './views/propagate.ts'
import { type Edit, mergeEdits, splice } from './views/splice.ts'

export interface RestoringParts {
  readonly vault: SurrogateVault
  readonly sealer: Sealer
  readonly nowMs: () => number
  readonly checksOf: (schema: JsonObject) => SchemaChecks | undefined
  /** Different values that may turn back for one caller within a minute. */
  readonly restoresPerMinute: number
  /** Whoever runs the gateway hears that the scope of a caller is full; once an hour for each. */
  readonly onFull: (whose: FullScope) => void
}

/** Whose stand-ins have no room left: their values are redacted. */
export interface FullScope {
  readonly principal: string
  readonly connection: string
}

export interface RestoringOf {
  readonly upstream: string
  readonly terms: ConnectionMasking
  /** Connections that share its stand-ins. */
  readonly group: readonly string[]
  /** Arguments that policy reads as SQL, commands or URLs, as paths. */
  readonly judged: readonly string[]
}

export type Restored =
  /** `bytes`: what goes to the server; the very same where nothing turned back. */
  | { readonly kind: 'ready'; readonly bytes: Uint8Array; readonly ids: readonly string[] }
  /** `text`: undefined for a stand-in, whose refusal always has the same words. `fault`: for the record alone. */
  | { readonly kind: 'refused'; readonly text: string | undefined; readonly fault?: RestoreFault | undefined }

/** There is one tenant as yet. */
const TENANT = 'default'
/** Values of one caller that are hidden in everything that comes back; the oldest is forgotten. */
const RESTORED_KEPT_MAX = 1_000
/** Callers whose restored values are remembered. */
const CALLERS_MAX = 10_000

/** The way back of one connection: stand-ins into values, sealed texts into what the server gave out. */
export class Restoring {
  readonly #parts: RestoringParts
  readonly #of: RestoringOf
  readonly #sinks
  readonly #judged
  readonly #restored = new Map<string, Map<string, Known>>()
  /** Values that stand everywhere by chance, by the call that they turned back in. */
  readonly #restoredHere = new WeakMap<object, readonly Known[]>()
  readonly #rate: RestoreRate

  constructor(parts: RestoringParts, of: RestoringOf) {
    this.#parts = parts
    this.#of = of
    this.#sinks = [...compileSinks(of.terms.restore?.sinks ?? []), ...resourceSinks()]
    this.#judged = of.judged.flatMap((path) => argumentPath(path, { isExact: false }) ?? [])
    this.#rate = new RestoreRate(parts.restoresPerMinute)
  }

  /** The book of a message that comes from the server; it is opened only when a value needs it. */
  bookFor(about: PassageAbout): ResultsBook {
    const { vault, nowMs, onFull } = this.#parts
    const atMs = nowMs()
    const { upstream } = this.#of
    const whose = { principal: about.principal, connection: upstream }
    const open = () => vault.open(this.#scope(about), atMs)
    return new ResultsBook({ vault, open, onFull: () => onFull(whose) }, { upstream, tool: about.tool, atMs })
  }

  /** The book of what a client typed: nothing comes back from it. */
  typedBook(about: PassageAbout): Book {
    let book: Book | undefined
    const opened = (): Book => (book ??= this.#parts.vault.open(this.#scope(about), this.#parts.nowMs()).typedBook())
    return {
      mint: (entity, value) => opened().mint(entity, value),
      alias: (row, text) => opened().alias(row, text),
      hash: (entity, value) => opened().hash(entity, value),
    }
  }

  /** Values that this caller has put back lately: hidden in whatever comes, whatever the detectors think. */
  restoredOf(about: PassageAbout): readonly Known[] {
    const kept = this.#restored.get(callerOf(about))
    return kept === undefined ? NONE : [...kept.values()]
  }

  /** Values of this very call that are too short or too common to be hidden in others: as words of their own in what answers it. */
  restoredHere(about: PassageAbout): readonly Known[] {
    return this.#restoredHere.get(about.call) ?? NONE
  }

  /** Puts values in the place of stand-ins, and what the server gave out in the place of what was sealed. */
  restore(bytes: Uint8Array, about: PassageAbout): Restored {
    const document = new Document(bytes)
    const unsealed = this.#unseal(document, about)
    if (unsealed === undefined) return { kind: 'refused', text: SEALED_TEXT }
    const { vault, nowMs, checksOf } = this.#parts
    const atMs = nowMs()
    const scope = vault.find(this.#scope(about), atMs)
    const plan = planRestore({
      bytes,
      leaves: () => leavesAt(document),
      book: scope?.book,
      sinks: this.#sinks,
      place: {
        upstream: this.#of.upstream,
        group: this.#of.group,
        tool: about.tool,
        isOpenWorld: about.isOpenWorld,
        isApproved: false,
        judged: this.#judged,
        forms: about.forms.flatMap(({ at }) => partAt(document, at)),
      },
      nowMs: atMs,
    })
    if (plan.kind === 'refused')
      return { kind: 'refused', text: plan.why === 'redacted' ? REDACTED_TEXT : undefined, fault: plan.why }
    if (plan.kind !== 'restore') return { kind: 'ready', bytes: spliced(bytes, unsealed), ids: [] }
    const out = spliced(bytes, [...unsealed, ...plan.edits])
    // What goes out is what the tool takes, or the answer of the server would tell what the value is like.
    const fits =
      fitsInput(out, about.inputSchema, checksOf) && fitsForms({ bytes, edits: plan.edits }, about.forms, checksOf)
    if (!fits) return { kind: 'refused', text: undefined }
    if (!this.#rate.take(callerOf(about), plan.ids, atMs))
      return { kind: 'refused', text: undefined, fault: 'too-many' }
    this.#remember(about, plan.values)
    if (scope !== undefined) vault.restored(scope, plan.ids, atMs)
    return { kind: 'ready', bytes: out, ids: plan.ids }
  }

  /** What the server hands out for itself leaves sealed: nobody reads it, changes it, or uses another's. */
  sealed(bytes: Uint8Array, about: PassageAbout): Uint8Array {
    if (this.#of.terms.profile === 'off' || !MAY_BE_SEALED.some((word) => holds(bytes, word))) return bytes
    const document = new Document(bytes)
    const edits = [
      ...this.#sealOne(document, { path: ['result', 'nextCursor'], field: 'cursor' }, about),
      ...this.#sealOne(document, { path: ['result', 'requestState'], field: 'requestState' }, about),
    ]
    return edits.length === 0 ? bytes : splice(bytes, mergeEdits(edits))
  }

  #sealOne(document: Document, { path, field }: SealedPath, about: PassageAbout): Edit[] {
    const span = stringAt(document, path)
    if (span === undefined) return []
    const plain = document.bytes.subarray(span.start, span.end)
    const text = this.#parts.sealer.seal(plain, this.#sealPlace(field, about), this.#parts.nowMs())
    return [{ ...span, put: encodeUtf8(text) }]
  }

  /** Undefined where a sealed text is another's, altered, or too old. */
  #unseal(document: Document, about: PassageAbout): Edit[] | undefined {
    if (this.#of.terms.profile === 'off') return []
    const edits: Edit[] = []
    for (const { path, field } of SEALED_PARAMS) {
      if (!holds(document.bytes, encodeUtf8(`"${field}"`))) continue
      const span = stringAt(document, path)
      if (span === undefined) continue
      const text = document.text(span.start, span.end)
      const plain = this.#parts.sealer.open(text, this.#sealPlace(field, about), this.#parts.nowMs())
      if (plain === undefined) return undefined
      edits.push({ ...span, put: plain })
    }
    return edits
  }

  #sealPlace(field: SealedField, about: PassageAbout): SealPlace {
    const { principal, client, method } = about
    const { upstream } = this.#of
    const place = { tenant: TENANT, principal, client, connection: upstream, upstream, method, field }
    return field === 'cursor' ? place : { ...place, request: requestDigest(about.tool ?? '', about.digested()) }
  }

  #scope({ principal, client }: PassageAbout): ScopeName {
    const { group, restore } = this.#of.terms
    // Of a group there is one purpose, which is that its connections are used together.
    const purpose = group === this.#of.upstream ? (restore?.why ?? '') : 'group'
    return { tenant: TENANT, principal, client, group, purpose }
  }

  #remember(about: PassageAbout, values: readonly { entity: string; value: string }[]): void {
    const caller = callerOf(about)
    const kept = this.#restored.get(caller) ?? new Map<string, Known>()
    const here: Known[] = []
    for (const { entity, value } of values) {
      const known: Known = { entity: findEntity(entity) ?? 0, action: 'surrogate', value, by: 'restored' }
      if (!isFoundFurther(value)) here.push({ ...known, lines: [value] })
      else {
        kept.delete(value)
        kept.set(value, known)
      }
    }
    // A call may turn some back by itself, and some in answers to what it asks.
    this.#restoredHere.set(about.call, [...this.restoredHere(about), ...here].slice(-RESTORED_KEPT_MAX))
    for (const oldest of kept.keys()) if (kept.size > RESTORED_KEPT_MAX) kept.delete(oldest)
    this.#restored.delete(caller)
    this.#restored.set(caller, kept)
    for (const oldest of this.#restored.keys()) if (this.#restored.size > CALLERS_MAX) this.#restored.delete(oldest)
  }
}

const NONE: readonly Known[] = []

interface SealedPath {
  readonly path: readonly string[]
  readonly field: SealedField
}

const SEALED_PARAMS: readonly SealedPath[] = [
  { path: ['params', 'cursor'], field: 'cursor' },
  { path: ['params', 'requestState'], field: 'requestState' },
]
const MAY_BE_SEALED = [encodeUtf8('"nextCursor"'), encodeUtf8('"requestState"')]

/** Whoever waits for an answer learns what to do; that it was another's or too old is one answer. */
const SEALED_TEXT =
  'This cursor or request state is not one that was given to you for this, or it is too old. Ask for the list or begin the call again.'

function callerOf({ principal, client }: PassageAbout): string {
  return `${principal} ${client}`
}

function leavesAt({ structure, bytes }: Document) {
  return structure === undefined ? undefined : leavesOf(structure, { start: 0, end: bytes.length })
}

function stringAt({ structure }: Document, path: readonly string[]): { start: number; end: number } | undefined {
  const token = structure === undefined ? -1 : pathAt(structure, path)
  if (structure === undefined || token < 0 || structure.kind(token) !== 'string') return undefined
  return { start: structure.innerStart(token), end: structure.innerEnd(token) }
}

function partAt({ structure }: Document, path: readonly string[]): { start: number; end: number }[] {
  const token = structure === undefined ? -1 : pathAt(structure, path)
  return structure === undefined || token < 0 ? [] : [{ start: structure.start(token), end: structure.end(token) }]
}

function spliced(bytes: Uint8Array, edits: readonly Edit[]): Uint8Array {
  return edits.length === 0 ? bytes : splice(bytes, mergeEdits(edits))
}

function holds(bytes: Uint8Array, word: Uint8Array): boolean {
  return indexOf(bytes, word) >= 0
}
