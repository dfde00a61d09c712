import type { ApprovalTerms } from '../approval/approval.ts'
import { printDuration } from '../base/units.ts'
import type { Facts } from '../facts/facts.ts'
import { limitText } from '../limits/exhausted-text.ts'
import type { Decision } from '../policy/decide.ts'
import type { Explanation, RuleExplanation } from '../policy/explain.ts'
import { DEFAULT_RULE } from '../policy/rule.ts'
import { factLines } from './fact-lines.ts'
import { beside } from './wrap.ts'

/** What an explanation is about, beside the rules. */
export interface AskedAbout {
  readonly facts: Partial<Facts>
  /** When the call is taken to be made. */
  readonly at: string
  /** Values of the caller's groups claim. */
  readonly claims: readonly string[]
}

/** An explanation for people: what was decided, what was read, and what each rule made of it. */
export function explanationLines({ decision, groups, rules }: Explanation, about: AskedAbout): string[] {
  const facts = factLines(about.facts, { short: true })
  return [
    ...decisionLines(decision),
    '',
    ...beside('caller  ', callerText(groups, about.claims)),
    `time    ${about.at}`,
    ...(facts.length === 0 ? [] : ['', 'facts', ...facts.map((line) => `  ${line}`)]),
    '',
    rules.length === 0 ? 'no rule is about this connection' : 'rules',
    ...rules.flatMap(ruleLines),
    ...obligationLines(decision),
  ]
}

function callerText(groups: readonly string[], claims: readonly string[]): string {
  if (groups.length > 0) return `in ${groups.join(', ')}`
  if (claims.length === 0) return 'in no group'
  return `in no group of the policy; its claim says ${claims.join(', ')}`
}

function decisionLines(decision: Decision): string[] {
  const head = `${decision.kind}, by rule "${decision.rule}"`
  switch (decision.kind) {
    case 'allow':
      return decision.would === undefined
        ? [head]
        : [head, `  the policy is in shadow mode: it would ${decision.would}`]
    case 'approve':
      return [
        head,
        ...said(decision.message),
        ...decision.terms.flatMap(({ rule, approval }) => beside('  ', `${rule} needs ${termsText(approval)}`)),
      ]
    case 'deny':
      return [
        decision.rule === DEFAULT_RULE ? `${head}: no rule allows it` : head,
        ...said(decision.message),
        ...(decision.groupsThatMay.length === 0 ? [] : [`  members of ${decision.groupsThatMay.join(', ')} may`]),
      ]
  }
}

/** Who has to agree, and what that is good for. */
function termsText({ by, scope, reasonRequired, expiresMs, runWithinMs }: ApprovalTerms): string {
  const who = by.map(({ group, count }) => `${count} of ${group}`).join(' and ')
  const good =
    scope === 'once'
      ? `this call, once, ${printDuration(runWithinMs)} from then`
      : scope === 'session'
        ? 'the session'
        : `${printDuration(scope)} of the session`
  const reason = reasonRequired ? ', and a reason of the caller' : ''
  return `${who}${reason}, within ${printDuration(expiresMs)}; good for ${good}`
}

function said(message: string | undefined): string[] {
  return message === undefined ? [] : beside('  ', message)
}

const MARGIN = ' '.repeat(11)

function ruleLines({ rule, effect, mode, matched, because, wants, condition }: RuleExplanation): string[] {
  const shadow = mode === 'shadow' ? ' (shadow: has no effect)' : ''
  const why = because === undefined ? '' : `: ${because}${wants === undefined ? '' : ` (${wants})`}`
  const head = beside(`  ${matched ? 'matched' : '-      '}  ${effect.padEnd(7)}  `, `${rule}${shadow}${why}`)
  if (condition === undefined) return head
  return [
    ...head,
    ...(condition.value === 'error' ? beside(MARGIN, failureText(effect, condition.error)) : []),
    ...condition.parts.flatMap(({ text, value }) => beside(`${MARGIN}${wordOf(value).padEnd(6)}`, text)),
  ]
}

/** Why a part failed is said once, of the whole. */
function wordOf(value: string): string {
  return value.startsWith('error') ? 'error' : value
}

function failureText(effect: RuleExplanation['effect'], error = 'it cannot be answered'): string {
  const counts = effect === 'allow' ? 'in an allow rule that is no match' : 'which counts as a match here'
  return `its condition failed, ${counts}: ${error}`
}

function obligationLines(decision: Decision): string[] {
  if (decision.kind === 'deny') return []
  const { limits, masks, alerts } = decision.obligations
  const lines = [
    ...limits.map(({ rule, spec }) => `  limit  ${rule}: ${limitText(spec)}`),
    ...masks.map(({ rule }) => `  mask   ${rule}`),
    ...alerts.map(({ rule, severity }) => `  alert  ${rule}, ${severity} (not in force yet)`),
  ]
  return lines.length === 0 ? [] : ['', 'comes with it', ...lines]
}
