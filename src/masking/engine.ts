// Hides values in one message. The order is here; each step stands in a file of its own. Everything is pure: the same bytes,
// rules and book give the same output, so that the record and what leaves agree, and a replay masks the same.
import type { Act } from './acts.ts'
import { place } from './acts.ts'
import { Document } from './document.ts'
import { editsOf } from './edits.ts'
import type { EntityId } from './entities.ts'
import type { Evidence, RefusedWhy } from './evidence.ts'
import { findAll } from './find/find-all.ts'
import type { Scanner } from './find/scanner.ts'
import type { Action } from './replace/actions.ts'
import type { RuleSet } from './rule-set.ts'
import type { SchemaOf } from './edits.ts'
import { spread, type Known } from './spread.ts'
import type { Book } from './surrogates/book.ts'
import { splice } from './views/splice.ts'
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
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const step = maskOnce(current, asked, tally)
    if (step.kind === 'refused') return step
    if (step.kind === 'clean') {
      return { kind: current === bytes ? 'clean' : 'changed', bytes: current, evidence: tally.evidence(bytes, current) }
    }
    if (step.left) return { kind: 'refused', why: 'left-over' }
    current = step.bytes
  }
  return { kind: 'refused', why: 'left-over' }
}

type Step =
  | { readonly kind: 'clean' }
  /** `left`: a value that was hidden can still be read somewhere. */
  | { readonly kind: 'changed'; readonly bytes: Uint8Array; readonly left: boolean }
  | Extract<MaskResult, { kind: 'refused' }>

function maskOnce(bytes: Uint8Array, asked: Asked, tally: Tally): Step {
  const document = new Document(bytes)
  const found = findAll(document, asked)
  if (found.kind === 'refused') return found
  tally.note(found.notInspected)
  if (found.findings.length === 0 && found.known.length === 0) return CLEAN
  const placed = place(document, found.findings, asked.rules)
  const acts = spread(document, placed.acts, found.known)
  const blocked = acts.find(({ action }) => action === 'block')
  if (blocked !== undefined) return { kind: 'refused', why: 'policy-block', entity: asked.scanner.entities[blocked.entity] ?? '' }
  const hiding = acts.filter(({ action }) => action !== 'allow')
  const edits = editsOf(document, hiding, asked)
  if (edits === undefined) return { kind: 'refused', why: 'schema-impossible' }
  tally.count(acts)
  if (edits.length === 0) return CLEAN
  const out = splice(bytes, edits)
  if (document.structure !== undefined && new Document(out).structure === undefined) return { kind: 'refused', why: 'malformed' }
  return { kind: 'changed', bytes: out, left: findLeftOver(out, valuesOf(hiding)) }
}

const CLEAN: Step = { kind: 'clean' }

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
    for (const { entity, action } of acts) {
      const actions = this.#counts.get(entity) ?? new Map<Action, number>()
      actions.set(action, (actions.get(action) ?? 0) + 1)
      this.#counts.set(entity, actions)
    }
  }

  evidence(before: Uint8Array, after: Uint8Array): Evidence {
    const { scanner, rules } = this.#asked
    return {
      rules: rules.hash,
      counts: Object.fromEntries(
        [...this.#counts].map(([entity, actions]) => [scanner.entities[entity] ?? '', Object.fromEntries(actions)]),
      ),
      bytesIn: before.length,
      bytesOut: after.length,
      notInspected: [...this.#notInspected],
      verified: before === after ? 'clean' : 'passed',
    }
  }
}
