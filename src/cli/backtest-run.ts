import type { RecordedRecord } from '../recording/read.ts'
import { objectAt, textAt } from '../recording/read.ts'
import type { SqlReaders } from '../facts/read-facts.ts'
import { readShell } from '../facts/shell/read.ts'
import type { Facts } from '../facts/facts.ts'
import { decide, type Decision, type Question } from '../policy/decide.ts'
import type { FindSensitive } from '../policy/inspect.ts'
import type { Policy } from '../policy/policy.ts'
import { recordedQuestion, type RecordedQuestion } from '../policy/recorded-question.ts'
import type { ConnectionFacts } from '../policy/rule.ts'
import { ReplayedLimits } from './backtest-limits.ts'

export type WasEffect = Decision['kind']
/** `limited`: the policy allows it, and a limit of its has no room. */
export type IsEffect = Decision['kind'] | 'limited'

/** One recorded decision, and what the new policy makes of it. */
export interface Compared {
  readonly record: RecordedRecord
  readonly asked: RecordedQuestion
  readonly was: { readonly effect: WasEffect; readonly rule: string }
  readonly is: { readonly effect: IsEffect; readonly rule: string } | Unjudged
}

/** Why nobody can say what the new policy would decide. */
export interface Unjudged {
  readonly effect: undefined
  readonly reasons: readonly string[]
}

export interface Backtest {
  readonly policy: Policy
  readonly connections: readonly ConnectionFacts[]
  readonly readers: SqlReaders
  readonly findSensitive: FindSensitive
  readonly fromMs: number
  readonly toMs: number
}

/**
 * Decides recorded calls again, in their order. What a policy did not decide is left out: malformed messages, sessions of
 * others, and what a limit refused.
 */
export async function* backtest(
  records: AsyncIterable<RecordedRecord>,
  test: Backtest,
): AsyncGenerator<Compared, void, undefined> {
  const judge = new Judge(test)
  for await (const record of records) {
    const { entry } = record.stored
    const atMs = entry.time / 1000
    if (atMs < test.fromMs || atMs >= test.toMs) continue
    if (entry.kind === 'outcome' || entry.kind === 'part') judge.limits.came(record)
    const compared = judge.compare(record)
    if (compared !== undefined) yield compared
  }
}

class Judge {
  readonly limits = new ReplayedLimits()
  readonly #test: Backtest
  readonly #uses: ReadonlySet<string>
  readonly #shellParser = readShell('true').parser

  constructor(test: Backtest) {
    this.#test = test
    this.#uses = test.policy.uses
  }

  compare(record: RecordedRecord): Compared | undefined {
    const was = decidedThen(record)
    if (was === undefined) return undefined
    const { envelope, stored } = record
    const asking = { uses: this.#uses, findSensitive: this.#test.findSensitive }
    const asked = recordedQuestion({ envelope, request: stored.parts.request?.bytes }, asking)
    if (asked === undefined) return undefined
    return { record, asked, was, is: this.#judge(asked, record) }
  }

  #judge(asked: RecordedQuestion, record: RecordedRecord): Compared['is'] {
    if (record.integrity === 'altered') return { effect: undefined, reasons: ['the record was altered'] }
    const connection = this.#test.connections.find(({ name }) => name === asked.connection.name)
    if (connection === undefined)
      return { effect: undefined, reasons: [`the connection ${asked.connection.name} is not configured`] }
    const { who, about, circumstances } = asked
    const question: Question = { policy: this.#test.policy, who, connection, about, circumstances }
    const reasons = [
      ...asked.missing.map((path) => `${path} was not recorded`),
      ...this.#otherParsers(circumstances.facts),
    ]
    if (reasons.length > 0) return withoutCall(question, asked.missing) ?? { effect: undefined, reasons }
    return this.#withLimits(decide(question), { asked, record })
  }

  #withLimits(decision: Decision, call: { asked: RecordedQuestion; record: RecordedRecord }): Compared['is'] {
    const { kind, rule } = decision
    const limiting = decision.kind === 'allow' ? this.limits.take(decision.obligations.limits, call) : undefined
    return limiting === undefined ? { effect: kind, rule } : { effect: 'limited', rule: limiting }
  }

  /** Facts of another parser are not those that the gateway would see now, so they say nothing of what it would decide. */
  #otherParsers({ sql, shell }: Facts): string[] {
    const looksAt = (root: string): boolean => [...this.#uses].some((path) => path.split('.', 1)[0] === root)
    const all = [...(looksAt('sql') ? [sql] : []), ...(looksAt('shell') ? shell.sql : [])]
    const found = all.filter(
      ({ dialect, parser }) => parser !== '' && dialect !== '' && parser !== this.#sqlParser(dialect),
    )
    const parsers = new Set(found.map(({ parser }) => parser))
    if (looksAt('shell') && shell.parser !== '' && shell.parser !== this.#shellParser) parsers.add(shell.parser)
    return [...parsers].map((parser) => `${parser} read it, and another parser is in use now`)
  }

  #sqlParser(dialect: Exclude<Facts['sql']['dialect'], ''>): string {
    return this.#test.readers.get(dialect)?.parser ?? ''
  }
}

/** What was decided then by a policy, about something that a client wanted. What passed was allowed, whatever a trial said. */
function decidedThen({ envelope, stored }: RecordedRecord): Compared['was'] | undefined {
  const { kind } = stored.entry
  const decision = objectAt(envelope, 'decision')
  if (decision === undefined || textAt(envelope, 'dir') !== 'c2s') return undefined
  const rule = textAt(decision, 'rule') ?? ''
  if (kind === 'intent') return { effect: 'allow', rule }
  // Only what a policy decided says which rules matched; a limit says that it was one.
  if (kind !== 'refused' || !Array.isArray(decision['matched']) || decision['by'] !== undefined) return undefined
  return { effect: textAt(decision, 'effect') === 'approve' ? 'approve' : 'deny', rule }
}

/** Where arguments and facts are not known: a refusal that does not depend on them. */
function withoutCall(question: Question, missing: readonly string[]): Compared['is'] | undefined {
  if (missing.some((path) => path === 'task' || path.startsWith('identity.'))) return undefined
  const { kind, rule } = decide({ ...question, stage: 'list' })
  return kind === 'deny' ? { effect: kind, rule } : undefined
}

/** Whether something passes that was refused or held up. */
export function isWider({ was, is }: Compared): boolean {
  return was.effect !== 'allow' && is.effect === 'allow'
}

/** What was refused and nobody can judge may pass now; somebody has to look. */
export function mayBeWider({ was, is }: Compared): boolean {
  return was.effect !== 'allow' && is.effect === undefined
}
