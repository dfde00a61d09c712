import { type EntityId, entityId } from '../entities.ts'
import { findBase58Wallets, findEmail, detectInRun } from '../numbers/detectors.ts'
import { Exponents } from '../numbers/exponents.ts'
import { findShapes } from '../numbers/national/find-shapes.ts'
import { SCORE } from '../numbers/national/scores.ts'
import { NATIONAL_SHAPES } from '../numbers/national/shapes.ts'
import { scanAts } from '../scan/ats.ts'
import type { Marks } from '../scan/machine.ts'
import type { Rows } from '../scan/rows.ts'
import type { Spans } from '../scan/spans.ts'
import { Certain } from './certain.ts'
import { Collector, type Thresholds } from './collector.ts'
import { Columns } from './columns.ts'
import type { Finding } from './finding.ts'
import { mayTell, type Words } from './near.ts'
import type { Ours } from './ours.ts'
import { IS_BINARY, IS_LOOKED_AT, IS_OURS, type Scanner, type WordUse } from './scanner.ts'
import type { View } from './view.ts'
import { type KeyContext, type Weighing, weighed } from './weigh.ts'

const OF_ANY_ROW = [entityId('date_time'), entityId('ip_address')]

export interface ScanTerms {
  readonly scanner: Scanner
  readonly thresholds: Thresholds
  /** Near misses are wanted too, with their scores: somebody asks why. */
  readonly keepsAll: boolean
}

/** What one view holds: findings whose score counts (all, where near misses are wanted), in no order. */
export interface Scanned {
  readonly words: Words
  readonly findings: readonly Finding[]
  /** Looking closer cost too much. */
  readonly isSpent: boolean
  /** What the first look told; `words` reads it too. */
  readonly found: Marks
  /** Ends of words that say that something may be encoded there. */
  readonly encoded: readonly number[]
  /** Ends of words that path rules end with. */
  readonly pathWords: readonly number[]
  /** Ends of words that name a member whose value may be no text. */
  readonly binary: readonly number[]
  /** Something of what masking itself writes may stand there. */
  readonly holdsOurs: boolean
}

/**
 * Looks through one view: all words, all numbers, all at signs, each looked at closer where it could be something. What lies in
 * `ours` says nothing.
 */
export function scanView(view: View, terms: ScanTerms, keyContext: KeyContext, ours?: Spans): Scanned {
  const found = terms.scanner.machine.scan(view.bytes, wantsEveryRow(terms))
  const hits = found.words
  if (ours !== undefined) hits.drop(ours, terms.scanner.lengthsOf, terms.scanner.dfa.firstHit)
  const words = { view, hits, scanner: terms.scanner }
  const read = readHits(words)
  const { thresholds, keepsAll } = terms
  const collector = new Collector(thresholds, read.seen, { bytes: view.bytes.length, keepsAll, ours })
  lookCloser(words, read.closer, collector)
  detectInRuns(view, found.numbers, collector, ours)
  findBase58Wallets(view, found.longWords, collector)
  if (namesShapes(thresholds)) findShapes(view, 0, view.bytes.length, collector)
  scanAts(view.bytes, (sign) => {
    if (ours?.has(sign.start, sign.end) !== true) findEmail(view, sign, collector)
  })
  return {
    words,
    findings: weighAll(collector.found, { words, terms, keyContext, columns: new Columns(view) }),
    isSpent: collector.isSpent,
    found,
    encoded: read.encoded,
    pathWords: read.pathWords,
    binary: read.binary,
    holdsOurs: read.holdsOurs,
  }
}

/**
 * As `scanView`, and once more where stand-ins of ours are there: they have names of kinds in them, which tell of what stands
 * near. What keys say is remembered for one look, so each look has its own.
 */
export function scanButOurs(view: View, terms: ScanTerms, contextFor: () => KeyContext, ours: Ours): Scanned {
  const first = scanView(view, terms, contextFor(), ours.spans)
  const spans = first.findings.length === 0 ? undefined : ours.look(first.holdsOurs)
  return spans === undefined ? first : scanView(view, terms, contextFor(), spans)
}

function detectInRuns(view: View, rows: Rows, collector: Collector, ours: Spans | undefined): void {
  // One for all runs of a message: there are thousands, and nobody keeps one.
  const run = { view, start: 0, end: 0, digits: 0, capitals: 0 }
  const exponents = new Exponents(detectInRun, collector)
  for (let i = 0; i < rows.length; i += 1) {
    run.start = rows.start(i)
    run.end = rows.end(i)
    run.digits = rows.digits(i)
    run.capitals = rows.capitals(i)
    if (ours?.has(run.start, run.end) === true) continue
    detectInRun(run, collector)
    exponents.lookAt(run)
  }
}

/** Times and addresses of machines are looked for only where somebody names them, and near misses may be anything. */
function wantsEveryRow({ thresholds, keepsAll }: ScanTerms): boolean {
  return keepsAll || OF_ANY_ROW.some((entity) => (thresholds[entity] ?? Infinity) <= 1)
}

/** Number plates and the like are looked for near their words. Where somebody named them, every word is looked at. */
function namesShapes(thresholds: Thresholds): boolean {
  return NATIONAL_SHAPES.some(({ entity }) => (thresholds[entity] ?? Infinity) <= SCORE.distinct)
}

interface HitNotes {
  readonly seen: Uint8Array
  readonly encoded: number[]
  readonly pathWords: number[]
  readonly binary: number[]
  /** Hits that are to be looked at closer. */
  readonly closer: number[]
  holdsOurs: boolean
}

function readHits({ view, hits, scanner }: Words): HitNotes {
  const seen = scanner.seen.fill(0)
  const read: HitNotes = { seen, encoded: [], pathWords: [], binary: [], closer: [], holdsOurs: false }
  const { dfa, marksOf, notes } = scanner
  for (let i = 0; i < hits.length; i++) {
    const note = notes[hits.state(i) - dfa.firstHit] ?? 0
    if (note === 0) continue
    if ((note & IS_LOOKED_AT) !== 0) read.closer.push(i)
    if ((note & IS_OURS) !== 0) read.holdsOurs = true
    if ((note & IS_BINARY) !== 0) read.binary.push(hits.end(i))
    const mark = marksOf[hits.state(i) - dfa.firstHit]
    if (mark === undefined) continue
    if (!areSeen(mark.contextOf, read.seen)) seeWords({ view, hits, scanner }, i, read.seen)
    if (mark.decodes) read.encoded.push(hits.end(i))
    if (mark.path) read.pathWords.push(hits.end(i))
  }
  return read
}

/** Rows have the same keys: what was seen once needs no further look. */
function areSeen(entities: readonly EntityId[], seen: Uint8Array): boolean {
  for (let i = 0; i < entities.length; i++) if (seen[entities[i] ?? 0] !== 1) return false
  return true
}

function seeWords({ view, hits, scanner }: Words, hit: number, seen: Uint8Array): void {
  const end = hits.end(hit)
  for (const word of scanner.dfa.hits[hits.state(hit) - scanner.dfa.firstHit] ?? []) {
    const use = scanner.uses[word]
    if (use === undefined || use.contextOf.length === 0 || !mayTell(view, end - use.length, end)) continue
    for (const entity of use.contextOf) seen[entity] = 1
  }
}

function lookCloser({ view, hits, scanner }: Words, closer: readonly number[], collector: Collector): void {
  const { dfa, uses, verifyingOf } = scanner
  for (const i of closer) {
    const end = hits.end(i)
    const words = verifyingOf[hits.state(i) - dfa.firstHit] ?? NO_WORDS
    for (let w = 0; w < words.length; w++) verifyAt(uses[words[w] ?? 0], view, end, collector)
    if (collector.isSpent) return
  }
}

function verifyAt(use: WordUse | undefined, view: View, end: number, collector: Collector): void {
  if (use === undefined) return
  const { detectors, length } = use
  for (let d = 0; d < detectors.length; d++) {
    const detector = detectors[d]
    if (detector !== undefined) detector.verify({ view, start: end - length, end, word: detector.word }, collector)
  }
}

const NO_WORDS: readonly number[] = []

interface Weighed extends Weighing {
  readonly terms: ScanTerms
}

/** A weak look at what is found for certain, such as the digits of a phone number with its country's code, needs no word. */
function weighAll(found: readonly Finding[], weighing: Weighed): readonly Finding[] {
  const { thresholds, keepsAll } = weighing.terms
  const isWeak = ({ score, entity }: Finding): boolean => !keepsAll && score < (thresholds[entity] ?? Infinity)
  const certain = Certain.of(found, isWeak)
  const kept: Finding[] = []
  for (const finding of found) {
    if (certain !== undefined && isWeak(finding) && certain.has(finding)) continue
    const least = thresholds[finding.entity] ?? Infinity
    const one = weighed(finding, weighing, least)
    // What then is not enough is dropped, or kept for whoever wants to know.
    if (one.score >= least || keepsAll) kept.push(one)
  }
  return kept
}
