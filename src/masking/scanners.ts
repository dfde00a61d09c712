import { findEntity } from './entities.ts'
import { BINARY_WORDS } from './find/binary.ts'
import type { WordDetector } from './find/finding.ts'
import { buildScanner, type Scanner } from './find/scanner.ts'
import { keyDetectors } from './keys/detectors.ts'
import { CONTEXT_WORDS, DENY_WORDS } from './numbers/context.ts'
import { WORD_DETECTORS, WORD_DETECTORS_WHERE_NAMED } from './numbers/detectors.ts'
import type { OwnDetector } from './patterns/own-detector.ts'
import type { RuleSet } from './rule-set.ts'
import { SECRET_DETECTORS } from './secrets/detectors.ts'
import { QUOTED_TRIGGERS } from './views/quoted-printable.ts'
import { DECODE_TRIGGERS } from './views/triggers.ts'

/** Automata that are kept; each has some megabytes. Rule sets that need the same words share one. */
const SCANNERS_MAX = 16

/** The automata of a gateway: one for what is built in and configured, others where rules need words besides. */
export class Scanners {
  readonly #own: readonly OwnDetector[]
  readonly #made = new Map<string, Scanner>()
  readonly #keys = new WeakMap<RuleSet, string>()

  constructor(own: readonly OwnDetector[]) {
    this.#own = own
  }

  /** Takes a tenth of a second where it has to be built. */
  for(rules: RuleSet): Scanner {
    const key = this.#keyOf(rules)
    const known = this.#made.get(key)
    if (known !== undefined) return known
    if (this.#made.size >= SCANNERS_MAX) this.#made.clear()
    const scanner = this.#build(
      namedIn(rules).flatMap(({ detectors }) => detectors),
      rules.pathWords,
    )
    this.#made.set(key, scanner)
    return scanner
  }

  /** What the rules need besides what is always there; worked out once, for it is asked of every message. */
  #keyOf(rules: RuleSet): string {
    const known = this.#keys.get(rules)
    if (known !== undefined) return known
    const key = JSON.stringify([namedIn(rules).map(({ id }) => id), [...new Set(rules.pathWords)].toSorted()])
    this.#keys.set(rules, key)
    return key
  }

  #build(named: readonly WordDetector[], pathWords: readonly string[]): Scanner {
    const own = this.#own
    return buildScanner({
      detectors: [
        ...SECRET_DETECTORS,
        ...keyDetectors(),
        ...WORD_DETECTORS,
        ...named,
        ...own.flatMap(({ detectors }) => detectors),
      ],
      context: { ...CONTEXT_WORDS, ...Object.fromEntries(own.map(({ name, near }) => [name, near])) },
      deny: DENY_WORDS,
      decodeTriggers: [...DECODE_TRIGGERS, ...QUOTED_TRIGGERS],
      pathWords,
      binaryWords: BINARY_WORDS,
      ownEntities: own.map(({ name }) => name),
    })
  }
}

/** Kinds whose words stand in nearly every message, so that only who wants them looks for them. */
const NAMED = Object.entries(WORD_DETECTORS_WHERE_NAMED).map(([name, detectors]) => ({
  id: findEntity(name) ?? -1,
  detectors,
}))

function namedIn({ thresholds }: RuleSet) {
  return NAMED.filter(({ id }) => (thresholds[id] ?? Infinity) <= 1)
}
