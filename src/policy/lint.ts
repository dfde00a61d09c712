import type { SourceRule } from './collect.ts'
import type { Decision } from './decide.ts'
import type { ReadPolicy } from './parse-policy.ts'
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
  return sources.rules
    .filter(({ pack }) => pack === undefined)
    .flatMap((rule) => [
      ...openToAll(rule),
      ...ownApprovers(rule),
      ...costly(rule),
      ...madeUpSubjects(rule),
      ...(tests.length === 0 || hit.has(rule.entry.id) || !policy.rules.some(({ id }) => id === rule.entry.id)
        ? []
        : [at(rule, `no test of the file hits the rule "${rule.entry.id}"`)]),
    ])
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
  const { groups } = match
  if (approval === undefined || groups === undefined) return []
  if (!approval.by.every(({ group }) => groups.includes(group)) || approval.by.length < groups.length) return []
  return [at(rule, `whoever the rule "${id}" holds back is in the group that approves it`)]
}

/** Loops and patterns cost tens of comparisons; where one of these says no, the others need not be asked (policy.md, 4.2). */
function costly(rule: SourceRule): Oddity[] {
  const { id, when } = rule.entry
  if (when === undefined || when.includes('||')) return []
  const [first = '', ...rest] = when.split('&&')
  if (!isCostly(first) || rest.every(isCostly)) return []
  return [at(rule, `the condition of "${id}" asks the costly part first: put the plain comparison before it`, 'when')]
}

function isCostly(text: string): boolean {
  return /\.(?:exists|all|exists_one|map|filter|re)\(/.test(text)
}

/** Callers choose the names of their clients and tools, and open sessions as they like. */
function madeUpSubjects(rule: SourceRule): Oddity[] {
  const odd = (rule.entry.limit ?? []).some(
    ({ by }) => Array.isArray(by) && by.length > 0 && !by.includes('identity') && !by.includes('connection'),
  )
  return odd
    ? [at(rule, `the limit of "${rule.entry.id}" counts by what callers choose: add identity to by`, 'limit')]
    : []
}
