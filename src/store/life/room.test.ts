import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { DAY_MS, HOUR_MS } from '../../base/units.ts'
import { dayName } from '../packs/payload.ts'
import { alarmOf, roomOf } from './room.ts'

const TODAY = 20_783
const KIB = 1024

it('the forecast is what is left below the cap, at the mean growth of the last whole days, of all classes', () => {
  using world = packs({
    1: [
      [-8, 900],
      [-7, 70],
      [-3, 70],
      [-1, 70],
      [0, 5000],
    ],
    2: [[-1, 14]],
  })
  const room = roomOf(world.life, 10_000 * KIB)
  expect(room.classes).toEqual([
    { retentionClass: 1, bytes: 6110 * KIB, bytesPerDay: 30 * KIB },
    { retentionClass: 2, bytes: 14 * KIB, bytesPerDay: 14 * KIB },
  ])
  expect(room).toMatchObject({ usedBytes: 6124 * KIB, freeBytes: 3876 * KIB, capped: false })
  expect(room.fullInMs).toBeCloseTo((3876 / 44) * DAY_MS, -3)
})

it('the cap is reached when as much is there, and nothing is forecast where nothing grows', () => {
  using world = packs({ 1: [[0, 10]] })
  expect(roomOf(world.life, 10 * KIB)).toMatchObject({ capped: true, freeBytes: 0, fullInMs: undefined })
  expect(roomOf(world.life, 11 * KIB)).toMatchObject({ capped: false, freeBytes: KIB })
  expect(roomOf(world.life, undefined)).toMatchObject({ capped: false })
})

it.each([
  [8 * DAY_MS, undefined],
  [7 * DAY_MS, 'week'],
  [DAY_MS + 1, 'week'],
  [DAY_MS, 'day'],
  [HOUR_MS + 1, 'day'],
  [HOUR_MS, 'hour'],
  [0, 'hour'],
  [undefined, undefined],
])('with %d ms to full the alarm is that of the %s', (fullInMs, alarm) => {
  expect(alarmOf({ freeBytes: 0, usedBytes: 0, capped: false, classes: [], fullInMs })).toBe(alarm)
})

/** By class: on which day, counted from today, how many KiB. */
function packs(of: Readonly<Record<number, readonly (readonly [day: number, kib: number])[]>>) {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-room-'))
  for (const [retentionClass, days] of Object.entries(of))
    for (const [day, kib] of days) {
      const into = join(folder, 'payload', retentionClass, dayName(TODAY + day))
      mkdirSync(into, { recursive: true })
      writeFileSync(join(into, '0000000000000000.pack'), new Uint8Array(kib * KIB))
    }
  return {
    life: { folder, now: () => (TODAY + 0.5) * DAY_MS * 1000 },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}
