import { expect, it } from 'vitest'
import { Restart } from './restart.ts'

const MS = 1000

it('a process that ends at once is started again later and later, half a minute at most', () => {
  const restart = new Restart()
  const waits = Array.from({ length: 9 }, () => {
    restart.ended(0, 10)
    return restart.waitMs(0)
  })
  expect(waits).toEqual([250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000])
})

it('the wait passes, and is forgotten after a minute of health or an answer', () => {
  const restart = new Restart()
  restart.ended(0, 10)
  restart.ended(0, 10)
  expect(restart.waitMs(499 * MS)).toBe(1)
  expect(restart.waitMs(500 * MS)).toBe(0)
  restart.ended(0, 60_000)
  expect(restart.waitMs(0)).toBe(250)
  restart.worked()
  expect(restart.waitMs(0)).toBe(0)
})
