// Hides values in one message. The order is here; each step stands in a file of its own. Everything is pure: the same bytes,
// rules and book give the same output, so that the record and what leaves agree, and a replay masks the same.
import type { JsonObject } from '../base/json.ts'
import type { Act } from './acts.ts'
import { place } from './acts.ts'
import { editsAround } from './content-edits.ts'
import { Document } from './document.ts'
import { embeddedEdit, type SchemaOf, schemasOf } from './edits.ts'
import { ENTITY_NAMES, type EntityId } from './entities.ts'
import type { Evidence, RefusedWhy } from './evidence.ts'
import { type Embedded, findAll, type Found } from './find/find-all.ts'
import { isOurs, looksLikeOurs, type Ours, putBy } from './find/ours.ts'
import type { Scanner } from './find/scanner.ts'
import { type Action, isAction } from './replace/actions.ts'
import type { SchemaChecks } from './replace/schema-shape.ts'
import type { RuleSet } from './rule-set.ts'
import { valuesInEach } from './shared-values.ts'
import { knownIn, spread, spreadWidely, type Known } from './spread.ts'
import type { Spans } from './scan/spans.ts'
import { isSealedText } from './structural.ts'
import { stillFits } from './still-fits.ts'
import { isStillJson } from './still-json.ts'
import { isStillReadable } from './still-readable.ts'
import type { Book } from './surrogates/book.ts'
import { type Edit, mergeEdits, splice } from './views/splice.ts'

/** What a message is masked by. */
export interface Asked {
  readonly scanner: Scanner
  readonly rules: RuleSet
  readonly book: Book
  /** Values that were put into the request whose reply this is: hidden here whatever the detectors think. */
  readonly restored: readonly Known[]
  /** Schemas that replacements must fit; undefined where none is known. */
  readonly schema: SchemaOf | undefined
  /** The same of forms that are answered in it. */
  readonly forms?: readonly SchemaOf[]
  /** Checks of forms that a message holds itself; undefined where it is none of a server. */
  readonly checksOf?: ((schema: JsonObject) => SchemaChecks | undefined) | undefined
  /** What becomes of content that no text can be read from. */
  readonly binary: 'pass' | 'drop' | 'block'
  /** Values that somebody else found in this very message: an outside detector. */
  readonly told?: readonly Known[]
  /** Near misses are findings too: somebody asks why. */
  readonly keepsAll?: boolean
  /** It is a document in a message, not a message itself. */
  readonly isPart?: boolean
}

export type MaskResult =
  /** The very same bytes. */
  | { readonly kind: 'clean'; readonly bytes: Uint8Array; readonly evidence: Evidence }
  | { readonly kind: 'changed'; readonly bytes: Uint8Array; readonly evidence: Evidence }
  /** Nothing of it may pass. */
  | { readonly kind: 'refused'; readonly why: RefusedWhy; readonly entity?: string }

/** New finds in a masked message are masked too, so many times; then it is refused. */
const ROUNDS_MAX = 3

/** Finds what the rules hide and hides it. What is clean passes as it came. */
export function maskMessage(bytes: Uint8Array, asked: Asked): MaskResult {
  return maskDocument(bytes, asked, [])
}

/** Adds what it hides to `hidden`. */
function maskDocument(bytes: Uint8Array, asked: Asked, hidden: Known[]): MaskResult {
  const tally = new Tally(asked)
  let current = bytes
  let ours = looksLikeOurs(bytes)
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const step = maskOnce(current, { asked, tally, ours, hidden })
    if (step.kind === 'refused') return step
    if (step.kind === 'clean') {
      if (current === bytes) return { kind: 'clean', bytes, evidence: tally.evidence(bytes, bytes) }
      const fits = schemasOf(asked).every((schema) => stillFits(bytes, current, schema))
      if (!fits) return { kind: 'refused', why: 'schema-impossible' }
      return { kind: 'changed', bytes: current, evidence: tally.evidence(bytes, current) }
    }
    if (step.left) return { kind: 'refused', why: 'left-over' }
    ours = putBy(step.edits, step.bytes, ours)
    current = step.bytes
  }
  return { kind: 'refused', why: 'left-over' }
}

type Step =
  | { readonly kind: 'clean' }
  /** `left`: a value that was hidden can still be read somewhere. */
  | { readonly kind: 'changed'; readonly bytes: Uint8Array; readonly edits: readonly Edit[]; readonly left: boolean }
  | Extract<MaskResult, { kind: 'refused' }>

interface Round {
  readonly asked: Asked
  readonly tally: Tally
  readonly ours: Ours
  readonly hidden: Known[]
}

function maskOnce(bytes: Uint8Array, round: Round): Step {
  const { asked, tally, ours } = round
  const document = new Document(bytes, asked)
  const found = findAll(document, asked, ours)
  if (found.kind === 'refused') return found
  if (isTooDeep(document, found)) return TOO_DEEP
  tally.note(found.opaque.map(({ what }) => what))
  const dropped = asked.binary === 'drop' ? found.opaque.filter(({ start, end }) => end > start).map(dropEdit) : []
  if (isEmpty(found) && dropped.length === 0) return CLEAN
  const placed = place(document, found.findings, asked.rules)
  // Where the protocol itself is written nothing is altered, but what must not pass does not pass there either.
  const stopped = blockedIn(placed.left.filter(isRead), asked)
  if (stopped !== undefined) return stopped
  tally.leave(placed.left)
  // Between its quotes, something may turn out to be what was put there.
  const fresh = placed.acts.filter((act) => !isOurs(ours, bytes, act))
  const alone = spread(document, fresh, found.known)
  if (alone === undefined) return { kind: 'refused', why: 'budget' }
  const embedded = inEmbedded(found.embedded, alone, round)
  if ('kind' in embedded) return embedded
  const acts = embedded.hidden.length === 0 ? alone : spread(document, alone, embedded.hidden)
  if (acts === undefined) return { kind: 'refused', why: 'budget' }
  const beside = [...embedded.edits, ...dropped]
  return hideEverywhere(document, { acts, known: embedded.hidden, beside, contents: found.contents }, round)
}

type FoundAll = Extract<Found, { kind: 'found' }>

function isEmpty({ findings, known, embedded }: FoundAll): boolean {
  return findings.length === 0 && known.length === 0 && embedded.length === 0
}

/** Where there is something to hide, it must be known where; and a field that a rule names may be anywhere. */
function isTooDeep(document: Document, found: FoundAll): boolean {
  return (isEmpty(found) || document.structure === undefined) && document.isTooDeep
}

interface Hiding {
  readonly acts: readonly Act[]
  /** What is hidden in documents of the message. */
  readonly known: readonly Known[]
  /** Edits that hide no single value. */
  readonly beside: readonly Edit[]
  readonly contents: Spans
}

/** What stands near a value may make it count in one place only. What is hidden in one place is hidden wherever it can be read. */
function hideEverywhere(document: Document, hiding: Hiding, { asked, tally, hidden }: Round): Step {
  const step = hide(document, hiding, asked)
  const isLeft = step.kind === 'changed' && step.left
  const all = isLeft ? spreadWidely(document, hiding.acts.filter(isDecided), hiding.known) : hiding.acts
  if (all === undefined) return { kind: 'refused', why: 'budget' }
  if (asked.isPart === true) for (const one of knownIn(all)) hidden.push(one)
  const done = all === hiding.acts ? step : hide(document, { ...hiding, acts: all }, asked)
  // The book is asked what has a stand-in, so what stands for the values is written before.
  tally.count(all)
  return done
}

/** Writes what stands for the values, and looks whether any of them is left. */
function hide(document: Document, { acts, known, beside, contents }: Hiding, asked: Asked): Step {
  const blocked = blockedIn(acts, asked)
  if (blocked !== undefined) return blocked
  const written = editsAround(document, { acts: acts.filter(isHiding), contents, beside }, asked)
  if (written === undefined)
    return { kind: 'refused', why: schemasOf(asked).length > 0 ? 'schema-impossible' : 'no-stand-in' }
  const edits = beside.length === 0 && contents.length === 0 ? written : mergeEdits([...written, ...beside])
  if (edits.length === 0) return CLEAN
  const out = splice(document.bytes, edits)
  const { structure } = document
  if (structure !== undefined && !isStillJson(out, structure, edits)) return { kind: 'refused', why: 'malformed' }
  return { kind: 'changed', bytes: out, edits, left: isStillReadable(out, document, { acts, known, edits }) }
}

function blockedIn(acts: readonly Act[], { scanner }: Asked): Extract<MaskResult, { kind: 'refused' }> | undefined {
  const blocked = acts.find(({ action }) => action === 'block')
  return blocked && { kind: 'refused', why: 'policy-block', entity: scanner.entities[blocked.entity] ?? '' }
}

/** What is sealed is read by nobody on the way. */
function isRead({ at }: Act): boolean {
  return at === undefined || !isSealedText(at)
}

function isHiding({ action }: Act): boolean {
  return action !== 'allow'
}

/** A kind that may be shown is shown where no other kind hides the same value; a field that a rule shows is shown. */
function isDecided(act: Act): boolean {
  return isHiding(act) || act.by === 'path'
}

/** What cannot be read is taken out; the member stays, and is empty. */
function dropEdit({ start, end }: { start: number; end: number }): Edit {
  return { start, end, put: new Uint8Array(0) }
}

/**
 * Documents in base64 are masked for themselves, with the same rules and the same book. What is hidden in one, or around it,
 * is hidden in all: those that hold such a value are masked once more, and no other.
 */
function inEmbedded(
  embedded: readonly Embedded[],
  acts: readonly Act[],
  { asked, tally }: Round,
): { edits: Edit[]; hidden: readonly Known[] } | Extract<MaskResult, { kind: 'refused' }> {
  if (embedded.length === 0) return { edits: [], hidden: [] }
  const mask = (text: Uint8Array, restored: readonly Known[], hidden: Known[]): MaskResult =>
    maskDocument(text, { ...asked, restored, schema: undefined, forms: [], isPart: true }, hidden)
  const documents = embedded.map((one) => {
    const hidden: Known[] = []
    return { one, hidden, alone: mask(one.text, [], hidden) }
  })
  const known = [...asked.restored, ...knownIn(acts), ...documents.flatMap(({ hidden }) => hidden)]
  const shared = valuesInEach(
    embedded.map(({ text }) => text),
    known,
  )
  if (shared === undefined) return { kind: 'refused', why: 'budget' }
  const edits: Edit[] = []
  for (const [i, { one, hidden, alone }] of documents.entries()) {
    const own = new Set(hidden.map(({ value }) => value))
    const others = shared[i]?.filter(({ value }) => !own.has(value)) ?? []
    const masked = others.length === 0 ? alone : mask(one.text, others, hidden)
    if (masked.kind === 'refused') return masked
    if (masked.kind === 'clean') continue
    tally.add(masked.evidence)
    edits.push(embeddedEdit(one, masked.bytes))
  }
  return { edits, hidden: documents.flatMap(({ hidden }) => hidden) }
}

const CLEAN: Step = { kind: 'clean' }
const TOO_DEEP: Step = { kind: 'refused', why: 'too-deep' }

interface Count {
  readonly entity: EntityId
  readonly action: Action
  times: number
}

/** What was done, for the record. */
class Tally {
  readonly #asked: Asked
  /** Few: a message has values of a handful of kinds, however many values it has. */
  readonly #counts: Count[] = []
  readonly #notInspected = new Set<string>()
  #left: ReadonlyMap<EntityId, number> | undefined

  constructor(asked: Asked) {
    this.#asked = asked
  }

  note(notInspected: readonly string[]): void {
    for (const part of notInspected) this.#notInspected.add(part)
  }

  /** What the first look found in places that are never altered; they are there again at every other look. */
  leave(acts: readonly Act[]): void {
    if (this.#left !== undefined) return
    const left = new Map<EntityId, number>()
    for (const { entity } of acts) left.set(entity, (left.get(entity) ?? 0) + 1)
    this.#left = left
  }

  count(acts: readonly Act[]): void {
    const { book } = this.#asked
    for (const { entity, action, value } of acts) {
      const isLacking = action === 'surrogate' && book.lacks?.(ENTITY_NAMES[entity] ?? 'field', value) === true
      this.#add(entity, isLacking ? 'redact' : action, 1)
    }
  }

  add({ counts, notInspected }: Evidence): void {
    this.note(notInspected)
    for (const [name, actions] of Object.entries(counts)) {
      const entity = this.#asked.scanner.entities.indexOf(name)
      for (const [action, times] of Object.entries(actions)) if (isAction(action)) this.#add(entity, action, times)
    }
  }

  #add(entity: EntityId, action: Action, times: number): void {
    for (const count of this.#counts) {
      if (count.entity !== entity || count.action !== action) continue
      count.times += times
      return
    }
    this.#counts.push({ entity, action, times })
  }

  #byEntity(): ReadonlyMap<EntityId, [Action, number][]> {
    const byEntity = new Map<EntityId, [Action, number][]>()
    for (const { entity, action, times } of this.#counts) {
      const actions = byEntity.get(entity)
      if (actions === undefined) byEntity.set(entity, [[action, times]])
      else actions.push([action, times])
    }
    return byEntity
  }

  evidence(before: Uint8Array, after: Uint8Array): Evidence {
    const { scanner, rules } = this.#asked
    const left = [...(this.#left ?? [])].map(([entity, times]) => [scanner.entities[entity] ?? '', times] as const)
    return {
      rules: rules.hash,
      counts: Object.fromEntries(
        [...this.#byEntity()].map(([entity, actions]) => [scanner.entities[entity] ?? '', Object.fromEntries(actions)]),
      ),
      bytesIn: before.length,
      notInspected: [...this.#notInspected],
      verified: before === after ? 'clean' : 'passed',
      minted: 0,
      leftInPlace: left.length === 0 ? undefined : Object.fromEntries(left),
    }
  }
}
