import { cpSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { searchableLog } from '../../../test/support/searchable-log.ts'
import { indexFolder } from './catalog.ts'
import { indexLog } from './index-log.ts'
import { LiveIndex } from './live-index.ts'

const DAY = Date.UTC(2027, 0, 1) * 1000
const DAYS = [DAY, DAY + 86_400_000_000]

it('what a crash left beside the words of a day that is over goes into their file at the next start', async () => {
  await using world = await searchableLog(DAYS.map((time) => ({ time, request: 'ordinary words' })))
  const copy = join(world.folder, 'copy')
  using live = new LiveIndex({ dataFolder: world.folder })
  await live.step()
  for (const part of ['audit', 'index']) cpSync(join(world.folder, part), join(copy, part), { recursive: true })
  expect(besideIn(copy)).toEqual(['1-2027-01-01-0.db-wal', '1-2027-01-02-0.db-wal'])
  await indexLog(copy, () => undefined)
  expect(besideIn(copy)).toEqual([])
})

/** Of partitions: what stands beside a file of words, and not in it yet. */
function besideIn(folder: string): string[] {
  const index = indexFolder(folder)
  return readdirSync(index).filter((name) => /^1-.*-wal$/.test(name) && statSync(join(index, name)).size > 0)
}
