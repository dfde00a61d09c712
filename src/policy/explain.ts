import type { Explanation as ConditionExplanation } from './condition/condition.ts'
import { askOf, decide, type Decision, type Question } from './decide.ts'
import { counts, holds } from './holds.ts'
import { misfit, type Asked, type Misfit, type RuleHere } from './match.ts'
import { rulesFor } from './policy.ts'
import type { Effect, Mode } from './rule.ts'

/** What one rule made of a call. */
export interface RuleExplanation {
  readonly rule: string
  readonly effect: Effect
  readonly mode: Mode
  readonly matched: boolean
  /** Why it did not match; undefined where it did. */
  readonly because: Misfit | 'outside its time' | 'its condition is false' | 'its condition failed' | undefined
  /** Of its condition, where it came that far. */
  readonly condition: ConditionExplanation | undefined
}

export interface Explanation {
  readonly decision: Decision
  /** All rules on the connection, in the order of the files. */
  readonly rules: readonly RuleExplanation[]
}

/** The decision about a call, and what each rule had to do with it. For people: slower than `decide`, and the same. */
export function explain(question: Question): Explanation {
  const asked = askOf(question)
  const rules = rulesFor(question.policy, question.connection).map((here) => explainRule(here, asked))
  return { decision: decide(question), rules }
}

function explainRule(here: RuleHere, asked: Asked): RuleExplanation {
  const { id: rule, effect, mode, when } = here.rule
  const said = { rule, effect, mode }
  const because = misfit(here, asked)
  if (because !== undefined) return { ...said, matched: false, because, condition: undefined }
  const answered = holds(here, asked)
  const condition = when?.explain(asked.context())
  if (counts(effect, answered)) return { ...said, matched: true, because: undefined, condition }
  if (answered === 'error') return { ...said, matched: false, because: 'its condition failed', condition }
  const isTimely = when !== undefined && condition?.value !== true
  return { ...said, matched: false, because: isTimely ? 'its condition is false' : 'outside its time', condition }
}
