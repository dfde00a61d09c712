import { concat } from '../../base/bytes.ts'
import { Document } from '../document.ts'
import { ENTITY_NAMES, type EntityId } from '../entities.ts'
import { findAll, type FindTerms } from '../find/find-all.ts'
import { looksLikeOurs } from '../find/ours.ts'
import { factsOf } from '../replace/entity-groups.ts'
import { findFurther } from '../views/propagate.ts'

/** What a piece belongs to, and from where to where in the piece. */
export interface Part {
  readonly entity: EntityId
  readonly start: number
  readonly end: number
}

export interface Joined {
  /** What of the text is hidden only because of what stands before it. */
  readonly parts: readonly Part[]
  /** Where the value begins that reaches to the end of the text, counted from the beginning of what stands before it. */
  readonly openFrom: number
}

/** Looks at a text as what goes on after another one. Undefined where that costs too much: the message must not pass. */
export function joinedParts(before: Uint8Array, text: Uint8Array, terms: FindTerms): Joined | undefined {
  const joined = concat([before, text])
  const found = spansIn(joined, terms)
  if (found === undefined) return undefined
  const border = before.length
  const openFrom = Math.min(
    joined.length,
    ...found.filter(({ end }) => end === joined.length).map(({ start }) => start),
  )
  const reaching = border === 0 ? [] : found.filter(({ end }) => end > border)
  if (reaching.length === 0) return { parts: [], openFrom }
  const alone = spansIn(text, terms)
  const earlier = spansIn(before, terms)
  if (alone === undefined || earlier === undefined) return undefined
  const goesOn = reaching.filter((span) => !isOver(span, { earlier, border, next: text[0] ?? 0 }))
  const parts = goesOn.map(({ entity, start, end }) => ({
    entity,
    start: Math.max(0, start - border),
    end: end - border,
  }))
  return { parts: apart(parts.filter((part) => !alone.some(covers(part)))), openFrom }
}

/** As found, and what is known already; nothing is told apart by its score any more. */
function spansIn(bytes: Uint8Array, terms: FindTerms): readonly Part[] | undefined {
  const found = findAll(new Document(bytes), { ...terms, binary: 'pass' }, looksLikeOurs(bytes))
  if (found.kind === 'refused') return undefined
  if (found.known.length === 0) return found.findings
  const values = found.known.map(({ value }) => value)
  const further = findFurther(bytes, values, { isJson: false })
  if (further === undefined) return undefined
  return [
    ...found.findings,
    ...further.map(({ start, end, index }) => ({ entity: found.known[index]?.entity ?? 0, start, end })),
  ]
}

interface Before {
  readonly earlier: readonly Part[]
  readonly border: number
  /** The first byte of the text. */
  readonly next: number
}

/**
 * A value that was whole before, and was hidden, ends there where a new sentence begins: "… joe@example.com" and "Fetching …"
 * are no longer address. Of a secret nothing says where it ends.
 */
function isOver({ entity, start }: Part, { earlier, border, next }: Before): boolean {
  const name = ENTITY_NAMES[entity]
  if (name !== undefined && factsOf(name).isSecret) return false
  return isCapital(next) && earlier.some((one) => one.start === start && one.end === border)
}

function isCapital(byte: number): boolean {
  return byte >= 0x41 && byte <= 0x5a
}

function covers(part: Part): (span: Part) => boolean {
  return ({ start, end }) => start <= part.start && part.end <= end
}

/** In order, none overlaps another. */
function apart(parts: readonly Part[]): Part[] {
  const kept: Part[] = []
  for (const part of parts.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = kept.at(-1)
    if (last === undefined || part.start >= last.end) kept.push(part)
    else kept[kept.length - 1] = { ...last, end: Math.max(last.end, part.end) }
  }
  return kept
}
