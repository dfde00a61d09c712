import { expect, it } from 'vitest'
import { LogInMemory } from '../../test/support/log-in-memory.ts'
import { parseSignedCheckpoint } from '../audit/checkpoint.ts'
import { AnchorConflict } from './anchor.ts'
import { Anchoring, type AnchorEvent } from './anchoring.ts'

const HOUR = 3_600_000

it('a place that is away is told once and tried again each minute, and the newest head is what it gets', async () => {
  const world = setUp({ everyMs: HOUR })
  world.fail(new Error('the store was not reached'))
  await world.tick(0, 1)
  expect(world.events).toEqual(['failed: the store was not reached'])
  await world.tick(59_000, 1)
  expect(world.tries).toBe(1)
  await world.tick(60_000, 1)
  expect([world.tries, world.events.length]).toEqual([2, 1])
  world.fail(undefined)
  await world.tick(120_000, 3)
  expect(world.left).toEqual([3])
  // Once it works again, that is on record, and the next is due after an hour.
  expect(world.events).toEqual(['failed: the store was not reached', 'anchored'])
  await world.tick(121_000, 4)
  await world.tick(120_000 + HOUR, 4)
  expect(world.left).toEqual([3, 4])
})

it('the same head is left once, and on record once an hour', async () => {
  const world = setUp({ everyMs: 1000 })
  for (let at = 0; at < 10_000; at += 1000) await world.tick(at, 1)
  for (let at = 10_000; at < 20_000; at += 1000) await world.tick(at, 2 + at / 1000)
  expect(world.left).toHaveLength(11)
  expect(world.events).toEqual(['anchored'])
})

it('a place that hangs is not asked a second time, and another history there is a conflict', async () => {
  const world = setUp({ everyMs: 1000 })
  const hanging = world.hang()
  const first = world.tick(0, 1)
  await world.tick(5000, 2)
  expect(world.tries).toBe(1)
  hanging.reject(new AnchorConflict('another head is there'))
  await first
  expect(world.events).toEqual(['conflict: another head is there'])
})

function setUp({ everyMs }: { readonly everyMs: number }) {
  const log = new LogInMemory().append(...Array.from({ length: 30 }, (_, i) => `${i}`))
  const [left, events]: [number[], string[]] = [[], []]
  let [nowMs, size, tries] = [0, 0, 0]
  let failure: Error | undefined
  let waiting: Promise<void> | undefined
  const anchoring = new Anchoring({
    anchor: {
      kind: 'file',
      place: 'a place',
      leave: async (head) => {
        tries++
        await waiting
        if (failure !== undefined) throw failure
        left.push(head.size)
      },
    },
    everyMs,
    newest: () => parseSignedCheckpoint(log.note(size)),
    nowMs: () => nowMs,
    report: async (event: AnchorEvent) => {
      events.push(event.kind === 'anchored' ? event.kind : `${event.kind}: ${event.why}`)
    },
  })
  return {
    left,
    events,
    get tries() {
      return tries
    },
    fail: (with_: Error | undefined) => void (failure = with_),
    hang: () => {
      const hanging = Promise.withResolvers<void>()
      waiting = hanging.promise
      return hanging
    },
    tick: (at: number, newest: number) => {
      nowMs = at
      size = newest
      return anchoring.tick()
    },
  }
}
