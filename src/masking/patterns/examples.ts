import { encodeUtf8 } from '../../base/bytes.ts'
import { stringifyJson } from '../../base/json.ts'
import { maskMessage } from '../engine.ts'
import { scanView } from '../find/scan-view.ts'
import { buildScanner, type Scanner } from '../find/scanner.ts'
import { DENY_WORDS } from '../numbers/context.ts'
import { makeRuleSet, type RuleSet } from '../rule-set.ts'
import type { Book } from '../surrogates/book.ts'
import { QUOTED_TRIGGERS } from '../views/quoted-printable.ts'
import { DECODE_TRIGGERS } from '../views/triggers.ts'
import type { OwnMistake } from './compile-own.ts'
import type { OwnDetector } from './own-detector.ts'
import type { DetectorSpec } from './spec.ts'

/** A kind under trial, with the words that its pattern is tried at. */
export interface Trial extends Pick<DetectorSpec, 'examples' | 'near'> {
  readonly own: OwnDetector
  readonly triggers: readonly string[]
}

/** Tries a kind, alone, in the engine itself: with its examples, and with texts that are made to be slow. */
export function tryExamples({ own, examples, near = [], triggers }: Trial): readonly OwnMistake[] {
  const engine = new TrialEngine(own)
  const mistakes: OwnMistake[] = []
  for (const [i, text] of examples.matches.entries()) {
    const missed = missedIn(engine, text)
    if (missed !== undefined)
      mistakes.push({ key: ['examples', 'matches', i], message: missed, hint: near.length > 0 ? NEAR_HINT : undefined })
  }
  for (const [i, text] of examples.leaves_alone.entries())
    if (engine.outcome(text) !== 'left' || engine.outcome(quoted(text)) !== 'left')
      mistakes.push({ key: ['examples', 'leaves_alone', i], message: `"${own.name}" is found here, and must not be` })
  if (mistakes.length === 0 && triggers.length > 0 && isSlow(engine, [...triggers, ...examples.matches]))
    mistakes.push({
      key: ['pattern'],
      message: 'texts can be made that keep this pattern busy for too long',
      hint: SLOW_HINT,
    })
  return mistakes
}

const NEAR_HINT = 'a word of `near` must stand within 30 characters of it, unless its score is 0.6 or more'
const SLOW_HINT = 'lower the numbers of its repeats, or put what is certain (a prefix) before what is not'

function missedIn(engine: TrialEngine, text: string): string | undefined {
  for (const form of [text, quoted(text)]) {
    const outcome = engine.outcome(form)
    if (outcome === 'left') return `"${engine.name}" is not found here`
    if (outcome === 'failed') return `what would stand in for "${engine.name}" here is found again`
  }
  return undefined
}

/** The text where most texts are: in a document. */
function quoted(text: string): string {
  return stringifyJson({ text })
}

/** For texts of which nothing is given back. */
const NO_BOOK: Book = { mint: () => undefined, alias: () => false, hash: () => '' }

class TrialEngine {
  readonly name: string
  readonly scanner: Scanner
  readonly rules: RuleSet

  constructor(own: OwnDetector) {
    const { name, detectors, near, score } = own
    this.name = name
    this.scanner = buildScanner({
      detectors,
      context: { [name]: near },
      deny: DENY_WORDS,
      decodeTriggers: [...DECODE_TRIGGERS, ...QUOTED_TRIGGERS],
      pathWords: [],
      binaryWords: [],
      ownEntities: [name],
    })
    this.rules = makeRuleSet({ profile: 'off', side: 'results', terms: [], own: [{ name, with: 'redact', score }] })
  }

  outcome(text: string): 'found' | 'left' | 'failed' {
    const { scanner, rules } = this
    const result = maskMessage(encodeUtf8(text), {
      scanner,
      rules,
      book: NO_BOOK,
      restored: [],
      schema: undefined,
      binary: 'pass',
    })
    if (result.kind === 'refused') return 'failed'
    return (result.evidence.counts[this.name]?.redact ?? 0) > 0 ? 'found' : 'left'
  }

  isSpent(text: string): boolean {
    // Every place counts here, whatever stands near it.
    const thresholds = this.rules.thresholds.map((least) => (least <= 1 ? 0 : least))
    const terms = { scanner: this.scanner, thresholds, keepsAll: false }
    return scanView({ bytes: encodeUtf8(text), raw: false }, terms, () => undefined).isSpent
  }
}

/** A text of this size may cost more than small ones are always given. */
const HOSTILE_CHARS = 8_192
/** Texts of which hostile ones are made. */
const SEEDS_MAX = 6
const FILLERS = ['', ' ', '1', 'a', '-']

function isSlow(engine: TrialEngine, seeds: readonly string[]): boolean {
  return hostileTexts(seeds.slice(0, SEEDS_MAX)).some((text) => engine.isSpent(text))
}

/** What begins like a match again and again, whole, broken off, and with long runs behind it. */
function hostileTexts(seeds: readonly string[]): string[] {
  const pieces = seeds.flatMap((seed) => [
    ...FILLERS.map((filler) => seed + filler),
    seed.slice(0, -1),
    ...FILLERS.slice(2).map((filler) => seed + filler.repeat(500)),
    ...FILLERS.slice(2).map((filler) => filler.repeat(500) + seed),
  ])
  return [...new Set(pieces)]
    .filter((piece) => piece !== '')
    .map((piece) => piece.repeat(Math.ceil(HOSTILE_CHARS / piece.length)))
}
