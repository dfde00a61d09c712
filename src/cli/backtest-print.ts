import type { BacktestReport, Change, Example } from './backtest-report.ts'

/** For a terminal, or for the discussion of a change. */
export function backtestLines(report: BacktestReport): readonly string[] {
  const { policy, decisions, first, last, changes } = report
  if (decisions === 0) return [`Policy ${policy}: no decisions are recorded in that time.`]
  return [
    `Policy ${policy} against ${count(decisions, 'recorded decision')}, ${first} to ${last}.`,
    ...(changes.length === 0 ? [nothing(report)] : changes.flatMap(changeLines)),
    `Unchanged: ${listOf(report.unchanged) || 'none'}.`,
    ...unjudgedLines(report),
    verdict(report),
  ]
}

function nothing({ not_judged: { count: unjudged } }: BacktestReport): string {
  return unjudged === 0 ? 'Nothing comes out differently.' : 'Of what could be judged, nothing comes out differently.'
}

function changeLines({ from, to, widens, count: times, identities, rules, examples }: Change): string[] {
  const people = identities === 1 ? '1 identity' : `${identities} identities`
  const shown = rules.slice(0, RULES_MAX).map((rule) => `    ${rule.from} -> ${rule.to}: ${rule.count}`)
  return [
    `${widens ? 'WIDER  ' : ''}${from} -> ${to}: ${count(times, 'call')} of ${people}`,
    ...shown,
    ...(rules.length > RULES_MAX ? [`    and ${rules.length - RULES_MAX} more pairs of rules`] : []),
    ...examples.map(exampleLine),
  ]
}

const RULES_MAX = 5

function exampleLine({ seq, time, who, connection, what, facts }: Example): string {
  return `    ${time} #${seq} ${who} ${connection} ${what}${facts === '' ? '' : ` (${facts})`}`
}

function unjudgedLines({ not_judged: unjudged }: BacktestReport): string[] {
  if (unjudged.count === 0) return []
  const head = `Not judged: ${count(unjudged.count, 'call')}; ${unjudged.may_widen} of them had been refused and may be allowed now.`
  const reasons = Object.entries(unjudged.reasons).map(([reason, times]) => `    ${reason}: ${times}`)
  return [head, ...reasons, ...unjudged.examples.map(exampleLine)]
}

function verdict({ widening, not_judged: { may_widen: mayWiden } }: BacktestReport): string {
  if (widening > 0)
    return `This policy allows ${count(widening, 'call')} that had been refused. If that is meant: --accept-widening.`
  if (mayWiden > 0) return 'Whether this policy allows more cannot be said. If that is acceptable: --accept-widening.'
  return 'Nothing that had been refused is allowed.'
}

function listOf(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([effect, times]) => `${effect} ${times}`)
    .join(', ')
}

function count(times: number, of: string): string {
  return times === 1 ? `1 ${of}` : `${times} ${of}s`
}
