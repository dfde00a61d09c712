import { describe, expect, it } from 'vitest'
import { compileWindow, type Window, type WindowEntry } from './window.ts'

function setUp(spec: WindowEntry, timezone = 'Europe/Berlin'): Window {
  const window = compileWindow(spec, timezone)
  if (window.kind === 'wrong') throw new Error(window.message)
  return window
}

function isInside(spec: WindowEntry, at: string, timezone?: string): boolean {
  return setUp(spec, timezone).contains(Date.parse(at))
}

const OFFICE = { days: 'mon-fri', hours: '07:00-20:00' }
const NIGHT = { days: 'fri', hours: '22:00-06:00' }

describe('a time window', () => {
  it.each([
    [OFFICE, '2026-11-23T07:00:00+01:00', true],
    [OFFICE, '2026-11-23T06:59:59+01:00', false],
    [OFFICE, '2026-11-23T19:59:59+01:00', true],
    [OFFICE, '2026-11-23T20:00:00+01:00', false],
    [OFFICE, '2026-11-22T12:00:00+01:00', false],
    [OFFICE, '2026-11-22T23:30:00-12:00', true],
    [{ days: 'sat,sun' }, '2026-11-22T00:00:00+01:00', true],
    [{ days: 'sat,sun' }, '2026-11-23T00:00:00+01:00', false],
    [{ days: 'mon-wed,fri' }, '2026-11-26T12:00:00+01:00', false],
    [{ days: 'mon-wed, fri' }, '2026-11-27T12:00:00+01:00', true],
    [{ days: 'fri-mon' }, '2026-11-22T12:00:00+01:00', true],
    [{ days: 'fri-mon' }, '2026-11-24T12:00:00+01:00', false],
    [{ days: 'Daily', hours: '00:00-24:00' }, '2026-11-22T23:59:59+01:00', true],
    [{ hours: '7:00-20:00' }, '2026-11-22T12:00:00+01:00', true],
    [{ days: 'sun', hours: '23:00-24:00' }, '2026-11-22T23:59:59+01:00', true],
  ])('%j at %s: %s', (spec, at, expected) => {
    expect(isInside(spec, at)).toBe(expected)
  })

  it.each([
    ['2026-11-27T21:59:59+01:00', false],
    ['2026-11-27T22:00:00+01:00', true],
    ['2026-11-28T05:59:59+01:00', true],
    ['2026-11-28T06:00:00+01:00', false],
    ['2026-11-28T22:30:00+01:00', false],
    ['2026-11-27T03:00:00+01:00', false],
  ])('that passes midnight belongs to the day it starts: friday night at %s: %s', (at, expected) => {
    expect(isInside(NIGHT, at)).toBe(expected)
  })

  it('of saturday night reaches into sunday, over the end of the week', () => {
    const spec = { days: 'sat', hours: '22:00-02:00' }
    expect(isInside(spec, '2026-11-29T01:59:00+01:00')).toBe(true)
    expect(isInside(spec, '2026-11-28T01:59:00+01:00')).toBe(false)
    expect(isInside({ days: 'sun', hours: '22:00-02:00' }, '2026-11-30T01:00:00+01:00')).toBe(true)
  })
})

describe('when the clocks change', () => {
  it.each([
    // Set forward at 02:00 on 29 March: after 01:59:59 comes 03:00.
    ['Europe/Berlin', '2026-03-29T00:59:59Z', false],
    ['Europe/Berlin', '2026-03-29T01:00:00Z', true],
    // Set back at 03:00 on 25 October: 02:30 comes twice, and neither is inside.
    ['Europe/Berlin', '2026-10-25T00:30:00Z', false],
    ['Europe/Berlin', '2026-10-25T01:30:00Z', false],
    ['Europe/Berlin', '2026-10-25T02:00:00Z', true],
    // Set forward at 02:00 on 8 March, set back at 02:00 on 1 November.
    ['America/New_York', '2026-03-08T06:59:59Z', false],
    ['America/New_York', '2026-03-08T07:00:00Z', true],
    ['America/New_York', '2026-11-01T06:59:59Z', false],
    ['America/New_York', '2026-11-01T08:00:00Z', true],
  ])('in %s, %s is at or after three: %s', (timezone, at, expected) => {
    expect(isInside({ hours: '03:00-24:00' }, at, timezone)).toBe(expected)
  })

  it('the hours of the office stay those of the wall', () => {
    expect(isInside(OFFICE, '2026-03-27T06:00:00Z')).toBe(true)
    expect(isInside(OFFICE, '2026-03-30T05:00:00Z')).toBe(true)
    expect(isInside(OFFICE, '2026-03-27T05:00:00Z')).toBe(false)
  })

  it('an hour that comes twice is inside twice', () => {
    const spec = { hours: '02:00-03:00' }
    expect(isInside(spec, '2026-10-25T00:30:00Z')).toBe(true)
    expect(isInside(spec, '2026-10-25T01:30:00Z')).toBe(true)
    expect(isInside(spec, '2026-10-25T02:30:00Z')).toBe(false)
  })
})

describe('a window with a beginning or an end', () => {
  it.each([
    [{ from: '2026-12-24' }, '2026-12-23T22:59:59Z', false],
    [{ from: '2026-12-24' }, '2026-12-23T23:00:00Z', true],
    [{ until: '2027-01-02' }, '2027-01-01T22:59:59Z', true],
    [{ until: '2027-01-02' }, '2027-01-01T23:00:00Z', false],
    [{ from: '2026-12-24T18:00' }, '2026-12-24T16:59:59Z', false],
    [{ from: '2026-12-24T18:00' }, '2026-12-24T17:00:00Z', true],
    [{ from: '2026-12-24T18:00:30Z', until: '2026-12-24T18:00:31Z' }, '2026-12-24T18:00:30.500Z', true],
    [{ from: '2026-12-24T18:00:30Z', until: '2026-12-24T18:00:31Z' }, '2026-12-24T18:00:31Z', false],
    // The hour that the clocks leave out begins where they go on; of the one that comes twice, the first counts.
    [{ from: '2026-03-29T02:30' }, '2026-03-29T00:59:59Z', false],
    [{ from: '2026-03-29T02:30' }, '2026-03-29T01:30:00Z', true],
    [{ from: '2026-10-25T02:30' }, '2026-10-25T00:30:00Z', true],
    [{ from: '2026-10-25T02:30' }, '2026-10-25T00:29:59Z', false],
    [{ from: '2026-12-24', hours: '07:00-20:00' }, '2026-12-24T23:00:00Z', false],
  ])('%j at %s: %s', (spec, at, expected) => {
    expect(isInside(spec, at)).toBe(expected)
  })
})

it('answers the same whether asked in order or not', () => {
  const asked = setUp(OFFICE)
  const times = Array.from({ length: 500 }, (_, i) => Date.UTC(2026, 2, 27) + ((i * 7_919) % 500) * 977_000)
  expect(times.map((ms) => asked.contains(ms))).toEqual(times.map((ms) => setUp(OFFICE).contains(ms)))
})

describe('a window that is wrong is refused', () => {
  it.each<[WindowEntry, string, RegExp, RegExp]>([
    [{ days: 'mon-fry' }, 'days', /"fry" is no day/, /did you mean "fri"/],
    [{ days: 'monday' }, 'days', /"monday" is no day/, /did you mean "mon"/],
    [{ days: 'weekdays' }, 'days', /"weekdays" is no day/, /mon-fri/],
    [{ days: 'mon,' }, 'days', /a day is missing/, /mon-fri/],
    [{ days: 'mon-wed-fri' }, 'days', /is no day/, /mon-wed,fri/],
    [{ hours: '7-20' }, 'hours', /"7-20" is no time of day/, /07:00-20:00/],
    [{ hours: '07:00' }, 'hours', /is no time of day/, /07:00-20:00/],
    [{ hours: '07:60-20:00' }, 'hours', /is no time of day/, /07:00-20:00/],
    [{ hours: '07:00-24:01' }, 'hours', /is no time of day/, /07:00-20:00/],
    [{ hours: '24:00-07:00' }, 'hours', /is no time of day/, /07:00-20:00/],
    [{ hours: '07:00-07:00' }, 'hours', /is empty/, /00:00-24:00/],
    [{ from: '24.12.2026' }, 'from', /is no date/, /2026-12-24/],
    [{ from: '2026-02-30' }, 'from', /is no date/, /2026-12-24/],
    [{ until: '2026-12-24T25:00' }, 'until', /is no date/, /2026-12-24/],
    [{ from: '2026-12-24', until: '2026-12-24' }, 'until', /ends before it begins/, /first day after/],
    [{}, 'days', /needs days, hours, from or until/, /mon-fri/],
  ])('%j', (spec, key, message, hint) => {
    const window = compileWindow(spec, 'Europe/Berlin')
    expect(window).toMatchObject({
      kind: 'wrong',
      key,
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    })
  })

  it('when there is no such time zone', () => {
    expect(compileWindow(OFFICE, 'Europe/Berln')).toMatchObject({
      kind: 'wrong',
      message: expect.stringMatching(/Berln/),
    })
  })
})
