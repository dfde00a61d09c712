import type { Explanation as ConditionExplanation } from './condition/condition.ts'
import { askOf, decide, type Decision, type Question } from './decide.ts'
import { counts, holds } from './holds.ts'
import { misfit, type Asked, type Misfit, type RuleHere } from './match.ts'
import { readableGroups, rulesFor } from './policy.ts'
import type { Conditions, Effect, Mode, Rule } from './rule.ts'

/** What one rule made of a call. */
export interface RuleExplanation {
  readonly rule: string
  readonly effect: Effect
  readonly mode: Mode
  readonly matched: boolean
  /** Why it did not match; undefined where it did. */
  readonly because: Reason | undefined
  /** What it would have taken, in the words of the file. */
  readonly wants: string | undefined
  /** Of its condition, where it came that far. */
  readonly condition: ConditionExplanation | undefined
}

export type Reason =
  | Misfit
  | 'the time is not in its during'
  | 'the time is in its outside'
  | 'its condition is false'
  | 'its condition failed'

export interface Explanation {
  /** Readable names of the caller's groups. */
  readonly groups: readonly string[]
  readonly decision: Decision
  /** All rules on the connection, in the order of the files. */
  readonly rules: readonly RuleExplanation[]
}

/** The decision about a call, and what each rule had to do with it. For people: slower than `decide`, and the same. */
export function explain(question: Question): Explanation {
  const { policy, connection, who } = question
  const call: Question = { ...question, stage: 'call' }
  const asked = askOf(call)
  const rules = rulesFor(policy, connection).map((here) => explainRule(here, asked))
  return { decision: decide(call), groups: [...readableGroups(policy, who.groups)], rules }
}

function explainRule(here: RuleHere, asked: Asked): RuleExplanation {
  const { id: rule, effect, mode, when, match } = here.rule
  const said = { rule, effect, mode, condition: undefined, wants: undefined }
  const unfit = misfit(here, asked)
  if (unfit !== undefined) return { ...said, matched: false, because: unfit, wants: wanted(unfit, match) }
  const untimely = untimelinessOf(here.rule, asked.atMs)
  if (untimely !== undefined) return { ...said, matched: false, because: untimely }
  const condition = when?.explain(asked.context())
  const answered = holds(here, asked)
  if (counts(effect, answered)) return { ...said, matched: true, because: undefined, condition }
  const because = condition?.value === 'error' ? 'its condition failed' : 'its condition is false'
  return { ...said, matched: false, because, condition }
}

function untimelinessOf({ during, outside }: Rule, atMs: number): Reason | undefined {
  if (during?.contains(atMs) === false) return 'the time is not in its during'
  return outside?.contains(atMs) === true ? 'the time is in its outside' : undefined
}

function wanted(unfit: Misfit, { groups, tools, prompts, resources }: Conditions): string | undefined {
  switch (unfit) {
    case 'the caller is in none of its groups':
      return groups?.join(', ')
    case 'it is about something else': {
      const items = [...named('tools', tools), ...named('prompts', prompts), ...named('resources', resources)]
      return items.length === 0 ? undefined : items.join('; ')
    }
    case 'it is excepted':
      return undefined
  }
}

function named(what: string, globs: readonly string[] | undefined): string[] {
  return globs === undefined ? [] : [`${what} ${globs.join(', ')}`]
}
