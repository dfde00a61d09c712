import { afterAll, expect, it } from 'vitest'
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
