// What an index is after a kill -9 and after damage: never less and never more than the log.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createSecretKey } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { Authorised } from '../../src/search/authorise.ts'
import { parseQuery } from '../../src/search/parse.ts'
import { indexFolder } from '../../src/store/search/catalog.ts'
import { documentsFrom } from '../../src/store/search/documents.ts'
import { indexLog } from '../../src/store/search/index-log.ts'
import { SearchIndex } from '../../src/store/search/search-index.ts'
import { SearchThread } from '../../src/store/search/search-thread.ts'
import { searchableLog } from '../support/searchable-log.ts'

const CHILD = fileURLToPath(new URL('search-index-child.ts', import.meta.url))
const RECORDS = 6_000
const DAY = Date.UTC(2027, 0, 1) * 1000
const COUNT = { count: true, facets: [], histogram: undefined } as const
const ASKED = {
  moment: { now: DAY, zone: 'UTC' },
  viewer: { sees: 'all' },
  limit: 1,
  before: undefined,
  want: COUNT,
  budgetMs: 60_000,
  countMs: 60_000,
} as const
const MASTER = { key: createSecretKey(new Uint8Array(32).fill(7)), id: 'test' }

it('killed at any moment while it indexes, it goes on without a record twice or missing', async () => {
  await using world = await searchableLog(records(RECORDS))
  for (const afterMs of [30, 150, 400, 0, 250]) await killedAfter(world.folder, afterMs)
  await indexLog(world.folder, () => undefined)
  using index = new SearchIndex(world.folder, (seq) => documentsFrom(world, seq))
  const found = await index.search({ ...wish('word'), limit: 1000, want: COUNT, budgetMs: 60_000 })
  expect(found.count).toEqual({ n: RECORDS, exact: true })
  expect(found.scanned).toBeLessThan(5)
  const seqs = new Set<number>()
  for (let before: number | undefined = Number.MAX_SAFE_INTEGER; before !== undefined;) {
    const page = await index.search({
      ...wish('word'),
      limit: 1000,
      before,
      want: { ...COUNT, count: false },
      budgetMs: 60_000,
    })
    for (const seq of page.hits) seqs.add(seq)
    before = page.next
  }
  expect(seqs.size).toBe(RECORDS)
})

it.each([
  ['its catalog', 'catalog.db'],
  ['a file of words', '1-2027-01-01-0.db'],
])('damaged in %s, it is built anew, and says so', async (_, name) => {
  await using world = await searchableLog(records(500))
  await indexLog(world.folder, () => undefined)
  for (const file of readdirSync(indexFolder(world.folder)))
    if (/-(?:wal|shm)$/.test(file)) rmSync(join(indexFolder(world.folder), file))
  writeFileSync(join(indexFolder(world.folder), name), 'this is no database')
  await world.write(records(3))
  const told: string[] = []
  const thread = new SearchThread({ dataFolder: world.folder, master: MASTER, onTrouble: (what) => told.push(what) })
  try {
    await until(() => told.includes('the search index was damaged and is built anew') && thread.lag.indexedUpto >= 503)
    const reply = await thread.ask({ ...ASKED, text: 'word' })
    expect(reply).toMatchObject({ kind: 'answer', hits: 1 })
    expect(typeof reply === 'object' ? reply.json : '').toContain('"count":{"n":503,"exact":true}')
  } finally {
    await thread.close()
  }
})

it('far behind, it says so, answers all the same, and says when it has caught up', async () => {
  const past = (Date.now() - 3_600_000) * 1000
  await using world = await searchableLog(records(2_500).map((made, i) => ({ ...made, time: past + i })))
  const told: string[] = []
  const thread = new SearchThread({ dataFolder: world.folder, master: MASTER, onTrouble: (what) => told.push(what) })
  try {
    await until(() => thread.lag.indexedUpto >= 2_500 && told.length === 2)
    expect(told).toEqual(['the search index is behind', 'the search index has caught up'])
    expect(thread.lag).toMatchObject({ behindMs: 0, pending: 0 })
    const reply = await thread.ask({ ...ASKED, text: 'word' })
    expect(typeof reply === 'object' ? reply.json : '').toMatch(/"indexed_until":"20/)
  } finally {
    await thread.close()
  }
})

it('a thread that was closed answers nobody, and nobody waits for it', async () => {
  await using world = await searchableLog(records(10))
  const thread = new SearchThread({ dataFolder: world.folder, master: MASTER, onTrouble: () => undefined })
  await thread.close()
  expect(await thread.ask({ ...ASKED, text: 'word' })).toBe('failed')
})

function records(count: number) {
  return Array.from({ length: count }, (_, i) => ({
    time: DAY + i * 1e6,
    who: `person-${i % 50}`,
    request: `a word and number ${i}`,
  }))
}

function wish(text: string) {
  const parsed = parseQuery(text, { now: DAY, zone: 'UTC' })
  if (parsed.kind === 'mistakes') throw new Error(text)
  return { authorised: Authorised.of(parsed.query, { sees: 'all' }) }
}

/** So long after its first transaction, so that there is something to be killed in. */
async function killedAfter(folder: string, ms: number): Promise<void> {
  const child = spawn(process.execPath, [CHILD, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  await Promise.race([once(child.stdout, 'data'), ended])
  await sleep(ms)
  child.kill('SIGKILL')
  await ended
}

async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 600 && !holds(); i += 1) await sleep(50)
  expect(holds()).toBe(true)
}
