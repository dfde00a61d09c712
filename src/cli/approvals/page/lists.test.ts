import { expect, it } from 'vitest'
import { person, setUpDesk } from '../../../../test/support/desk-world.ts'
import type { Decider } from '../decider.ts'
import { listsOf, type PageList } from './lists.ts'

const BOB: Decider = { person: person('bob'), groups: ['dba'], readMs: 0 }
const ALICE: Decider = { person: person('alice'), groups: [], readMs: 0 }

it('shows fifty of a list, and the others from a link on', async () => {
  using world = setUpDesk({ pendingMax: 200, pendingPerPersonMax: 200 })
  const asked: string[] = []
  for (let n = 0; n < 120; n++) {
    world.now.ms += 1
    asked.unshift((await world.asked(`call ${n}`)).id)
  }
  const pages: string[][] = []
  let query: string | undefined = ''
  while (query !== undefined) {
    const [list]: readonly PageList[] = listsOf(query, BOB, world.desk) ?? []
    pages.push((list?.approvals ?? []).map(({ id }) => id))
    query = list?.older
  }
  expect(pages.map(({ length }) => length)).toEqual([50, 50, 20])
  expect(pages.flat()).toEqual(asked)
})

it('keeps what is open and theirs out of what was decided lately', async () => {
  using world = setUpDesk()
  const open = await world.asked('open', { scope: 'session' })
  const denied = await world.asked('denied')
  await world.voteAs(open.id, 'bob')
  await world.voteAs(denied.id, 'bob', 'deny')
  const ids = (decider: Decider) =>
    listsOf('', decider, world.desk)?.map(({ name, approvals }) => [name, approvals.map(({ id }) => id).toSorted()])
  const both = [open.id, denied.id].toSorted()
  expect(ids(ALICE)).toEqual([
    ['waiting', []],
    ['own', [open.id]],
    ['lately', [denied.id]],
  ])
  expect(ids(BOB)).toEqual([
    ['waiting', []],
    ['own', []],
    ['lately', both],
  ])
})

it.each(['list=x&before=1.2222-2222', 'list=own', 'list=own&before=1', 'list=own&before=x.2222-2222'])(
  '%j is no part of a list',
  (query) => {
    using world = setUpDesk()
    expect(listsOf(query, BOB, world.desk)).toBeUndefined()
  },
)
