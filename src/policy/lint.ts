import type { SourceRule, Sources } from './collect.ts'
import type { Decision } from './decide.ts'
import type { ReadPolicy } from './parse-policy.ts'
import type { LimitBy } from './limit.ts'
import type { Rule } from './rule.ts'
import type { TestResult } from './run-tests.ts'

/** Something that loads, and is worth a second look. */
export interface Oddity {
  readonly file: string
  readonly line: number
  readonly message: string
}

/** What a careful reviewer would ask about. None of it is a mistake by itself. */
export function lint({ sources, policy }: ReadPolicy, tests: readonly TestResult[]): Oddity[] {
  const hit = hitRules(tests)
  const compiled = new Map(policy.rules.map((rule) => [rule.id, rule]))
  const found = sources.rules
    .filter(({ pack }) => pack === undefined)
    .flatMap((rule) => [
      ...openToAll(rule),
      ...ownApprovers(rule),
      ...costly(rule, compiled.get(rule.entry.id)),
      ...madeUpSubjects(rule, compiled.get(rule.entry.id)),
      ...(tests.length === 0 || hit.has(rule.entry.id) ? [] : [at(rule, `no test hits the rule "${rule.entry.id}"`)]),
    ])
  return tests.length === 0 ? [...found, untested(sources)] : found
}

function untested({ document }: Sources): Oddity {
  const { file, line } = document.at([], '')
  return { file, line, message: 'it has no tests: describe calls under tests:, and what must come of them' }
}

/** Ids of the rules that the tests had to do with. */
export function hitRules(tests: readonly TestResult[]): ReadonlySet<string> {
  return new Set(tests.flatMap(({ decision }) => (decision === undefined ? [] : rulesIn(decision))))
}

function rulesIn({ matched, shadowed, rule }: Decision): string[] {
  return [...matched, ...shadowed.map((one) => one.rule), rule]
}

function at({ document, path }: SourceRule, message: string, key = 'id'): Oddity {
  const { file, line } = document.at([...path, key], '')
  return { file, line, message }
}

function openToAll(rule: SourceRule): Oddity[] {
  const { id, effect, match } = rule.entry
  const everywhere =
    match.connections === undefined || (Array.isArray(match.connections) && match.connections.includes('*'))
  if (effect !== 'allow' || !everywhere || match.groups !== undefined) return []
  return [at(rule, `the rule "${id}" allows everybody on every connection: name connections or groups`)]
}

function ownApprovers(rule: SourceRule): Oddity[] {
  const { id, approval, match } = rule.entry
  if (approval === undefined || match.groups === undefined) return []
  const held = new Set(match.groups)
  const approving = new Set(approval.by.map(({ group }) => group))
  if (held.size !== approving.size || [...approving].some((group) => !held.has(group))) return []
  return [at(rule, `whoever the rule "${id}" holds back is in the group that approves it`, 'approval')]
}

/** Loops and patterns cost tens of comparisons; where one of these says no, the others need not be asked (policy.md, 4.2). */
function costly(rule: SourceRule, compiled: Rule | undefined): Oddity[] {
  if (compiled?.when?.asksCostlyFirst !== true) return []
  return [
    at(
      rule,
      `the condition of "${rule.entry.id}" asks the costly part first: put the plain comparison before it`,
      'when',
    ),
  ]
}

/** Callers choose the names of their clients and tools, and open sessions as they like. */
function madeUpSubjects(rule: SourceRule, compiled: Rule | undefined): Oddity[] {
  const odd = compiled?.limit?.some(({ by }) => !by.includes('identity') && by.some((one) => MADE_UP.includes(one)))
  if (odd !== true) return []
  return [at(rule, `the limit of "${rule.entry.id}" counts by what callers make up: add identity to its by`, 'limit')]
}

const MADE_UP: readonly LimitBy[] = ['tool', 'session', 'client']
