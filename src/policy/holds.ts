import type { Asked, RuleHere } from './match.ts'

/** `error`: the condition could not be answered. */
export type Answer = 'yes' | 'no' | 'error'

/**
 * Whether the time and the condition of a rule hold for what its match fitted. For a list, which has no arguments and is
 * kept by clients, a rule counts only where it holds whatever the call will be; an allow rule where it may (policy.md, 6).
 */
export function holds(here: RuleHere, asked: Asked): Answer {
  return asked.stage === 'list' ? holdsForList(here, asked) : holdsForCall(here, asked)
}

function holdsForCall({ rule }: RuleHere, asked: Asked): Answer {
  if (rule.during !== undefined && !rule.during.contains(asked.atMs)) return 'no'
  if (rule.outside !== undefined && rule.outside.contains(asked.atMs)) return 'no'
  if (rule.when === undefined) return 'yes'
  if (asked.about.kind !== 'connection' || !rule.when.needsCall) return answer(rule.when.holds(asked.context()))
  // A login or a ping has no arguments: an allow rule opens the connection, and what cannot be answered is not about it.
  if (rule.effect === 'allow') return 'yes'
  return rule.when.holds(asked.context()) === true ? 'yes' : 'no'
}

function holdsForList({ rule }: RuleHere, asked: Asked): Answer {
  const open = rule.effect === 'allow' ? 'yes' : 'no'
  if (rule.when?.needsCall === true) return open
  const timed = rule.during !== undefined || rule.outside !== undefined
  if (timed && rule.effect !== 'allow') return 'no'
  return rule.when === undefined ? 'yes' : answer(rule.when.holds(asked.context()))
}

function answer(held: boolean | 'error'): Answer {
  return held === 'error' ? 'error' : held ? 'yes' : 'no'
}

/** An error in an allow rule is no match; in every other rule it is one (policy.md, 3.5). */
export function counts(effect: RuleHere['rule']['effect'], answered: Answer): boolean {
  return answered === 'yes' || (answered === 'error' && effect !== 'allow')
}
