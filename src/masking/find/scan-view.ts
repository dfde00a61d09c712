import { ENTITY_NAMES, type EntityId, entityId } from '../entities.ts'
import { findBase58Wallets, findEmail, RUN_DETECTORS } from '../numbers/detectors.ts'
import { findShapes } from '../numbers/national/find-shapes.ts'
import { SCORE } from '../numbers/national/scores.ts'
import { NATIONAL_SHAPES } from '../numbers/national/shapes.ts'
import { scanAts } from '../scan/ats.ts'
import { scanRuns } from '../scan/runs.ts'
import { WordHits } from '../scan/word-hits.ts'
import { scanWords } from '../scan/words.ts'
import { Collector, lowered, raised, type Thresholds } from './collector.ts'
import type { Finding } from './finding.ts'
import { contextNear, deniedNear, mayTell, type Words } from './near.ts'
import type { Scanner, WordUse } from './scanner.ts'
import type { View } from './view.ts'

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
  /** Ends of words that say that something may be encoded there. */
  readonly encoded: readonly number[]
  /** Ends of words that path rules end with. */
  readonly pathWords: readonly number[]
}

/** A word of its kind in a key around a value; undefined where there is none. Asked only where it would decide. */
export type KeyContext = (words: Words, finding: Finding) => string | undefined

/** Looks through one view: all words, all numbers, all at signs, each looked at closer where it could be something. */
export function scanView(view: View, terms: ScanTerms, keyContext: KeyContext): Scanned {
  const hits = new WordHits()
  scanWords(view.bytes, terms.scanner.dfa, hits)
  const words = { view, hits, scanner: terms.scanner }
  const marks = readMarks(words)
  const { thresholds, keepsAll } = terms
  const collector = new Collector(thresholds, marks.seen, { bytes: view.bytes.length, keepsAll })
  lookCloser(words, collector)
  scanRuns(view.bytes, (start, end, digits) => {
    for (const detect of RUN_DETECTORS) detect({ view, start, end, digits }, collector)
  })
  findBase58Wallets(view, collector)
  if (namesShapes(thresholds)) findShapes(view, 0, view.bytes.length, collector)
  scanAts(view, (start, _at, end) => findEmail(view, start, end, collector))
  return {
    words,
    findings: collector.found.flatMap((finding) => weigh(finding, { words, terms, keyContext })),
    isSpent: collector.isSpent,
    encoded: marks.encoded,
    pathWords: marks.pathWords,
  }
}

/** Number plates and the like are looked for near their words. Where somebody named them, every word is looked at. */
function namesShapes(thresholds: Thresholds): boolean {
  return NATIONAL_SHAPES.some(({ entity }) => (thresholds[entity] ?? Infinity) <= SCORE.distinct)
}

interface Marks {
  readonly seen: Uint8Array
  readonly encoded: number[]
  readonly pathWords: number[]
}

function readMarks({ view, hits, scanner }: Words): Marks {
  const marks: Marks = { seen: new Uint8Array(scanner.entities.length), encoded: [], pathWords: [] }
  const { dfa, marksOf } = scanner
  for (let i = 0; i < hits.length; i++) {
    const mark = marksOf[hits.state(i) - dfa.firstHit]
    if (mark === undefined) continue
    if (mark.contextOf.length > 0) seeWords({ view, hits, scanner }, i, marks.seen)
    if (mark.decodes) marks.encoded.push(hits.end(i))
    if (mark.path) marks.pathWords.push(hits.end(i))
  }
  return marks
}

function seeWords({ view, hits, scanner }: Words, hit: number, seen: Uint8Array): void {
  const end = hits.end(hit)
  for (const word of scanner.dfa.hits[hits.state(hit) - scanner.dfa.firstHit] ?? []) {
    const use = scanner.uses[word]
    if (use === undefined || use.contextOf.length === 0 || !mayTell(view, end - use.length, end)) continue
    for (const entity of use.contextOf) seen[entity] = 1
  }
}

function lookCloser({ view, hits, scanner }: Words, collector: Collector): void {
  const { dfa, uses, verifyingOf } = scanner
  for (let i = 0; i < hits.length; i++) {
    const verifying = verifyingOf[hits.state(i) - dfa.firstHit]
    if (verifying === undefined) continue
    const end = hits.end(i)
    for (const index of verifying) {
      const use: WordUse | undefined = uses[index]
      if (use === undefined) continue
      for (const { verify, word } of use.detectors) verify({ view, start: end - use.length, end, word }, collector)
    }
    if (collector.isSpent) return
  }
}

interface Weighing {
  readonly words: Words
  readonly terms: ScanTerms
  readonly keyContext: KeyContext
}

/** Words near a value raise or lower its score; what then is not enough is dropped, or kept for whoever wants to know. */
function weigh(finding: Finding, weighing: Weighing): readonly Finding[] {
  const { keepsAll, thresholds } = weighing.terms
  const least = thresholds[finding.entity] ?? Infinity
  const weighed = WEIGHED.has(finding.by) ? lower(raise(finding, weighing, least), weighing, least) : finding
  return weighed.score < least && !keepsAll ? [] : [weighed]
}

/** What was found by its key or its prefix needs no word. */
const WEIGHED: ReadonlySet<Finding['by']> = new Set(['shape', 'checksum', 'pattern'])

function raise(finding: Finding, { words, keyContext }: Weighing, least: number): Finding {
  if (finding.score >= least) return finding
  const word = contextNear(words, finding, finding.entity) ?? keyContext(words, finding)
  return word === undefined ? finding : { ...finding, word, score: Math.min(1, raised(finding.score)) }
}

function lower(finding: Finding, { words }: Weighing, least: number): Finding {
  const { score, entity, word } = finding
  if (score < least || !isDeniable(entity) || lowered(score) >= least) return finding
  const denied = deniedNear(words, finding)
  if (denied === undefined || word !== undefined || contextNear(words, finding, entity) !== undefined) return finding
  return { ...finding, denied, score: lowered(score) }
}

const FIRST_ID = entityId('national_id')
const LAST_ID = entityId('ph_mobile')
const CARD = entityId('credit_card')

/** Numbers look like one another. A secret or an e-mail address looks like nothing else, whatever stands near it. */
function isDeniable(entity: EntityId): boolean {
  return entity === CARD || (entity >= FIRST_ID && entity <= LAST_ID) || entity >= ENTITY_NAMES.length
}
