// Kinds of values that the configuration describes: words, names of keys, patterns. This folder promises that none of them
// can make a message slow: a pattern has a longest match, is tried only where one of its words stands, and every step is
// counted. What a description says it finds is tried before it is used.
import { GatewayError } from '../../base/assert.ts'
import { decodeUtf8 } from '../../base/bytes.ts'
import { ENTITY_NAMES, type EntityId } from '../entities.ts'
import type { Sink, WordDetector } from '../find/finding.ts'
import type { View } from '../find/view.ts'
import { isAction } from '../replace/actions.ts'
import { entitiesOf } from '../replace/entity-groups.ts'
import { nameGlob } from '../../base/name-glob.ts'
import { tryExamples } from './examples.ts'
import { isName, nameDetector } from './name-detector.ts'
import type { OwnDetector } from './own-detector.ts'
import { type BoundedPattern, compilePattern, patternDetector } from './pattern-detector.ts'
import type { DetectorSpec } from './spec.ts'
import { isTooShort, spellings, wordDetector } from './word-detector.ts'

/** Something wrong with a description, and where in it: the keys that lead there. */
export interface OwnMistake {
  readonly key: readonly (string | number)[]
  readonly message: string
  readonly hint?: string | undefined
}

/** From this score on a match counts; a word of `near` raises it that far. */
export const COUNTS_FROM = 0.6
const SCORE = 0.9
const SCORE_WITH_NEAR = 0.4

/** All kinds of a configuration, in its order, which is the order of their ids. Keys of mistakes begin with the index. */
export function compileAllOwn(specs: readonly DetectorSpec[]): {
  own: readonly OwnDetector[]
  mistakes: readonly OwnMistake[]
} {
  const own: OwnDetector[] = []
  const mistakes: OwnMistake[] = []
  for (const [i, spec] of specs.entries()) {
    const first = specs.findIndex(({ name }) => name === spec.name)
    if (first < i) mistakes.push({ key: [i, 'name'], message: `there is another kind "${spec.name}"` })
    const compiled = compileOwn(spec, ENTITY_NAMES.length + i)
    if ('mistakes' in compiled) mistakes.push(...compiled.mistakes.map((one) => ({ ...one, key: [i, ...one.key] })))
    else own.push(compiled)
  }
  return { own, mistakes }
}

/** A kind of the configuration, tried with its examples; or all that is wrong with it. */
export function compileOwn(
  spec: DetectorSpec,
  entity: EntityId,
): OwnDetector | { readonly mistakes: readonly OwnMistake[] } {
  const pattern = spec.pattern === undefined ? undefined : compilePattern(spec.pattern)
  const mistakes = [...checkTerms(spec), ...checkWords(spec)]
  if (pattern !== undefined && 'mistake' in pattern) {
    mistakes.push({ key: ['pattern'], message: pattern.mistake, hint: pattern.hint })
    return { mistakes }
  }
  if (mistakes.length > 0) return { mistakes }
  try {
    // The trial knows no other kind of the configuration.
    const trial = { ...spec, own: make(spec, ENTITY_NAMES.length, pattern), triggers: pattern?.triggers ?? [] }
    const failed = tryExamples(trial)
    return failed.length > 0 ? { mistakes: failed } : make(spec, entity, pattern)
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    return {
      mistakes: [
        {
          key: ['words'],
          message: 'these words are too many',
          hint: 'part them into several kinds of other connections, or give fewer',
        },
      ],
    }
  }
}

function make(spec: DetectorSpec, entity: EntityId, pattern: BoundedPattern | undefined): OwnDetector {
  const { name, words = [], keys = [], near = [], connections, tools } = spec
  const score = scoreOf(spec)
  const allowed = new Set((spec.allow ?? []).map((value) => value.toLowerCase()))
  const isAllowed = (value: string): boolean => allowed.has(value)
  const detectors: WordDetector[] = []
  if (words.length > 0) detectors.push(without(allowed, wordDetector(words, { entity, score, rule: `own.${name}` })))
  if (keys.length > 0) detectors.push(without(allowed, nameDetector(keys, entity)))
  if (pattern !== undefined) detectors.push(patternDetector(pattern, { entity, name, score, isAllowed }))
  const isConnection = oneOf(connections)
  const isTool = oneOf(tools)
  return {
    name,
    action: isAction(spec.with) ? spec.with : 'redact',
    in: spec.in,
    score: COUNTS_FROM,
    looksAt: (connection, tool) => isConnection(connection) && isTool(tool),
    detectors,
    near: near.flatMap(spellings),
  }
}

function scoreOf({ score, near = [] }: DetectorSpec): number {
  return score ?? (near.length > 0 ? SCORE_WITH_NEAR : SCORE)
}

/** Where only some tools are named, what is of no tool is not meant. */
function oneOf(globs: readonly string[] | undefined): (name: string | undefined) => boolean {
  if (globs === undefined) return () => true
  const tests = globs.map(nameGlob)
  return (name) => name !== undefined && tests.some((fits) => fits(name))
}

/** Leaves out values that are on the list. */
function without(allowed: ReadonlySet<string>, detector: WordDetector): WordDetector {
  if (allowed.size === 0) return detector
  return { words: detector.words, verify: (hit, sink) => detector.verify(hit, new Sieve(sink, hit.view, allowed)) }
}

class Sieve implements Sink {
  readonly #to: Sink
  readonly #view: View
  readonly #allowed: ReadonlySet<string>

  constructor(to: Sink, view: View, allowed: ReadonlySet<string>) {
    this.#to = to
    this.#view = view
    this.#allowed = allowed
  }

  may: Sink['may'] = (entity, score) => this.#to.may(entity, score)

  add: Sink['add'] = (finding) => {
    const value = decodeUtf8(this.#view.bytes, finding.start, finding.end)
    if (!this.#allowed.has(value.toLowerCase())) this.#to.add(finding)
  }

  spend: Sink['spend'] = (bytes) => this.#to.spend(bytes)
}

function checkTerms(spec: DetectorSpec): OwnMistake[] {
  const { name, words = [], keys = [], pattern, examples } = spec
  const mistakes: OwnMistake[] = []
  if (entitiesOf(name) !== undefined)
    mistakes.push({
      key: ['name'],
      message: `"${name}" is built in`,
      hint: 'choose another name: policy could not tell them apart',
    })
  if (words.length === 0 && keys.length === 0 && pattern === undefined)
    mistakes.push({ key: [], message: 'nothing says what is looked for', hint: 'give words, keys or a pattern' })
  if (!isAction(spec.with)) mistakes.push({ key: ['with'], message: `there is no action "${spec.with}"` })
  for (const list of ['matches', 'leaves_alone'] as const)
    if (examples[list].length === 0)
      mistakes.push({ key: ['examples', list], message: 'one example is needed at least' })
  return [...mistakes, ...checkScore(spec)]
}

function checkScore({ score = COUNTS_FROM, near = [] }: DetectorSpec): OwnMistake[] {
  if (score >= COUNTS_FROM || near.length > 0) return []
  const message = `a match counts from ${COUNTS_FROM} on, and nothing raises this score`
  return [{ key: ['score'], message, hint: 'name words that stand near it with `near`' }]
}

function checkWords({ words = [], near = [], keys = [] }: DetectorSpec): OwnMistake[] {
  const names = keys.flatMap((name, i) =>
    isName(name) ? [] : [{ key: ['keys', i], message: 'a name of a key has two letters or more' }],
  )
  return [...tooShort('words', words), ...tooShort('near', near), ...names]
}

function tooShort(of: string, list: readonly string[]): OwnMistake[] {
  const message = 'this must be two letters or more, without spaces around them'
  return list.flatMap((word, i) => (isTooShort(word) || word.trim() !== word ? [{ key: [of, i], message }] : []))
}
