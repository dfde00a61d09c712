import { stringifyJson } from '../base/json.ts'
import type { Config } from '../config/config.ts'
import type { RecordedSession } from '../recording/load-session.ts'
import { safe } from '../recording/print.ts'
import type { RecordedRecord } from '../recording/read.ts'
import { titleOf } from '../recording/timeline.ts'
import { replayEvent } from '../recording/replay-event.ts'
import { backtest, type Backtest, type Compared } from './backtest-run.ts'
import { backtestTerms } from './backtest-terms.ts'
import { EXIT, type ExitCode, printLine } from './out.ts'
import { type Again, type Caller, callAgain } from './replay-against.ts'

export interface AgainOptions {
  /** Path of the policy. */
  readonly policy: string
  readonly config: Config
  readonly json: boolean
  /** Where calls that only read are made again; undefined: nothing is sent to anybody. */
  readonly caller: Caller | undefined
}

/**
 * What another policy would decide of each recorded call of a session, by the code of the back-test; and, where asked, what
 * the calls that only read answer today. Ends with 1 where anything comes out differently.
 */
export async function replayAgain(session: RecordedSession, options: AgainOptions): Promise<ExitCode> {
  const terms = await backtestTerms(options.policy, options.config, { fromMs: 0, toMs: Infinity })
  if (terms === undefined) return EXIT.refused
  const { caller } = options
  let different = 0
  if (!options.json) printLine(`Session ${session.id} under policy ${terms.policy.shortVersion}.`)
  for await (const compared of backtest(fromList(session.records), terms)) {
    const again = caller && (await callAgain(compared, session, caller))
    if (isDifferent(compared, again)) different += 1
    if (options.json) printLine(stringifyJson(jsonOf(compared, terms, again)))
    else for (const line of linesOf(compared, terms, again)) printLine(safe(line))
  }
  if (!options.json)
    printLine(different === 0 ? 'Nothing comes out differently.' : `${different} come out differently.`)
  return different === 0 ? EXIT.fine : EXIT.refused
}

function isDifferent({ is, was }: Compared, again: Again | undefined): boolean {
  return is.effect !== was.effect || again?.kind === 'differs'
}

function jsonOf({ is, record, was }: Compared, terms: Backtest, again: Again | undefined) {
  return {
    seq: record.stored.seq,
    what: whatOf(record),
    was: { ...was },
    is: is.effect === undefined ? { effect: null, reasons: [...is.reasons] } : { ...is, why: whyOf(is.rule, terms) },
    again: again === undefined ? undefined : { ...again },
  }
}

function linesOf(compared: Compared, terms: Backtest, again: Again | undefined): readonly string[] {
  const { is, record, was } = compared
  const head = `#${record.stored.seq}  ${whatOf(record)}`
  const before = `${was.effect} by ${was.rule}`
  return [`${head}  ${verdictOf(before, is, terms)}`, ...(again === undefined ? [] : againLines(again))]
}

function verdictOf(before: string, is: Compared['is'], terms: Backtest): string {
  if (is.effect === undefined) return `${before} -> cannot be said: ${is.reasons.join('; ')}`
  const after = `${is.effect} by ${is.rule}`
  const why = whyOf(is.rule, terms)
  return after === before ? `${before}, as before` : `${before} -> ${after}${why === undefined ? '' : `: ${why}`}`
}

/** What the rule says of itself. */
function whyOf(rule: string, { policy }: Backtest): string | undefined {
  return policy.rules.find(({ id }) => id === rule)?.message
}

function againLines(again: Again): readonly string[] {
  switch (again.kind) {
    case 'skipped':
      return [`    not called again: ${again.why}`]
    case 'same':
      return ['    called again: the same result']
    case 'differs':
      return ['    called again: another result', ...again.diff.map((line) => `      ${line}`)]
    case 'failed':
      return [`    called again: ${again.why}`]
  }
}

function whatOf(record: RecordedRecord): string {
  return titleOf(replayEvent(record))
}

async function* fromList<T>(list: readonly T[]): AsyncGenerator<T, void, undefined> {
  yield* list
}
