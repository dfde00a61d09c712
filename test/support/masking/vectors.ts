// Labelled texts for measuring what masking finds. They stay compressed: unpacked, they look like live secrets to every scanner
// of repositories. Whoever reads them prints places in the list, never a text.
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

export type Span = readonly [start: number, end: number]

/** Of Presidio's tests. */
export interface EntityVector {
  readonly entity: string
  readonly text: string
  readonly spans: readonly Span[]
  /** One for each span: Presidio's own; null where its test states none. */
  readonly scores: readonly (number | null)[]
}

export interface ValidatorVector {
  readonly entity: string
  readonly text: string
  /** Null: the check says nothing. */
  readonly expectedValid: boolean | null
}

/** Of gitleaks and secretlint. */
export interface SecretVector {
  readonly rule: string
  readonly family?: string
  readonly text: string
  readonly positive: boolean
  readonly spans: readonly Span[]
}

export const presidio = (): readonly EntityVector[] => read('presidio') as EntityVector[]
export const validators = (): readonly ValidatorVector[] => read('presidio-validators') as ValidatorVector[]
export const gitleaks = (): readonly SecretVector[] => read('gitleaks') as SecretVector[]
export const secretlint = (): readonly SecretVector[] => read('secretlint') as SecretVector[]

/** Presidio's tests accept scores down to 0.01, that is any nine digits as a passport: those spans are not to be found. */
const SCORE_MIN = 0.3

/** The spans of a vector that are to be found. A text that keeps none of its spans is weak: it counts nowhere. */
export function spansToFind({ spans, scores }: EntityVector): readonly Span[] {
  return spans.filter((_, i) => (scores[i] ?? 1) >= SCORE_MIN)
}

function read(name: string): unknown {
  const file = new URL(`../../vectors/masking/${name}.json.gz`, import.meta.url)
  return JSON.parse(gunzipSync(readFileSync(file)).toString('utf8'))
}
