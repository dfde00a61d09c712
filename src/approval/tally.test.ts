import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ask, person, requester, START_MS } from '../../test/support/desk-world.ts'
import { type Approval, type Line, type Person, type Vote } from './approval.ts'
import { missingLines, type VoteFault, voteFault } from './tally.ts'

const line = (group: string, count = 1, rule = 'r'): Line => ({ rule, group, count })
const yes = (name: string, groups: readonly string[], more: Partial<Vote> = {}): Vote => ({
  voter: person(name),
  groups,
  verdict: 'approve',
  reason: undefined,
  via: 'api',
  atMs: START_MS,
  ...more,
})

function approvalOf(more: Partial<Approval>): Approval {
  const asked = ask('a')
  const state = { state: 'pending', asks: 1, uses: 0, askedMs: START_MS } as const
  const ends = { decidedMs: undefined, usableUntilMs: undefined, endedMs: undefined, why: undefined }
  return { ...asked, ...state, ...ends, id: 'aaaa-aaaa' as Approval['id'], votes: [], ...more }
}

describe('a vote', () => {
  const alice = requester('alice', { email: 'Alice@Example.com' })
  const agent = requester('agent', { actsFor: ['alice', 'ALICE@example.com'] })
  const cases: readonly [string, Person & Partial<Person>, typeof alice, VoteFault | undefined][] = [
    ['of whoever asked', person('alice'), alice, 'own_request'],
    [
      'of another account with the same address',
      person('alice2', { email: ' alice@example.COM' }),
      alice,
      'same_person',
    ],
    ['of the person that an agent acts for', person('alice'), agent, 'acts_for_requester'],
    ['of that person by their address', person('a.l', { email: 'alice@example.com' }), agent, 'acts_for_requester'],
    ['of an agent that acts for whoever asked', person('bot', { actsFor: ['alice'] }), alice, 'acts_for_requester'],
    ['of somebody else', person('bob', { email: 'bob@example.com' }), alice, undefined],
    ['of somebody whose address nobody knows', person('carl'), requester('alice'), undefined],
  ]
  it.each(cases)('%s', (_, voter, asker, fault) => {
    expect(voteFault(approvalOf({ requester: asker }), { ...yes('', ['dba']), voter })).toBe(fault)
  })

  it.each<[string, Partial<Vote>, VoteFault | undefined]>([
    ['of somebody in no group that decides', { groups: ['admins'] }, 'not_an_approver'],
    ['no, without a reason', { verdict: 'deny', reason: '  ' }, 'reason_missing'],
    ['a question that asks nothing', { verdict: 'ask' }, 'reason_missing'],
    ['no, with a reason', { verdict: 'deny', reason: 'not today' }, undefined],
  ])('%s', (_, vote, fault) => {
    expect(voteFault(approvalOf({}), yes('bob', ['dba'], vote))).toBe(fault)
  })

  it('does not count where whoever asked has to say why first', () => {
    expect(voteFault(approvalOf({ reasonRequired: true }), yes('bob', ['dba']))).toBe('requester_reason_missing')
    expect(voteFault(approvalOf({ reasonRequired: true, reason: 'to mend it' }), yes('bob', ['dba']))).toBeUndefined()
  })

  it('counts once, by whatever account; but whoever agreed may still say no', () => {
    const bob = yes('bob', ['dba'], { voter: person('bob', { email: 'b@example.com' }) })
    const votes = [bob]
    expect(voteFault(approvalOf({ votes }), bob)).toBe('voted_already')
    const other = { ...bob, voter: person('bob2', { email: 'B@example.com' }) }
    expect(voteFault(approvalOf({ votes }), other)).toBe('voted_already')
    expect(voteFault(approvalOf({ votes }), { ...bob, verdict: 'deny', reason: 'wait' })).toBeUndefined()
  })
})

describe('a quorum', () => {
  it.each<[string, readonly Line[], readonly Vote[], readonly Line[]]>([
    ['of two of one group', [line('dba', 2)], [yes('a', ['dba'])], [line('dba')]],
    ['of two lines, and one person in both', [line('dba'), line('sec')], [yes('a', ['dba', 'sec'])], [line('sec')]],
    [
      'that is met, though the first came for the line that the second needs',
      [line('dba'), line('sec')],
      [yes('a', ['dba', 'sec']), yes('b', ['dba'])],
      [],
    ],
    [
      'of two rules that want the same group',
      [line('dba', 1, 'r1'), line('dba', 1, 'r2')],
      [yes('a', ['dba'])],
      [line('dba', 1, 'r2')],
    ],
    ['with nothing but questions', [line('dba')], [yes('a', ['dba'], { verdict: 'ask' })], [line('dba')]],
    ['with somebody of another group', [line('dba')], [yes('a', ['sec'])], [line('dba')]],
  ])('%s', (_, lines, votes, missing) => {
    expect(missingLines(lines, votes)).toEqual(missing)
  })

  it('is met exactly where people can be told to the lines so that each counts once', () => {
    const groups = ['a', 'b', 'c']
    const someLines = fc.array(
      fc.record({ group: fc.constantFrom(...groups), count: fc.integer({ min: 1, max: 2 }) }),
      {
        minLength: 1,
        maxLength: 3,
      },
    )
    const someVotes = fc.array(fc.uniqueArray(fc.constantFrom(...groups)), { maxLength: 5 })
    fc.assert(
      fc.property(someLines, someVotes, (lines, voters) => {
        const votes = voters.map((of, i) => yes(`v${i}`, of))
        const all = lines.map(({ group, count }) => line(group, count))
        const missing = missingLines(all, votes).reduce((sum, { count }) => sum + count, 0)
        const seats = lines.flatMap(({ group, count }) => Array.from({ length: count }, () => group))
        expect(missing).toBe(seats.length - mostSeated(seats, voters))
      }),
    )
  })
})

/** By trying everything. */
function mostSeated(seats: readonly string[], voters: readonly (readonly string[])[]): number {
  const [seat, ...rest] = seats
  if (seat === undefined) return 0
  const taken = voters.flatMap((of, i) =>
    of.includes(seat)
      ? [
          1 +
            mostSeated(
              rest,
              voters.filter((_, at) => at !== i),
            ),
        ]
      : [],
  )
  return Math.max(mostSeated(rest, voters), ...taken)
}
