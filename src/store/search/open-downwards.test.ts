import { expect, it } from 'vitest'
import { searchableLog } from '../../../test/support/searchable-log.ts'
import { openRecords } from './documents.ts'
import { openDownwards } from './open-downwards.ts'

it('gives what looking each up gives, over several segments, downwards and up again', async () => {
  await using world = await searchableLog(
    Array.from({ length: 60 }, (_, i) => ({ time: i, who: 'alice', request: `${i} ${'x'.repeat(60_000)}` })),
  )
  const open = openDownwards(world)
  // There are 0 to 65 or so: the log itself says something at the beginning of each segment.
  for (const [from, count] of [
    [70, 20],
    [50, 7],
    [43, 30],
    [13, 20],
    [60, 3],
    [57, 58],
  ] as const) {
    const seqs = Array.from({ length: count }, (_, i) => from - i)
    const [found, expected] = [await open(seqs), await openRecords(world, seqs)]
    expect([...found.keys()].toSorted((a, b) => a - b)).toEqual([...expected.keys()].toSorted((a, b) => a - b))
    for (const [seq, record] of expected) expect(found.get(seq)?.entry).toEqual(record.entry)
  }
  expect((await open([0, 1, 30])).size).toBe(3)
})
