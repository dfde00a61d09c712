// Recall and precision, counted as the README of the vectors says.
import { type Finder, hiddenPart, isCovered } from './finder.ts'
import { passesCheck } from './verdicts.ts'
import { type EntityVector, type SecretVector, spansToFind, type ValidatorVector } from './vectors.ts'

export interface EntityScore {
  readonly entity: string
  spans: number
  found: number
  negatives: number
  hit: number
  /** Texts with spans that Presidio is hardly sure of itself, and how many of them have a finding: reported, not counted. */
  weak: number
  weakFound: number
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
    const score = scores.get(entity) ?? { ...NOTHING, entity, wrong: [] }
    scores.set(entity, score)
    const spans = spansToFind(vector)
    const found = finder.entity(text, entity)
    if (spans.length === 0 && vector.spans.length > 0) {
      score.weak++
      if (found.length > 0) score.weakFound++
      continue
    }
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

const NOTHING = { spans: 0, found: 0, negatives: 0, hit: 0, weak: 0, weakFound: 0 }

export interface ValidatorScore {
  readonly entity: string
  judged: number
  /** Valid ones that are found and whose check passes, others that are not found. */
  right: number
  readonly wrong: number[]
}

/** What the check says nothing about is not scored. */
export function scoreValidators(vectors: readonly ValidatorVector[], finder: Finder): ValidatorScore[] {
  const scores = new Map<string, ValidatorScore>()
  for (const [index, { entity, text, expectedValid }] of vectors.entries()) {
    if (expectedValid === null) continue
    const score = scores.get(entity) ?? { entity, judged: 0, right: 0, wrong: [] }
    scores.set(entity, score)
    const isFound = finder.entity(text, entity).length > 0
    score.judged++
    if (isFound === expectedValid && (!expectedValid || passesCheck(entity, text))) score.right++
    else score.wrong.push(index)
  }
  return [...scores.values()].toSorted((a, b) => (a.entity < b.entity ? -1 : 1))
}

/** The spans of gitleaks are the secrets themselves, which must be hidden; those of secretlint are what the tool reports. */
export function scoreSecrets(vectors: readonly SecretVector[], finder: Finder): SecretScore[] {
  const scores = new Map<string, SecretScore>()
  for (const [index, { rule, family = '', text, positive, spans }] of vectors.entries()) {
    const score = scores.get(rule) ?? { rule, family, positives: 0, found: 0, negatives: 0, hit: 0, wrong: [] }
    scores.set(rule, score)
    const findings = finder.secrets(text)
    const found = family === '' ? findings : findings.map(hiddenPart)
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

type Counted = Omit<EntityScore, 'entity' | 'wrong'>

export function summed(scores: readonly Counted[]): Counted {
  const total = { ...NOTHING }
  for (const { spans, found, negatives, hit, weak, weakFound } of scores) {
    total.weak += weak
    total.weakFound += weakFound
    total.spans += spans
    total.found += found
    total.negatives += negatives
    total.hit += hit
  }
  return total
}

export function recallOf({ spans, found }: Pick<Counted, 'spans' | 'found'>): number {
  return spans === 0 ? 1 : found / spans
}

/** Nothing where a bar is met; otherwise the figure, and what went wrong: a failed test then shows it. */
export function shortfall(figure: number, least: number, wrong: readonly string[]): readonly string[] {
  return figure >= least ? [] : [`${figure.toFixed(4)} instead of ${least.toFixed(4)}`, ...wrong]
}

export function precisionOf({ found, hit }: Pick<Counted, 'found' | 'hit'>): number {
  return found + hit === 0 ? 1 : found / (found + hit)
}
