import { describe, expect, it } from 'vitest'
import { isTimeZone, WallClock } from './wall-clock.ts'

const berlin = new WallClock('Europe/Berlin')

describe('a clock on a wall', () => {
  it.each([
    ['in winter', '2026-01-15T12:00:00Z', '2026-01-15T13:00:00Z'],
    ['in summer', '2026-07-15T12:00:00Z', '2026-07-15T14:00:00Z'],
    ['right before the hour is left out', '2026-03-29T00:59:59Z', '2026-03-29T01:59:59Z'],
    ['right after', '2026-03-29T01:00:00Z', '2026-03-29T03:00:00Z'],
  ])('shows the time of its zone %s, and turns it back', (_, instant, wall) => {
    expect(berlin.at(Date.parse(instant)).toISOString()).toBe(wall.replace('Z', '.000Z'))
    expect(berlin.instantOf(Date.parse(wall))).toBe(Date.parse(instant))
  })

  it('takes the first of two instants that look alike, and the jump for an hour that is left out', () => {
    expect(berlin.instantOf(Date.parse('2026-10-25T02:30:00Z'))).toBe(Date.parse('2026-10-25T00:30:00Z'))
    expect(berlin.instantOf(Date.parse('2026-03-29T02:30:00Z'))).toBe(Date.parse('2026-03-29T01:30:00Z'))
  })

  it('has days of 23 and of 25 hours', () => {
    expect(hours('2026-03-29', '2026-03-30')).toBe(23)
    expect(hours('2026-10-25', '2026-10-26')).toBe(25)
  })
})

it('a name of no zone is refused', () => {
  expect(isTimeZone('Europe/Berlin')).toBe(true)
  expect(isTimeZone('Mars/Olympus')).toBe(false)
})

function hours(day: string, next: string): number {
  return (berlin.instantOf(Date.parse(next)) - berlin.instantOf(Date.parse(day))) / 3_600_000
}
