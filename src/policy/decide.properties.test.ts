import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileCondition, type Condition } from './condition/condition.ts'
import { NO_CIRCUMSTANCES } from './circumstances.ts'
import { couldAllow, decide, type About, type Decision, type Obligations, type Question } from './decide.ts'
import { compilePolicy, type Policy } from './policy.ts'
import type { Conditions, ConnectionFacts, Rule } from './rule.ts'
import { compileWindow, type Window, type WindowEntry } from './window.ts'

const CONNECTIONS: readonly ConnectionFacts[] = [
  { name: 'prod-db', labels: { kind: 'postgres', env: 'prod' } },
  { name: 'dev-db', labels: { kind: 'postgres', env: 'dev' } },
  { name: 'github', labels: { kind: 'saas' } },
]
const GROUPS = { engineers: ['okta-eng'], dba: ['okta-dba', 'okta-all'], staff: ['okta-all'] }

/** Some can be answered before there is a call, some only with it, and some not at all. */
const CONDITIONS = [
  'true',
  'identity.subject == "ann"',
  'identity.claims.tenant == "a"',
  'call.tool.startsWith("get_")',
  'connection.labels["env"] == "prod"',
  'args.n > 3',
  'has(args.n)',
  '!sql.present || args.n == "text"',
  'now.getHours() > 12',
  'call.method == "ping"',
].map(condition)

const WINDOWS = [{ days: 'mon-fri', hours: '07:00-20:00' }, { hours: '22:00-06:00' }, { from: '2026-11-24' }].map(
  windowOf,
)

const someOf = <T>(values: readonly T[]) => fc.option(fc.subarray([...values], { minLength: 1 }), { nil: undefined })
const oneOf = <T>(values: readonly T[]) => fc.option(fc.constantFrom(...values), { nil: undefined, freq: 2 })

const conditions: fc.Arbitrary<Conditions> = fc.record({
  connections: fc.option(
    fc.oneof(
      fc.subarray(['prod-db', 'github', '*-db', '*'], { minLength: 1 }),
      fc.constantFrom<Readonly<Record<string, string>>>({ env: 'prod' }, { kind: 'postgres' }, { kind: 'saas' }),
    ),
    { nil: undefined },
  ),
  tools: someOf(['query', 'get_*', '*']),
  prompts: fc.option(fc.constant(['p*']), { nil: undefined, freq: 1 }),
  resources: fc.option(fc.subarray(['file:///a/**', 'file:///a/b', 'x://*'], { minLength: 1 }), {
    nil: undefined,
    freq: 1,
  }),
  groups: someOf(['engineers', 'dba', 'staff']),
})

const approval = {
  by: [{ group: 'dba', count: 1 }],
  scope: 'once',
  reasonRequired: false,
  expiresMs: 1,
  runWithinMs: 1,
  digest: 'd',
  notify: [],
} as const
const limit = [{ kind: 'calls', amount: 1, perMs: 1000, burst: 1, by: ['identity'] }] as const

const rule: fc.Arbitrary<Omit<Rule, 'id'>> = fc
  .record({
    effect: fc.constantFrom('deny', 'approve', 'allow', 'allow', 'allow', 'mask', 'limit', 'alert'),
    mode: fc.constantFrom('enforce', 'enforce', 'enforce', 'shadow'),
    match: conditions,
    except: fc.array(conditions, { maxLength: 1 }),
    during: oneOf(WINDOWS),
    outside: oneOf(WINDOWS),
    when: oneOf(CONDITIONS),
  })
  .map((made) => ({
    ...made,
    approval: made.effect === 'approve' ? approval : undefined,
    mask: made.effect === 'mask' ? [{ fields: ['x'], with: 'redact' }] : undefined,
    limit: made.effect === 'limit' ? limit : undefined,
  }))

const rules: fc.Arbitrary<Rule[]> = fc
  .array(rule, { maxLength: 12 })
  .map((all) => all.map((one, i) => ({ ...one, id: `rule-${i}` })))

const about: fc.Arbitrary<About> = fc.oneof(
  fc.constantFrom('query', 'get_a', 'other').map((name) => ({ kind: 'tool' as const, name })),
  fc.constantFrom('p1', 'q').map((name) => ({ kind: 'prompt' as const, name })),
  fc
    .constantFrom('file:///a/b', 'file:///a/%62', 'x://y', 'bad uri')
    .map((uri) => ({ kind: 'resource' as const, uri })),
)

const question: fc.Arbitrary<Omit<Question, 'policy'>> = fc.record({
  who: fc.record({
    subject: fc.constantFrom('ann', 'bob'),
    groups: fc.subarray(['okta-eng', 'okta-dba', 'okta-all']),
    claims: fc.constantFrom({}, { tenant: 'a' }),
  }),
  connection: fc.constantFrom(...CONNECTIONS),
  about: fc.oneof(
    { weight: 5, arbitrary: about },
    { weight: 1, arbitrary: fc.constant({ kind: 'connection' as const }) },
  ),
  circumstances: fc
    .record({
      args: fc.constantFrom({}, { n: 1 }, { n: 5 }, { n: 'text' }),
      atMs: fc.integer({ min: Date.UTC(2026, 10, 22), max: Date.UTC(2026, 10, 28) }),
      method: fc.constantFrom('tools/call', 'ping'),
    })
    .map((some) => ({ ...NO_CIRCUMSTANCES, ...some })),
})

const RUNS = { numRuns: 2_000 }

describe('whatever the policy and the question are', () => {
  it('one more deny or approve rule never allows more, and one more allow rule never less', () => {
    fc.assert(
      fc.property(rules, rule, question, (given, added, asked) => {
        const more = [...given, { ...added, id: 'added' }]
        const [before, after] = [given, more].map((some) => strictness(decide({ ...asked, policy: policy(some) })))
        const [least, most] = added.effect === 'allow' ? [after, before] : [before, after]
        expect(most).toBeGreaterThanOrEqual(least ?? 0)
      }),
      RUNS,
    )
  })

  it('a rule that only obliges, or is in shadow mode, changes no decision', () => {
    fc.assert(
      fc.property(rules, rule, question, (given, added, asked) => {
        fc.pre(added.mode === 'shadow' || !['deny', 'approve', 'allow'].includes(added.effect))
        const more = [...given, { ...added, id: 'added' }]
        const [before, after] = [given, more].map((some) => decide({ ...asked, policy: policy(some) }))
        expect([after?.kind, after?.rule]).toEqual([before?.kind, before?.rule])
      }),
      RUNS,
    )
  })

  it('the order of the rules changes nothing but the order of what is said', () => {
    fc.assert(
      fc.property(rules, fc.infiniteStream(fc.nat()), question, (given, keys, asked) => {
        const shuffled = given.map((one) => ({ one, key: keys.next().value })).toSorted((a, b) => a.key - b.key)
        const [one, other] = [given, shuffled.map((entry) => entry.one)].map((some) =>
          unordered(decide({ ...asked, policy: policy(some) })),
        )
        expect(other).toEqual(one)
      }),
      RUNS,
    )
  })

  it('what some call may do is shown in lists, at whatever time the list was made', () => {
    fc.assert(
      fc.property(rules, question, about, fc.nat(), (given, asked, item, ms) => {
        const call = { ...asked, about: item, policy: policy(given) }
        fc.pre(decide(call).kind !== 'deny')
        expect(couldAllow({ ...call, circumstances: { ...NO_CIRCUMSTANCES, atMs: ms, method: 'tools/list' } })).toBe(
          true,
        )
      }),
      RUNS,
    )
  })

  it('only who may is named among the groups that may', () => {
    fc.assert(
      fc.property(rules, question, (given, asked) => {
        const made = policy(given)
        const decision = decide({ ...asked, policy: made })
        for (const group of decision.kind === 'deny' ? decision.groupsThatMay : []) {
          const joined = { ...asked.who, groups: [...asked.who.groups, `only-${group}`] }
          expect(decide({ ...asked, who: joined, policy: made }).kind).not.toBe('deny')
        }
      }),
      RUNS,
    )
  })

  it('a policy in shadow mode lets everything pass, and says what the same one in force would have said', () => {
    fc.assert(
      fc.property(rules, question, (given, asked) => {
        const enforced = decide({ ...asked, policy: policy(given) })
        const tried = decide({ ...asked, policy: { ...policy(given), mode: 'shadow' } })
        expect(tried.kind === 'allow' && (tried.would ?? 'allow')).toBe(enforced.kind)
        expect([tried.rule, tried.matched]).toEqual([enforced.rule, enforced.matched])
      }),
      RUNS,
    )
  })
})

/** For each group a claim of its own, beside those that several groups share. */
const CLAIMS = Object.fromEntries(Object.entries(GROUPS).map(([name, claims]) => [name, [...claims, `only-${name}`]]))

function policy(given: readonly Rule[]): Policy {
  const head = { version: '0'.repeat(64), default: 'deny', mode: 'enforce', timezone: 'UTC' } as const
  return compilePolicy({ ...head, rules: given, groups: CLAIMS, connections: CONNECTIONS })
}

function strictness({ kind }: Decision): number {
  return ['allow', 'approve', 'deny'].indexOf(kind)
}

function unordered(decision: Decision) {
  const { kind, matched, errors, shadowed } = decision
  return {
    kind,
    isDefault: decision.rule === 'default',
    matched: matched.toSorted(),
    errors: errors.toSorted(),
    shadowed: shadowed.map((one) => `${one.effect} ${one.rule}`).toSorted(),
    terms: kind === 'approve' ? decision.terms.map((term) => term.rule).toSorted() : [],
    obligations: kind === 'deny' ? [] : obliging(decision.obligations),
    groups: kind === 'deny' ? decision.groupsThatMay.toSorted() : [],
  }
}

function obliging({ limits, masks, alerts }: Obligations): string[] {
  return [...limits, ...masks, ...alerts].map((one) => JSON.stringify(one)).toSorted()
}

function condition(source: string): Condition {
  const compiled = compileCondition(source)
  if (compiled.kind === 'wrong') throw new Error(`${source}: ${compiled.message}`)
  return compiled.condition
}

function windowOf(entry: WindowEntry): Window {
  const compiled = compileWindow(entry, 'UTC')
  if (compiled.kind === 'wrong') throw new Error(compiled.message)
  return compiled
}
