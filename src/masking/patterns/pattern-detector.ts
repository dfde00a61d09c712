import type { EntityId } from '../entities.ts'
import type { Sink, WordDetector } from '../find/finding.ts'
import type { View } from '../find/view.ts'
import { Matcher } from './matcher.ts'
import { inOrder, longestMatch } from './measure.ts'
import { compileProgram, type Program } from './program.ts'
import { innerOf, type Surroundings, surroundingsOf } from './surroundings.ts'
import { triggersOf } from './triggers.ts'

/** A pattern that can be looked for in time that grows with the text and not faster. */
export interface BoundedPattern {
  readonly program: Program
  /** Characters of its longest match. */
  readonly longest: number
  /** Every match has one of them. */
  readonly triggers: readonly string[]
}

/** Every place where a word of the pattern stands is looked at so many characters around, so this bounds the time. */
const LONGEST_MAX = 1_024

export type PatternMistake = { readonly mistake: string; readonly hint?: string | undefined }

export function compilePattern(pattern: string): BoundedPattern | PatternMistake {
  const program = compileProgram(pattern)
  if ('mistake' in program) return { ...program, hint: hintFor(pattern) }
  const order = inOrder(program)
  if (order === undefined)
    return {
      mistake: 'this pattern has a repeat without an end',
      hint: `write the most that can be: {1,64} for +, {0,64} for *, {2,64} for {2,}`,
    }
  const longest = longestMatch(program, order)
  if (longest > LONGEST_MAX)
    return {
      mistake: `a match may be ${longest} characters long`,
      hint: `${LONGEST_MAX} at most: lower the numbers of its repeats`,
    }
  const triggers = triggersOf(program, order)
  if (triggers === undefined || triggers.length === 0)
    return {
      mistake: 'this pattern has no three letters or signs in a row that every match has',
      hint: 'they decide where it is tried: write a prefix such as EMP- into it, or use keys with the name of the field',
    }
  return { program, longest, triggers }
}

function hintFor(pattern: string): string | undefined {
  if (/\(\?<?[=!]/.test(pattern)) return 'there is no look-around; \\b marks the edge of a word'
  if (/\\[1-9]/.test(pattern)) return 'there are no back-references'
  return undefined
}

export interface PatternTerms {
  readonly entity: EntityId
  readonly name: string
  readonly score: number
  /** Whether a value in lower case is no finding. */
  readonly isAllowed: (value: string) => boolean
}

/** A step of the machine costs as much as looking at so many bytes. */
const STEP_COST = 7
/** Texts in texts in texts that are looked into. */
const LAYERS_MAX = 3

/** Runs the pattern around each of its words, in the text as it is meant. */
export function patternDetector({ program, longest, triggers }: BoundedPattern, terms: PatternTerms): WordDetector {
  const matcher = new Matcher(program)
  const done = new WeakMap<View, number>()
  return {
    words: triggers,
    verify: ({ view, start }, sink) => {
      if (start < (done.get(view) ?? 0) || !sink.may(terms.entity, terms.score)) return
      // Matches that begin up to `longest` behind the word lie whole in the stretch, so words up to there are done with it.
      const around = surroundingsOf(view, start, { before: longest + 1, after: 2 * longest + 2 })
      done.set(view, nextPlace(around, longest))
      let text: Surroundings | undefined = around
      for (let layer = 0; text !== undefined && layer <= LAYERS_MAX; layer++) {
        addMatches(text, { matcher, longest, terms, sink })
        text = innerOf(text)
      }
    },
  }
}

/** Words before this place need no look of their own. */
function nextPlace({ starts, length, hit }: Surroundings, longest: number): number {
  return starts[Math.min(hit + longest, length)] ?? 0
}

interface Looking {
  readonly matcher: Matcher
  readonly longest: number
  readonly terms: PatternTerms
  readonly sink: Sink
}

function addMatches(text: Surroundings, { matcher, longest, terms, sink }: Looking): void {
  const { codes, starts, hit, isStart, isEnd, length } = text
  // Where the text goes on, its next character is there to tell whether a word ends.
  const characters = { codes, from: isStart ? 0 : 1, to: isEnd ? length : length - 1 }
  const stepsBefore = matcher.steps
  let at = characters.from
  while (at <= hit + longest) {
    const match = matcher.find(characters, at)
    if (match === undefined || match.start > hit + longest) break
    at = Math.max(match.end, match.start + 1)
    if (match.end <= hit || match.end === match.start) continue
    if (terms.isAllowed(String.fromCodePoint(...codes.subarray(match.start, match.end)).toLowerCase())) continue
    const span = { start: starts[match.start] ?? 0, end: starts[match.end] ?? 0 }
    sink.add({ entity: terms.entity, ...span, score: terms.score, by: 'pattern', rule: `own.${terms.name}` })
  }
  sink.spend(length + STEP_COST * (matcher.steps - stepsBefore))
}
