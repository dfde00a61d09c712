import { ENTITY_NAMES, type EntityName, entityId } from '../../../src/masking/entities.ts'
import { scanView } from '../../../src/masking/find/scan-view.ts'
import { type Scanner, buildScanner } from '../../../src/masking/find/scanner.ts'
import { CONTEXT_WORDS, DENY_WORDS } from '../../../src/masking/numbers/context.ts'
import { WORD_DETECTORS, WORD_DETECTORS_WHERE_NAMED } from '../../../src/masking/numbers/detectors.ts'

/** The least scores of the default profile and of a rule that names the kind. */
export const BY_DEFAULT = 0.6
export const NAMED = 0.4

/** Looks for values of the general kinds in texts, as the engine does, with the words around them. */
export function valueFinder(): (
  text: string,
  entities: EntityName | readonly EntityName[],
  least?: number,
) => string[] {
  const scanner = scannerOf()
  return (text, entities, least = BY_DEFAULT) => {
    const bytes = new TextEncoder().encode(text)
    const thresholds = new Float64Array(ENTITY_NAMES.length).fill(Infinity)
    for (const entity of [entities].flat()) thresholds[entityId(entity)] = least
    const { findings } = scanView({ bytes, raw: true }, { scanner, thresholds, keepsAll: false }, () => undefined)
    const texts = findings.map(({ start, end }) => new TextDecoder().decode(bytes.subarray(start, end)))
    return [...new Set(texts)]
  }
}

/** The same numbers in every run: each below the number that is asked with. */
export function seeded(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

export type Random = ReturnType<typeof seeded>

export function someDigits(random: Random, count: number): string {
  return Array.from({ length: count }, () => random(10)).join('')
}

/** Digits with Luhn's check digit at the end, `length` of them, that begin with `first`. */
export function withLuhn(random: Random, first: string, length: number): string {
  const body = first + someDigits(random, length - 1 - first.length)
  const sum = Array.from(body)
    .toReversed()
    .map((digit, i) => Number(digit) * (i % 2 === 0 ? 2 : 1))
    .reduce((total, value) => total + (value > 9 ? value - 9 : value), 0)
  return body + String((10 - (sum % 10)) % 10)
}

/** Each digit of the number replaced by each other digit, one at a time. */
export function withOneDigitChanged(number: string): string[] {
  const digits = Array.from({ length: 10 }, (_, digit) => String(digit))
  return Array.from(number).flatMap((old, at) =>
    /\d/.test(old)
      ? digits.filter((digit) => digit !== old).map((digit) => number.slice(0, at) + digit + number.slice(at + 1))
      : [],
  )
}

/** The digits in groups of these sizes. */
export function inGroups(text: string, sizes: readonly number[], separator: string): string {
  let at = 0
  return sizes.map((size) => text.slice(at, (at += size))).join(separator)
}

function scannerOf(): Scanner {
  return buildScanner({
    detectors: [...WORD_DETECTORS, ...Object.values(WORD_DETECTORS_WHERE_NAMED).flat()],
    context: CONTEXT_WORDS,
    deny: DENY_WORDS,
    decodeTriggers: [],
    pathWords: [],
    binaryWords: [],
    ownEntities: [],
  })
}
