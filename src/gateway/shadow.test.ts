import { expect, it } from 'vitest'
import { NO_CIRCUMSTANCES } from '../policy/circumstances.ts'
import { decide, type Question } from '../policy/decide.ts'
import { compilePolicy, type Policy } from '../policy/policy.ts'
import type { Effect } from '../policy/rule.ts'
import { ShadowPolicy } from './shadow.ts'

function policyOf(rules: Readonly<Record<string, Effect>>): Policy {
  return compilePolicy({
    version: 'f'.repeat(64),
    default: 'deny',
    mode: 'enforce',
    timezone: 'UTC',
    groups: {},
    connections: [],
    rules: Object.entries(rules).map(([id, effect]) => ({ id, effect, mode: 'enforce', match: {}, except: [] })),
  })
}

function masked(text: string): string {
  return `[${text}]`
}

function setUp(live: Policy, tried: Policy) {
  const troubles: unknown[] = []
  const shadow = new ShadowPolicy(tried, (error) => troubles.push(error))
  const ask = (name: string, atMs: number): void => {
    const who = { subject: 'ann', issuer: 'https://idp.example', groups: [] }
    const circumstances = { ...NO_CIRCUMSTANCES, atMs, method: 'tools/call' }
    const connection = { name: 'db', labels: {} }
    const question: Question = { policy: live, who, connection, about: { kind: 'tool', name }, circumstances }
    shadow.compare(question, decide(question), masked)
  }
  return { shadow, ask, troubles }
}

it('counts what comes out differently, by both ends and the rule, with the newest call, masked, as an example', () => {
  const { shadow, ask } = setUp(policyOf({ all: 'allow' }), policyOf({ all: 'allow', none: 'deny' }))
  ask('first', 10)
  ask('second', 20)
  const example = {
    principal: expect.stringMatching(/^pri_/),
    connection: 'db',
    method: 'tools/call',
    target: '[second]',
  }
  const diff = { from: 'allow', to: 'deny', rule: 'none', count: 2, firstMs: 10, lastMs: 20, example }
  expect(shadow.take()).toEqual({ compared: 2, diffs: [diff] })
  expect(shadow.take()).toEqual({ compared: 0, diffs: [] })
})

it('counts what comes out the same as compared only', () => {
  const { shadow, ask } = setUp(policyOf({ all: 'allow' }), policyOf({ other: 'allow' }))
  ask('first', 10)
  expect(shadow.take()).toEqual({ compared: 1, diffs: [] })
})

it('hurts no call where it breaks, and says so once', () => {
  const broken: Policy = {
    ...policyOf({}),
    get groupsOfClaim(): never {
      throw new Error('broken')
    },
  }
  const { shadow, ask, troubles } = setUp(policyOf({ all: 'allow' }), broken)
  const asked: Question = {
    policy: broken,
    who: { subject: '', groups: ['x'] },
    connection: { name: 'db', labels: {} },
    about: { kind: 'connection' },
  }
  const decision = decide({ ...asked, policy: policyOf({ all: 'allow' }) })
  expect(() => decide(asked)).toThrow('broken')
  shadow.compare(asked, decision, masked)
  shadow.compare(asked, decision, masked)
  expect(troubles).toEqual([new Error('broken')])
  ask('still', 1)
  expect(shadow.take()).toMatchObject({ compared: 1 })
})
