import { afterAll, expect, it } from 'vitest'
import { APPROVAL_STATES } from '../../approval/approval.ts'
import type { ApprovalFilter } from '../../approval/rows.ts'
import { requester, setUpDesk } from '../../../test/support/desk-world.ts'

const world = setUpDesk()
afterAll(() => world[Symbol.dispose]())
const line = (group: string) => ({ rule: 'writes', group, count: 1 })
const mine = await world.asked('a', { requester: requester('alice'), lines: [line('dba')] })
world.now.ms += 1
const both = await world.asked('b', { requester: requester('bob'), lines: [line('dba'), line('ops')] })
world.now.ms += 1
const other = await world.asked('c', { requester: requester('carol'), lines: [line('legal')] })

const found = (filter: Omit<ApprovalFilter, 'limit'>, limit = 10) =>
  world.desk.list({ ...filter, limit }).map(({ id }) => id)

it('finds what somebody asked for and what their groups decide about, newest first, and nothing else', () => {
  const principal = mine.requester.principal
  expect(found({ visibleTo: { principal, groups: [] } })).toEqual([mine.id])
  expect(found({ visibleTo: { principal, groups: ['ops'] } })).toEqual([both.id, mine.id])
  expect(found({ visibleTo: { principal: 'pri_nobody', groups: [] } })).toEqual([])
})

it('finds what a group decides about once, and leaves out what somebody asked for themselves', () => {
  expect(found({ decidedBy: ['dba', 'ops', 'legal'] })).toEqual([other.id, both.id, mine.id])
  expect(found({ decidedBy: ['dba'], notOf: both.requester.principal })).toEqual([mine.id])
  expect(found({ decidedBy: [] })).toEqual([])
})

it('goes on where the last page ended', () => {
  const pages = [undefined, other, both, mine].map((last) =>
    found({ before: last && { askedMs: last.askedMs, id: last.id } }, 1),
  )
  expect(pages).toEqual([[other.id], [both.id], [mine.id], []])
})

it('goes on in the middle of what was asked for at one moment, leaving out nothing and nothing twice', async () => {
  using many = setUpDesk()
  for (let n = 0; n < 25; n += 1) {
    await many.asked(`h${n}`, { requester: requester(`p${n}`), lines: [line('dba')] })
    if (n % 10 === 9) many.now.ms += 1
  }
  const seen: string[] = []
  let before: ApprovalFilter['before']
  for (;;) {
    const page = many.desk.list({ states: APPROVAL_STATES, decidedBy: ['dba'], before, limit: 7 })
    seen.push(...page.map(({ id }) => id))
    const last = page.at(-1)
    if (last === undefined) break
    before = { askedMs: last.askedMs, id: last.id }
  }
  expect(seen).toEqual(many.desk.list({ limit: 100 }).map(({ id }) => id))
  expect(new Set(seen).size).toBe(25)
})
