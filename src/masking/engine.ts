// Hides values in one message. The order is here; each step stands in a file of its own. Everything is pure: the same bytes,
// rules and book give the same output, so that the record and what leaves agree, and a replay masks the same.
import type { Act } from './acts.ts'
import { place } from './acts.ts'
import { Document } from './document.ts'
import { editsOf, embeddedEdit, type SchemaOf } from './edits.ts'
import type { EntityId } from './entities.ts'
import type { Evidence, RefusedWhy } from './evidence.ts'
import { type Embedded, findAll, type IsOurs, looksLikeOurs } from './find/find-all.ts'
import type { Scanner } from './find/scanner.ts'
import { type Action, isAction } from './replace/actions.ts'
import type { RuleSet } from './rule-set.ts'
import { spread, type Known } from './spread.ts'
import type { Book } from './surrogates/book.ts'
import { type Edit, mergeEdits, splice } from './views/splice.ts'
import { findLeftOver } from './views/left-over.ts'

/** What a message is masked by. */
export interface Asked {
  readonly scanner: Scanner
  readonly rules: RuleSet
  readonly book: Book
  /** Values that were put into the request whose reply this is: hidden here whatever the detectors think. */
  readonly restored: readonly Known[]
  /** Schemas that replacements must fit; undefined where none is known. */
  readonly schema: SchemaOf | undefined
  /** What becomes of content that no text can be read from. */
  readonly binary: 'pass' | 'drop' | 'block'
  /** Values that somebody else found in this very message: an outside detector. */
  readonly told?: readonly Known[]
  /** Near misses are findings too: somebody asks why. */
  readonly keepsAll?: boolean
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
  const tally = new Tally(asked)
  let current = bytes
  let isOurs = looksLikeOurs(bytes)
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const step = maskOnce(current, { asked, tally, isOurs })
    if (step.kind === 'refused') return step
    if (step.kind === 'clean')
      return { kind: current === bytes ? 'clean' : 'changed', bytes: current, evidence: tally.evidence(bytes, current) }
    if (step.left) return { kind: 'refused', why: 'left-over' }
    isOurs = round === 0 ? putBy(step.edits) : looksLikeOurs(step.bytes)
    current = step.bytes
  }
  return { kind: 'refused', why: 'left-over' }
}

/** Whether a place lies in what these edits have put there. */
function putBy(edits: readonly Edit[]): IsOurs {
  const starts: number[] = []
  const ends: number[] = []
  let grown = 0
  for (const { start, end, put } of edits) {
    starts.push(start + grown)
    ends.push(start + grown + put.length)
    grown += put.length - (end - start)
  }
  return (start, end) => {
    let low = 0
    let high = ends.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((ends[middle] ?? 0) < end) low = middle + 1
      else high = middle
    }
    return (starts[low] ?? Infinity) <= start && end <= (ends[low] ?? 0)
  }
}

type Step =
  | { readonly kind: 'clean' }
  /** `left`: a value that was hidden can still be read somewhere. */
  | { readonly kind: 'changed'; readonly bytes: Uint8Array; readonly edits: readonly Edit[]; readonly left: boolean }
  | Extract<MaskResult, { kind: 'refused' }>

interface Round {
  readonly asked: Asked
  readonly tally: Tally
  readonly isOurs: IsOurs
}

function maskOnce(bytes: Uint8Array, round: Round): Step {
  const { asked, tally, isOurs } = round
  const document = new Document(bytes)
  const found = findAll(document, asked, isOurs)
  if (found.kind === 'refused') return found
  tally.note(found.opaque.map(({ what }) => what))
  const dropped = asked.binary === 'drop' ? found.opaque.filter(({ start, end }) => end > start).map(dropEdit) : []
  const isEmpty = found.findings.length === 0 && found.known.length === 0 && found.embedded.length === 0
  if (isEmpty && dropped.length === 0) return CLEAN
  const acts = spread(document, place(document, found.findings, asked.rules), found.known)
  if (acts === undefined) return { kind: 'refused', why: 'budget' }
  const embedded = inEmbedded(found.embedded, asked, tally)
  return 'kind' in embedded ? embedded : hide(document, { acts, beside: [...embedded.edits, ...dropped] }, round)
}

interface Hiding {
  readonly acts: readonly Act[]
  /** Edits that hide no single value. */
  readonly beside: readonly Edit[]
}

/** Writes what stands for the values, and looks whether any of them is left. */
function hide(document: Document, { acts, beside }: Hiding, { asked, tally }: Round): Step {
  const blocked = acts.find(({ action }) => action === 'block')
  if (blocked !== undefined)
    return { kind: 'refused', why: 'policy-block', entity: asked.scanner.entities[blocked.entity] ?? '' }
  const hiding = acts.filter(({ action }) => action !== 'allow')
  const written = editsOf(document, hiding, asked)
  if (written === undefined) return { kind: 'refused', why: 'schema-impossible' }
  tally.count(acts)
  const edits = mergeEdits([...written, ...beside])
  if (edits.length === 0) return CLEAN
  const out = splice(document.bytes, edits)
  if (document.structure !== undefined && new Document(out).structure === undefined)
    return { kind: 'refused', why: 'malformed' }
  return { kind: 'changed', bytes: out, edits, left: isLeftOver(out, { document, hiding }) }
}

/** What cannot be read is taken out; the member stays, and is empty. */
function dropEdit({ start, end }: { start: number; end: number }): Edit {
  return { start, end, put: new Uint8Array(0) }
}

/** Documents in base64 are masked for themselves, with the same rules and the same book. */
function inEmbedded(
  embedded: readonly Embedded[],
  asked: Asked,
  tally: Tally,
): { edits: Edit[] } | Extract<MaskResult, { kind: 'refused' }> {
  const edits: Edit[] = []
  for (const one of embedded) {
    const masked = maskMessage(one.text, { ...asked, schema: undefined })
    if (masked.kind === 'refused') return masked
    if (masked.kind === 'clean') continue
    tally.add(masked.evidence)
    edits.push(embeddedEdit(one, masked.bytes))
  }
  return { edits }
}

const CLEAN: Step = { kind: 'clean' }

/** A value that was hidden can still be read somewhere, in whatever spelling. */
function isLeftOver(out: Uint8Array, { document, hiding }: { document: Document; hiding: readonly Act[] }): boolean {
  return findLeftOver(out, valuesOf(hiding), { isJson: document.structure !== undefined }) !== undefined
}

function valuesOf(acts: readonly Act[]): string[] {
  return [...new Set(acts.map(({ value }) => value))]
}

/** What was done, for the record. */
class Tally {
  readonly #asked: Asked
  readonly #counts = new Map<EntityId, Map<Action, number>>()
  readonly #notInspected = new Set<string>()

  constructor(asked: Asked) {
    this.#asked = asked
  }

  note(notInspected: readonly string[]): void {
    for (const part of notInspected) this.#notInspected.add(part)
  }

  count(acts: readonly Act[]): void {
    for (const { entity, action } of acts) this.#add(entity, action, 1)
  }

  add({ counts, notInspected }: Evidence): void {
    this.note(notInspected)
    for (const [name, actions] of Object.entries(counts)) {
      const entity = this.#asked.scanner.entities.indexOf(name)
      for (const [action, times] of Object.entries(actions)) if (isAction(action)) this.#add(entity, action, times)
    }
  }

  #add(entity: EntityId, action: Action, times: number): void {
    const actions = this.#counts.get(entity) ?? new Map<Action, number>()
    actions.set(action, (actions.get(action) ?? 0) + times)
    this.#counts.set(entity, actions)
  }

  evidence(before: Uint8Array, after: Uint8Array): Evidence {
    const { scanner, rules } = this.#asked
    return {
      rules: rules.hash,
      counts: Object.fromEntries(
        [...this.#counts].map(([entity, actions]) => [scanner.entities[entity] ?? '', Object.fromEntries(actions)]),
      ),
      bytesIn: before.length,
      notInspected: [...this.#notInspected],
      verified: before === after ? 'clean' : 'passed',
      minted: 0,
    }
  }
}
