import { expect, it } from 'vitest'
import { filesWith } from '../../../test/support/files.ts'
import { type SearchableLog, searchableLog } from '../../../test/support/searchable-log.ts'
import { Authorised } from '../../search/authorise.ts'
import { parseQuery } from '../../search/parse.ts'
import type { Found } from '../../search/result.ts'
import { indexFolder, removeIndex } from './catalog.ts'
import { documentsFrom } from './documents.ts'
import { indexLog } from './index-log.ts'
import { SearchIndex } from './search-index.ts'

const DAY = Date.UTC(2027, 0, 1) * 1000
const WANT = { count: true, facets: ['who'], histogram: undefined } as const

it('without words, fields are found and counted, and a search for words says what it did not search', async () => {
  await using world = await searchableLog(made(0, 20))
  await indexLog(world.folder, () => undefined, { words: false })
  expect(filesWith(indexFolder(world.folder), 'zanzibar')).toEqual([])
  const byField = await found(world, 'who:alice')
  expect(byField).toMatchObject({ count: { n: 10, exact: true }, withoutWords: 0 })
  expect(byField.hits).toHaveLength(10)
  for (const text of ['zanzibar', '-zanzibar', 'who:alice OR zanzibar']) {
    const byWord = await found(world, text)
    expect(byWord).toMatchObject({ hits: [], count: { n: 0, exact: false } })
    expect(byWord.withoutWords).toBeGreaterThanOrEqual(20)
  }
})

it('with words again, what comes is found by them on the same day; built anew, everything is', async () => {
  await using world = await searchableLog(made(0, 20))
  await indexLog(world.folder, () => undefined, { words: false })
  await world.write(made(20, 5))
  await indexLog(world.folder, () => undefined)
  const some = await found(world, 'zanzibar')
  expect(some).toMatchObject({ count: { n: 5, exact: false } })
  expect(some.hits).toHaveLength(5)
  expect(await found(world, 'who:alice')).toMatchObject({ count: { n: 13, exact: true } })
  removeIndex(world.folder)
  await indexLog(world.folder, () => undefined)
  expect(await found(world, 'zanzibar')).toMatchObject({ count: { n: 25, exact: true }, withoutWords: 0 })
})

function made(from: number, count: number) {
  return Array.from({ length: count }, (_, i) => ({
    time: DAY + (from + i) * 1e6,
    who: (from + i) % 2 === 0 ? 'alice' : 'bob',
    request: '{"sql":"zanzibar"}',
  }))
}

async function found({ folder }: SearchableLog, text: string): Promise<Found> {
  const parsed = parseQuery(text, { now: DAY, zone: 'UTC' })
  if (parsed.kind === 'mistakes') throw new Error(text)
  using index = new SearchIndex(folder, (seq) => documentsFrom({ folder }, seq))
  const authorised = Authorised.of(parsed.query, { sees: 'all' })
  return index.search({ authorised, limit: 100, want: WANT, budgetMs: 60_000 })
}
