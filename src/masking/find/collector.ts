import type { EntityId } from '../entities.ts'
import type { Spans } from '../scan/spans.ts'
import type { Finding, Sink } from './finding.ts'

/** What a rule set asks for: the least score of each kind, by its id; Infinity where it is not looked for. */
export type Thresholds = Float64Array

/** A word of its kind near a value raises its score by this, and to this at least. */
const CONTEXT_RAISE = 0.35
const CONTEXT_LEAST = 0.6
/** A word that speaks against it lowers its score by this. */
const DENY_LOWERS = 0.3

/** The score of a value with a word of its kind near it. */
export function raised(score: number): number {
  return Math.max(score + CONTEXT_RAISE, CONTEXT_LEAST)
}

export function lowered(score: number): number {
  return Math.round((score - DENY_LOWERS) * 100) / 100
}

/** Bytes examined beyond the scan, for each byte of a message; more means that it is made to be slow, and it is refused. */
const SPENT_PER_BYTE = 400
/** Short messages may have a few long looks. */
const SPENT_LEAST = 1_000_000

interface Collecting {
  readonly bytes: number
  /** Near misses are wanted too. */
  readonly keepsAll: boolean
  /** What masking has put into the view. */
  readonly ours?: Spans | undefined
}

/** Takes what detectors find in one view; rejects at once what could not count. */
export class Collector implements Sink {
  readonly found: Finding[] = []
  readonly #thresholds: Thresholds
  readonly #seen: Uint8Array
  readonly #keepsAll: boolean
  readonly #ours: Spans | undefined
  #left: number

  /** `seen`: by the id of a kind, whether the view has a word of the kind. */
  constructor(thresholds: Thresholds, seen: Uint8Array, { bytes, keepsAll, ours }: Collecting) {
    this.#thresholds = thresholds
    this.#seen = seen
    this.#keepsAll = keepsAll
    this.#ours = ours
    this.#left = Math.max(SPENT_LEAST, bytes * SPENT_PER_BYTE)
  }

  get isSpent(): boolean {
    return this.#left < 0
  }

  may(entity: EntityId, score: number): boolean {
    if (this.#left < 0) return false
    const least = this.#thresholds[entity] ?? Infinity
    if (score >= least || this.#keepsAll) return true
    return this.#seen[entity] === 1 && raised(score) >= least
  }

  isOurs(start: number, end: number): boolean {
    return this.#ours?.has(start, end) === true
  }

  add(finding: Finding): void {
    this.found.push(finding)
  }

  spend(bytes: number): void {
    this.#left -= bytes
  }
}
