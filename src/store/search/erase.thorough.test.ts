import { readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { filesWith } from '../../../test/support/files.ts'
import { type Made, searchableLog } from '../../../test/support/searchable-log.ts'
import { Authorised } from '../../search/authorise.ts'
import { parseQuery } from '../../search/parse.ts'
import { indexFolder } from './catalog.ts'
import { documentsFrom } from './documents.ts'
import { indexHooks } from './hooks.ts'
import { indexLog } from './index-log.ts'
import { LiveIndex } from './live-index.ts'
import { SearchIndex } from './search-index.ts'

const DAY = Date.UTC(2027, 0, 1) * 1000
const PLANTED = 'quetzalcoatl'
/** What a full-text index always writes of it: words that begin like the one before them are kept without that beginning. */
const IN_FILES = 'zalcoatl'

it('a word that was erased is in no file of the index any more, and what stayed is still found', async () => {
  await using world = await searchableLog(
    records(300, (i) => (i === 120 ? { who: PLANTED, request: `{"note":"${PLANTED} here"}` } : {})),
  )
  await indexLog(world.folder, () => undefined)
  expect(filesWith(indexFolder(world.folder), IN_FILES)).toHaveLength(1)
  const [seq] = await found(world.folder, PLANTED)
  expect(seq).toBeDefined()

  indexHooks(world.folder).erased({ ranges: [[seq ?? 0, seq ?? 0]] })

  expect(filesWith(indexFolder(world.folder), IN_FILES)).toEqual([])
  expect(await found(world.folder, PLANTED)).toEqual([])
  expect(await found(world.folder, 'ordinary')).toHaveLength(299)
})

it('erasing again after a crash changes nothing, and what comes later is indexed', async () => {
  await using world = await searchableLog(records(10, (i) => (i === 4 ? { request: PLANTED } : {})))
  await indexLog(world.folder, () => undefined)
  const [seq = 0] = await found(world.folder, PLANTED)
  const hooks = indexHooks(world.folder)
  hooks.erased({ ranges: [[seq, seq]] })
  hooks.erased({ ranges: [[seq, seq]] })
  await world.write(records(5))
  await indexLog(world.folder, () => undefined)
  expect(await found(world.folder, 'ordinary')).toHaveLength(14)
})

it('what is erased before it was indexed never comes into the index', async () => {
  await using world = await searchableLog(records(10))
  await indexLog(world.folder, () => undefined)
  await world.write([{ time: DAY, request: PLANTED }])
  const [seq = 0] = await found(world.folder, PLANTED)
  indexHooks(world.folder).erased({ ranges: [[seq, seq]] })
  await indexLog(world.folder, () => undefined)
  expect(filesWith(indexFolder(world.folder), IN_FILES)).toEqual([])
})

it('a gateway that has read it forgets it too, and keeps writing right values beside the erasure', async () => {
  await using world = await searchableLog(records(10, (i) => (i === 4 ? { who: PLANTED, request: PLANTED } : {})))
  using live = new LiveIndex({ dataFolder: world.folder })
  await live.step()
  const wish = (text: string) => ({ authorised: authorised(text), limit: 100, want: WANT, budgetMs: 60_000 })
  await world.write([{ time: DAY, request: `${PLANTED} again` }])
  const seqs = (await live.answer(wish(PLANTED))).found.hits
  expect(seqs).toHaveLength(2)
  indexHooks(world.folder).erased({ ranges: seqs.map((seq) => [seq, seq] as const) })
  expect((await live.answer(wish(PLANTED))).found.hits).toEqual([])
  await world.write(records(3, () => ({ who: 'newcomer' })))
  await live.step()
  const { found: after } = await live.answer({ ...wish('who:newcomer'), want: { ...WANT, facets: ['who'] } })
  expect(after.facets[0]?.values).toContainEqual({ value: 'newcomer', n: 3 })
  expect(filesWith(indexFolder(world.folder), IN_FILES)).toEqual([])
})

it('what has expired takes its files along, and leaves what is held and what is of another class', async () => {
  await using world = await searchableLog(
    records(20, (i) => ({ time: DAY + Math.floor(i / 10) * 86_400e6, request: i < 10 ? PLANTED : 'ordinary' })),
  )
  await indexLog(world.folder, () => undefined)
  const [last = 0, ...others] = await found(world.folder, PLANTED)
  const first = others.at(-1) ?? 0
  const hooks = indexHooks(world.folder)
  hooks.expired({ class: 7, ranges: [[first, last]] })
  expect(await found(world.folder, PLANTED)).toHaveLength(10)
  hooks.expired({ class: 1, ranges: [[first, last - 1]] })
  expect(await found(world.folder, PLANTED)).toEqual([last])
  hooks.expired({ class: 1, ranges: [[first, last]] })
  expect(filesWith(indexFolder(world.folder), IN_FILES)).toEqual([])
  expect(readdirSync(indexFolder(world.folder)).filter((name) => /^1-2027.*\.db$/.test(name))).toEqual([
    '1-2027-01-02-0.db',
  ])
  expect(await found(world.folder, 'ordinary')).toHaveLength(10)
})

const WANT = { count: false, facets: [], histogram: undefined } as const

function records(count: number, more: (i: number) => Partial<Made> = () => ({})): Made[] {
  return Array.from({ length: count }, (_, i) => ({
    time: DAY + i * 1e6,
    who: 'alice',
    request: 'ordinary words',
    ...more(i),
  }))
}

function authorised(text: string): Authorised {
  const parsed = parseQuery(text, { now: DAY, zone: 'UTC' })
  if (parsed.kind === 'mistakes') throw new Error(text)
  return Authorised.of(parsed.query, { sees: 'all' })
}

async function found(folder: string, text: string): Promise<readonly number[]> {
  using index = new SearchIndex(folder, (seq) => documentsFrom({ folder }, seq))
  return (await index.search({ authorised: authorised(text), limit: 1000, want: WANT, budgetMs: 60_000 })).hits
}
