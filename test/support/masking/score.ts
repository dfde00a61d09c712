// Recall and precision, counted as the README of the vectors says.
import { type Finder, isCovered } from './finder.ts'
import { type EntityVector, type SecretVector, spansToFind } from './vectors.ts'

export interface EntityScore {
  readonly entity: string
  spans: number
  found: number
  negatives: number
  hit: number
  /** Places in the list of what was missed, and of negatives that were hit. */
  readonly wrong: number[]
}

export interface SecretScore {
  readonly rule: string
  readonly family: string
  positives: number
  found: number
  negatives: number
  hit: number
  readonly wrong: number[]
}

export function scoreEntities(vectors: readonly EntityVector[], finder: Finder): EntityScore[] {
  const scores = new Map<string, EntityScore>()
  for (const [index, vector] of vectors.entries()) {
    const { entity, text } = vector
    const score = scores.get(entity) ?? { entity, spans: 0, found: 0, negatives: 0, hit: 0, wrong: [] }
    scores.set(entity, score)
    const spans = spansToFind(vector)
    if (spans.length === 0 && vector.spans.length > 0) continue
    const found = finder.entity(text, entity)
    if (vector.spans.length === 0) {
      score.negatives++
      if (found.length === 0) continue
      score.hit++
      score.wrong.push(index)
      continue
    }
    score.spans += spans.length
    const covered = spans.filter((span) => isCovered(text, span, found)).length
    score.found += covered
    if (covered < spans.length) score.wrong.push(index)
  }
  return [...scores.values()].toSorted((a, b) => (a.entity < b.entity ? -1 : 1))
}

export function scoreSecrets(vectors: readonly SecretVector[], finder: Finder): SecretScore[] {
  const scores = new Map<string, SecretScore>()
  for (const [index, { rule, family = '', text, positive, spans }] of vectors.entries()) {
    const score = scores.get(rule) ?? { rule, family, positives: 0, found: 0, negatives: 0, hit: 0, wrong: [] }
    scores.set(rule, score)
    const found = finder.secrets(text)
    const isRight = positive ? spans.every((span) => isCovered(text, span, found)) : found.length === 0
    if (!isRight) score.wrong.push(index)
    if (positive) score.positives++
    else score.negatives++
    if (positive && isRight) score.found++
    if (!positive && !isRight) score.hit++
  }
  return [...scores.values()]
}

/** The mean over the rules that have a positive. */
export function meanRecall(scores: readonly SecretScore[]): number {
  const counted = scores.filter(({ positives }) => positives > 0)
  return counted.reduce((total, { found, positives }) => total + found / positives, 0) / counted.length
}

type Counted = Pick<EntityScore, 'spans' | 'found' | 'negatives' | 'hit'>

export function summed(scores: readonly Counted[]): Counted {
  const total = { spans: 0, found: 0, negatives: 0, hit: 0 }
  for (const { spans, found, negatives, hit } of scores) {
    total.spans += spans
    total.found += found
    total.negatives += negatives
    total.hit += hit
  }
  return total
}

export function recallOf({ spans, found }: Counted): number {
  return spans === 0 ? 1 : found / spans
}

/** Nothing where a bar is met; otherwise the figure, and what went wrong: a failed test then shows it. */
export function shortfall(figure: number, least: number, wrong: readonly string[]): readonly string[] {
  return figure >= least ? [] : [`${figure.toFixed(4)} instead of ${least.toFixed(4)}`, ...wrong]
}

export function precisionOf({ found, hit }: Pick<Counted, 'found' | 'hit'>): number {
  return found + hit === 0 ? 1 : found / (found + hit)
}
