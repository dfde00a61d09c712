import { isObject, type JsonObject } from '../base/json.ts'
import { parseDuration } from '../base/units.ts'
import { NO_CIRCUMSTANCES, type Circumstances } from './circumstances.ts'
import type { SourceTest } from './collect.ts'
import { decide, type About, type Decision, type Question, type Who } from './decide.ts'
import { suggest, type Mistake } from './mistake.ts'
import type { ReadPolicy } from './parse-policy.ts'
import type { Policy } from './policy.ts'
import type { CallEntry, TestEntry } from './policy-file.ts'
import { DEFAULT_RULE } from './rule.ts'

/** When a test does not say: a Monday, at ten in the morning in Berlin. No test may depend on the clock of a machine. */
const TEST_TIME_MS = Date.parse('2026-11-23T10:00:00+01:00')

export interface TestResult {
  readonly name: string
  readonly file: string
  readonly line: number
  /** What was decided; undefined where the test asks something that cannot be asked. */
  readonly decision: Decision | undefined
  /** Why it fails; undefined where it passes. */
  readonly mistake: Mistake | undefined
}

/** Runs the tests that a policy brings with it. */
export function runTests(run: ReadPolicy): TestResult[] {
  return run.sources.tests.map((test) => runTest(run, test))
}

function runTest(run: ReadPolicy, test: SourceTest): TestResult {
  const { document, path, entry } = test
  const { file, line } = document.at([...path, 'name'], '')
  const question = questionOf(run, test)
  if ('message' in question) return { name: entry.name, file, line, decision: undefined, mistake: question }
  const decision = decide(question)
  const wrong = compare(entry, decision)
  const mistake =
    wrong === undefined
      ? undefined
      : document.at(
          [...path, wrong.key],
          `the test "${entry.name}" fails: ${wrong.what}`,
          hintFor(run, entry, decision),
        )
  return { name: entry.name, file, line, decision, mistake }
}

/** The question that a test asks, or what is wrong with it. */
export function questionOf(run: ReadPolicy, test: SourceTest): Question | Mistake {
  const { tested: policy, connections, inspect } = run
  const { entry } = test
  const { call } = entry
  const connection = connections.find(({ name }) => name === call.connection)
  const about = aboutOf(call)
  const times = timesOf(test)
  if (connection === undefined || about === undefined) return wrongCall(run, test)
  if ('message' in times) return times
  const unknownRule = checkRule(policy, test)
  if (unknownRule !== undefined) return unknownRule
  const args = isObject(call.args) ? call.args : {}
  const inspected = inspect(connection, call.tool ?? '', args)
  const { atMs, ageMs } = times
  const circumstances = { ...circumstancesOf(entry, args), ...inspected, atMs, session: sessionOf(entry, ageMs) }
  return { policy, who: callerOf(entry), connection, about, circumstances }
}

/** A call as a person writes it down to ask about it: a test without what must come of it. */
export type CallQuestion = Pick<TestEntry, 'as' | 'at' | 'session' | 'call'>

/** The question, or why it cannot be asked, in one sentence without a full stop. */
export function callQuestion(run: ReadPolicy, call: CallQuestion): Question | string {
  const entry: TestEntry = { ...call, name: 'call', expect: 'allow' }
  const question = questionOf(run, { entry, document: run.sources.document, path: [] })
  if (!('message' in question)) return question
  return question.hint === undefined ? question.message : `${question.message}; ${question.hint}`
}

function wrongCall({ connections }: ReadPolicy, { entry: { call }, document, path }: SourceTest): Mistake {
  const names = connections.map(({ name }) => name)
  if (!names.includes(call.connection))
    return document.at(
      [...path, 'call', 'connection'],
      `no connection "${call.connection}"`,
      suggest(call.connection, names),
    )
  return document.at([...path, 'call'], 'only one of tool, prompt, resource can be called', 'make two tests of it')
}

function checkRule({ rules }: Policy, { entry: { rule }, document, path }: SourceTest): Mistake | undefined {
  const ids = [...rules.map(({ id }) => id), DEFAULT_RULE]
  if (rule === undefined || ids.includes(rule)) return undefined
  return document.at([...path, 'rule'], `no rule "${rule}"`, suggest(rule, ids))
}

const ZONED = /[T ].*(?:Z|[+-]\d\d:?\d\d)$/

function timesOf({ entry: { at, session }, document, path }: SourceTest): { atMs: number; ageMs: number } | Mistake {
  const atMs = at === undefined ? TEST_TIME_MS : ZONED.test(at) ? Date.parse(at) : Number.NaN
  if (Number.isNaN(atMs))
    return document.at([...path, 'at'], `"${at}" is no time`, 'with its zone, such as 2026-11-22T23:00:00+01:00')
  const ageMs = parseDuration(session?.age ?? '0s')
  if (ageMs === undefined)
    return document.at([...path, 'session', 'age'], `"${session?.age}" is no duration`, 'such as 2h')
  return { atMs, ageMs }
}

function circumstancesOf({ as, call }: TestEntry, args: JsonObject): Circumstances {
  return {
    ...NO_CIRCUMSTANCES,
    args,
    method: call.method ?? methodOf(call),
    address: as?.address ?? '127.0.0.1',
    client: { id: as?.client ?? 'test', name: as?.client ?? 'test', version: '' },
    tool: {
      hash: '',
      changed: call.tool_changed === true,
      annotations: isObject(call.annotations) ? call.annotations : {},
    },
  }
}

function sessionOf({ session }: TestEntry, ageMs: number): Circumstances['session'] {
  return { ageSeconds: Math.floor(ageMs / 1000), calls: session?.calls ?? 0, taints: session?.taints ?? [] }
}

function methodOf({ tool, prompt, resource }: CallEntry): string {
  if (tool !== undefined) return 'tools/call'
  if (prompt !== undefined) return 'prompts/get'
  return resource === undefined ? 'ping' : 'resources/read'
}

function compare({ expect, rule }: TestEntry, decision: Decision): { key: string; what: string } | undefined {
  const kind = decision.kind === 'allow' ? (decision.would ?? 'allow') : decision.kind
  const said = `the policy says ${kind} by rule "${decision.rule}"`
  if (kind !== expect) return { key: 'expect', what: `${said}, expected ${expect}` }
  return rule === undefined || rule === decision.rule || decidedBy(decision, rule)
    ? undefined
    : { key: 'rule', what: `${said}, expected "${rule}"` }
}

/** Why it may have come out differently than meant. */
function hintFor({ sources: { groups } }: ReadPolicy, { as }: TestEntry, { matched }: Decision): string {
  const claims = new Set(Object.values(groups).flat())
  const readable = as?.groups?.find((group) => Object.hasOwn(groups, group) && !claims.has(group))
  if (readable !== undefined)
    return `as: groups: takes values of the claim, so "${groups[readable]?.[0]}" instead of "${readable}"`
  return matched.length === 0 ? 'no rule matched' : `rules that matched: ${matched.join(', ')}`
}

/** Of several rules that say the same, a test may name any. */
function decidedBy(decision: Decision, rule: string): boolean {
  return decision.kind === 'approve' && decision.terms.some((term) => term.rule === rule)
}

function callerOf({ as }: TestEntry): Who {
  const claims = isObject(as?.claims) ? as.claims : {}
  return {
    subject: as?.subject ?? 'test',
    issuer: as?.issuer ?? 'https://issuer.example.com',
    groups: as?.groups ?? [],
    email: as?.email,
    claims,
    amr: as?.amr ?? [],
  }
}

function aboutOf({ tool, prompt, resource }: CallEntry): About | undefined {
  const all: About[] = [
    ...(tool === undefined ? [] : [{ kind: 'tool' as const, name: tool }]),
    ...(prompt === undefined ? [] : [{ kind: 'prompt' as const, name: prompt }]),
    ...(resource === undefined ? [] : [{ kind: 'resource' as const, uri: resource }]),
  ]
  return all.length > 1 ? undefined : (all[0] ?? { kind: 'connection' })
}
