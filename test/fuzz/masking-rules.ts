// What messages are masked by: the profiles, and rules at random.
import type { Asked } from '../../src/masking/engine.ts'
import type { Action } from '../../src/masking/replace/actions.ts'
import { makeRuleSet, type RuleSetParts, type Terms } from '../../src/masking/rule-set.ts'
import { Scanners } from '../../src/masking/scanners.ts'
import { MessageBook, OneWayBook } from '../../src/masking/surrogates/message-book.ts'
import type { Chance } from '../support/masking/random.ts'
import { scopeBook } from '../support/masking/scope-book.ts'

export interface FuzzRules {
  readonly name: string
  /** With a new book each time: all the books say the same of the same values. */
  readonly asked: () => Asked
  /** Whatever shows what it is by itself is hidden or stops the message. */
  readonly hidesPlain: boolean
  /** A part of some values, however short. */
  readonly hidesParts: boolean
}

/** So many sets besides the profiles; each needs an automaton of its own where it names fields. */
const RANDOM_SETS = 10

export function makeRules(chance: Chance): readonly FuzzRules[] {
  const scanners = new Scanners([])
  const profiles = (['results', 'arguments', 'record'] as const).map((side) =>
    fuzzRules({ profile: 'default', side, terms: [], own: [] }, { scanners, binary: 'pass' }),
  )
  const random = Array.from({ length: RANDOM_SETS }, () =>
    fuzzRules(
      {
        profile: chance.pick(['default', 'default', 'off']),
        side: chance.pick(['results', 'results', 'arguments']),
        terms: Array.from({ length: 1 + chance.below(3) }, () => someTerms(chance)),
        own: [],
      },
      { scanners, binary: chance.pick(['pass', 'drop', 'block']) },
    ),
  )
  return [...profiles, ...random]
}

function fuzzRules(
  parts: RuleSetParts,
  { scanners, binary }: { scanners: Scanners; binary: Asked['binary'] },
): FuzzRules {
  const rules = makeRuleSet(parts)
  const scanner = scanners.for(rules)
  return {
    name: JSON.stringify([parts.profile, parts.side, parts.terms, binary]),
    hidesPlain: parts.profile === 'default' && parts.terms.length === 0 && parts.side !== 'arguments',
    hidesParts: parts.terms.some((term) => term.with === 'partial'),
    asked: () => ({ scanner, rules, book: bookFor(parts.side), restored: [], schema: undefined, binary }),
  }
}

/** Hashes of kinds with few values are refused when a policy is read. */
const HASHED = ['email', 'phone', 'iban', 'person_name', 'crypto_wallet']
const ENTITIES = [
  ...HASHED,
  'secrets',
  'cards',
  'national_ids',
  'contact',
  'network',
  'person',
  'us_ssn',
  'ssn',
  'card',
  'date_of_birth',
  'url',
]
const FIELDS = [
  '**.note',
  'result.structuredContent.rows[*].id',
  '*.value',
  '**#**.n',
  'params.arguments.text',
  '**.row.*',
  '*.token',
]

function someTerms(chance: Chance): Terms {
  const actions: readonly Action[] = ['redact', 'partial', 'surrogate', 'surrogate', 'allow', 'block']
  const kind = chance.below(4)
  if (kind === 0) return { fields: [chance.pick(FIELDS)], with: chance.pick(['redact', 'partial', 'surrogate']) }
  if (kind === 1) return { entities: [chance.pick(HASHED)], with: 'hash' }
  return { entities: [chance.pick(ENTITIES)], with: chance.pick(actions) }
}

function bookFor(side: RuleSetParts['side']): Asked['book'] {
  const scope = scopeBook()
  return side === 'results'
    ? new MessageBook(scope, { upstream: 'db', tool: 'find', path: '', atMs: 0 })
    : new OneWayBook(scope)
}
