import { ENTITY_NAMES, type EntityId } from '../../entities.ts'
import type { Sink, WordDetector } from '../../find/finding.ts'
import type { View } from '../../find/view.ts'
import { WORD, endsWord, isEscapeLetter, startsWord } from '../../scan/bytes-tables.ts'
import { NATIONAL_CONTEXT } from './context.ts'
import type { ShapeRule } from './shape-rule.ts'
import { NATIONAL_SHAPES } from './shapes.ts'

/** How far from a word that names a kind its value may begin; as far as context reaches, and the longest value. */
const NEAR_BYTES = 48

/**
 * Adds each shape that begins in the view from `start` up to `end`. Costs next to nothing where the sink wants none of the
 * kinds; else it looks at each word, so whole messages are for connections whose rules name such a kind.
 */
export function findShapes(view: View, start: number, end: number, sink: Sink): void {
  if (!wantsAny(sink)) return
  const wanted = NATIONAL_SHAPES.filter((rule) => sink.may(rule.entity, rule.score))
  sink.spend(end - start)
  for (let at = start; at < end; at++) if (beginsAt(view, at)) findAt(view, at, wanted, sink)
}

/** Looks around words that name one of the kinds: most values have too few digits for a run. */
export const SHAPES_NEAR_WORDS: WordDetector = {
  words: [...new Set(shapeEntities().flatMap((entity) => contextOf(entity)))],
  verify: ({ view, start, end }, sink) => {
    findShapes(view, Math.max(0, start - NEAR_BYTES), Math.min(view.bytes.length, end + NEAR_BYTES), sink)
  },
}

/** Nothing is allocated where none is wanted. */
function wantsAny(sink: Sink): boolean {
  for (const { entity, score } of NATIONAL_SHAPES) if (sink.may(entity, score)) return true
  return false
}

function findAt(view: View, at: number, rules: readonly ShapeRule[], sink: Sink): void {
  for (const rule of rules) {
    const end = rule.match(view.bytes, at)
    if (end < 0 || !endsWord(view, end)) continue
    sink.add({ entity: rule.entity, start: at, end, score: rule.score, by: 'shape', rule: rule.name })
  }
}

/** The letter of an escape may not be replaced. */
function beginsAt(view: View, at: number): boolean {
  if (WORD[view.bytes[at] ?? 0] === 0 || (view.raw && isEscapeLetter(view.bytes, at))) return false
  return startsWord(view, at)
}

function shapeEntities(): readonly EntityId[] {
  return NATIONAL_SHAPES.map((rule) => rule.entity)
}

function contextOf(entity: EntityId): readonly string[] {
  const name = ENTITY_NAMES[entity]
  return name === undefined ? [] : (NATIONAL_CONTEXT[name] ?? [])
}
