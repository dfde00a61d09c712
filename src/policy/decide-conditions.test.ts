import { describe, expect, it } from 'vitest'
import { asker, loadRight, type Asking } from '../../test/support/policy.ts'
import { couldAllow, decide } from './decide.ts'

const OPTIONS = {
  connections: [
    { name: 'prod-db', labels: { kind: 'postgres', env: 'prod' } },
    { name: 'github', labels: { kind: 'saas' } },
  ],
}

const ALLOW = '- { id: allow, effect: allow, match: { connections: [prod-db, github] } }'
const BY = 'approval: { by: [{ group: dba }] }'
const DAY = { circumstances: { atMs: Date.parse('2026-11-23T10:00:00+01:00') } }
const NIGHT = { circumstances: { atMs: Date.parse('2026-11-23T23:00:00+01:00') } }

describe('of rules that match, the strictest decides, in whatever order they stand', () => {
  const rules = {
    allow: '- { id: allow, effect: allow, match: { tools: [x] } }',
    approve: `- { id: approve, effect: approve, match: { tools: [x] }, ${BY} }`,
    deny: "- { id: deny, effect: deny, match: { tools: [x] }, when: 'true' }",
  }
  it.each<[(keyof typeof rules)[], string]>([
    [['allow'], 'allow by allow'],
    [['approve', 'allow'], 'approve by approve'],
    [['deny', 'allow'], 'deny by deny'],
    [['deny', 'approve', 'allow'], 'deny by deny'],
  ])('%j', (names, expected) => {
    for (const order of permutations(names)) {
      expect(said(order.map((name) => rules[name]).join('\n'), { about: 'x' })).toBe(expected)
    }
  })

  it('an approve rule narrows what is allowed, and alone it opens nothing', () => {
    const narrow = "- { id: allow, effect: allow, match: { tools: [x] }, when: 'has(args.ok)' }"
    expect(said(`${narrow}\n${rules.approve}`, { about: 'x' })).toBe('deny by default')
    expect(said(`${narrow}\n${rules.approve}`, { about: 'x', args: { ok: 1 } })).toBe('approve by approve')
  })

  it('all of several approve rules have to be met', () => {
    const two = `${ALLOW}\n- { id: one, effect: approve, match: { tools: [x] }, ${BY} }\n- { id: two, effect: approve, match: { tools: [x] }, approval: { by: [{ group: dba, count: 2 }], scope: 30m, expires: 5m, reason: required, notify: [a] } }`
    expect(decide(question(two, { about: 'x' }))).toMatchObject({
      kind: 'approve',
      rule: 'one',
      matched: ['allow', 'one', 'two'],
      terms: [
        { rule: 'one', approval: { by: [{ group: 'dba', count: 1 }], scope: 'once', expiresMs: 1_800_000 } },
        {
          rule: 'two',
          approval: { by: [{ count: 2 }], scope: 1_800_000, expiresMs: 300_000, reasonRequired: true, notify: ['a'] },
        },
      ],
    })
  })
})

describe('a condition that cannot be answered', () => {
  const when = "when: 'args.n > 3'"
  it.each([
    ['matches in a deny rule', `${ALLOW}\n- { id: e, effect: deny, match: { tools: [x] }, ${when} }`, 'deny by e'],
    [
      'matches in an approve rule',
      `${ALLOW}\n- { id: e, effect: approve, match: { tools: [x] }, ${when}, ${BY} }`,
      'approve by e',
    ],
    [
      'does not match in an allow rule',
      `- { id: e, effect: allow, match: { tools: [x] }, ${when} }`,
      'deny by default',
    ],
  ])('%s, and is on record', (_, rules, expected) => {
    expect(said(rules, { about: 'x', args: { n: 'text' } })).toBe(expected)
    expect(decide(question(rules, { about: 'x', args: { n: 'text' } })).errors).toEqual(['e'])
    expect(decide(question(rules, { about: 'x', args: { n: 2 } })).errors).toEqual([])
  })

  it('makes an obligation one of the call', () => {
    const rules = `${ALLOW}\n- { id: e, effect: alert, match: { tools: [x] }, ${when} }`
    expect(decide(question(rules, { about: 'x' }))).toMatchObject({ obligations: { alerts: [{ rule: 'e' }] } })
  })
})

describe('obligations', () => {
  const rules = `${ALLOW}
- { id: hide, effect: mask, match: { tools: [x, y] }, mask: [{ entities: [email], with: partial }] }
- { id: slow, effect: limit, match: { connections: [prod-db] }, limit: [{ calls: 5, per: 1m }, { concurrent: 2, by: [connection] }] }
- { id: tell, effect: alert, severity: high, match: { tools: [x] } }
- { id: ask, effect: approve, match: { tools: [y] }, ${BY} }
- { id: no, effect: deny, match: { tools: [z] } }`

  it('come with what is allowed, each of its own rule', () => {
    expect(decide(question(rules, { about: 'x' }))).toMatchObject({
      kind: 'allow',
      matched: ['allow', 'hide', 'slow', 'tell'],
      obligations: {
        masks: [{ rule: 'hide', terms: [{ entities: ['email'], with: 'partial' }] }],
        limits: [
          { rule: 'slow', index: 0, spec: { kind: 'calls', amount: 5, perMs: 60_000, burst: 5, by: ['identity'] } },
          { rule: 'slow', index: 1, spec: { kind: 'concurrent', amount: 2, by: ['connection'] } },
        ],
        alerts: [{ rule: 'tell', severity: 'high' }],
      },
    })
  })

  it('come with what needs approval, and not with what is denied', () => {
    expect(decide(question(rules, { about: 'y' }))).toMatchObject({
      kind: 'approve',
      obligations: { masks: [{ rule: 'hide' }], alerts: [] },
    })
    expect(decide(question(rules, { about: 'z' }))).not.toHaveProperty('obligations')
  })

  it('open nothing', () => {
    const alone = rules.replace('connections: [prod-db, github]', 'tools: [other]')
    expect(said(alone, { about: 'x' })).toBe('deny by default')
  })
})

describe('time', () => {
  it.each([
    ['during', 'allow by allow', 'deny by no'],
    ['outside', 'deny by no', 'allow by allow'],
  ])('%s its window', (key, byDay, byNight) => {
    const rules = `${ALLOW}\n- { id: no, effect: deny, match: { tools: [x] }, ${key}: { days: daily, hours: "20:00-07:00" } }`
    expect(said(rules, { about: 'x', ...DAY })).toBe(byDay)
    expect(said(rules, { about: 'x', ...NIGHT })).toBe(byNight)
  })

  it('is that of the zone of the file', () => {
    const rules = `${ALLOW}\n- { id: no, effect: deny, match: { tools: [x] }, during: { hours: "10:00-11:00" } }`
    expect(decide(question(rules, { about: 'x', ...DAY })).kind).toBe('deny')
    expect(decide(question(rules, { about: 'x', ...DAY }, 'UTC')).kind).toBe('allow')
  })
})

describe('a list, which is made before there are arguments, shows', () => {
  it.each([
    [
      'what a deny rule may deny, by its arguments',
      "- { id: no, effect: deny, match: { tools: [x] }, when: 'has(args.force)' }",
      true,
    ],
    [
      'what a deny rule denies at this hour',
      '- { id: no, effect: deny, match: { tools: [x] }, during: { days: daily } }',
      true,
    ],
    ['what needs approval', `- { id: ask, effect: approve, match: { tools: [x] }, ${BY} }`, true],
    ['not what a deny rule denies whatever comes', '- { id: no, effect: deny, match: { tools: [x] } }', false],
    [
      'not what a deny rule denies to this caller',
      '- { id: no, effect: deny, match: { tools: [x] }, when: \'identity.subject == "ann"\' }',
      false,
    ],
    [
      'not what a deny rule denies for its name',
      '- { id: no, effect: deny, match: { connections: [github] }, when: \'call.tool.startsWith("x")\' }',
      false,
    ],
    ['what a deny rule in shadow mode denies', '- { id: no, effect: deny, mode: shadow, match: { tools: [x] } }', true],
  ])('%s', (_, rule, shown) => {
    expect(couldAllow(question(`${ALLOW}\n${rule}`, { on: 'github', about: 'x', ...DAY }))).toBe(shown)
  })

  it.each([
    ['what may be allowed, by its arguments', "when: 'args.n == 1'", true],
    ['what is allowed at another hour', 'during: { hours: "20:00-21:00" }', true],
    ['not what is allowed to others', 'when: \'identity.subject == "bob"\'', false],
    ['not what is allowed in shadow mode', 'mode: shadow', false],
  ])('%s', (_, more, shown) => {
    const rules = `- { id: may, effect: allow, match: { tools: [x] }, ${more} }`
    expect(couldAllow(question(rules, { on: 'github', about: 'x', ...DAY }))).toBe(shown)
  })
})

describe('talking to a connection at all, where rules have conditions', () => {
  it.each([
    [
      'is open where a call may be allowed',
      "- { id: may, effect: allow, match: { tools: [x] }, when: 'args.n == 1' }",
      'allow',
    ],
    [
      'is closed to whom no call may be allowed',
      '- { id: may, effect: allow, match: { tools: [x] }, when: \'identity.subject == "bob"\' }',
      'deny',
    ],
    [
      'stays open where a deny rule looks at arguments',
      `${ALLOW}\n- { id: no, effect: deny, match: { connections: [github] }, when: 'args.n == 1' }`,
      'allow',
    ],
    [
      'is closed by a deny rule that holds for it',
      `${ALLOW}\n- { id: no, effect: deny, match: { connections: [github] }, when: 'call.method == "ping"' }`,
      'deny',
    ],
    ['needs no approval', `${ALLOW}\n- { id: ask, effect: approve, match: { connections: [github] }, ${BY} }`, 'allow'],
  ])('%s', (_, rules, kind) => {
    const asking = { on: 'github', about: { kind: 'connection' }, circumstances: { method: 'ping' } } as const
    expect(decide(question(rules, asking)).kind).toBe(kind)
  })
})

function question(rules: string, asking: Partial<Asking> & Pick<Asking, 'about'>, timezone = 'Europe/Berlin') {
  const text = `version: 1\ntimezone: ${timezone}\ngroups: { dba: [okta-dba] }\nrules:\n${rules}\n`
  return asker(loadRight(text, OPTIONS).policy, OPTIONS)({ on: 'prod-db', ...asking })
}

function said(rules: string, asking: Partial<Asking> & Pick<Asking, 'about'>): string {
  const { kind, rule } = decide(question(rules, asking))
  return `${kind} by ${rule}`
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]]
  return items.flatMap((item, i) => permutations(items.toSpliced(i, 1)).map((rest) => [item, ...rest]))
}
