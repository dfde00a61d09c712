import { DAY_MS, MINUTE_MS } from '../base/units.ts'
import { nearest } from './mistake.ts'
import { isTimeZone, WallClock } from '../base/wall-clock.ts'

/** A time window as a file gives it; all that is given must fit. */
export interface WindowEntry {
  /** `mon-fri`, `sat,sun`, `mon-wed,fri`, `daily`; every day where nothing is said. */
  readonly days?: string | undefined
  /** `07:00-20:00`; `22:00-06:00` passes midnight and belongs to the day on which it starts. */
  readonly hours?: string | undefined
  /** The first day, or moment. */
  readonly from?: string | undefined
  /** The day, or moment, before which it ends. */
  readonly until?: string | undefined
}

export interface Window {
  readonly kind: 'window'
  /** Whether the wall clock of the zone is inside at that instant. */
  contains(ms: number): boolean
}

export interface WrongWindow {
  readonly kind: 'wrong'
  readonly key: keyof WindowEntry
  readonly message: string
  readonly hint?: string | undefined
}

/** `timezone` is an IANA name. The hours are those of the wall: where it is set back, an hour is inside twice. */
export function compileWindow(spec: WindowEntry, timezone: string): Window | WrongWindow {
  if (!isTimeZone(timezone)) return wrong('hours', `there is no time zone "${timezone}"`, 'such as Europe/Berlin')
  if (Object.values(spec).every((value) => value === undefined)) {
    return wrong(
      'days',
      'a time window needs days, hours, from or until',
      'such as { days: mon-fri, hours: "07:00-20:00" }',
    )
  }
  const days = readDays(spec.days ?? 'daily')
  if ('kind' in days) return days
  const hours = readHours(spec.hours ?? '00:00-24:00')
  if ('kind' in hours) return hours
  const clock = new WallClock(timezone)
  const from = readMoment('from', spec.from, clock)
  if (typeof from === 'object') return from
  const until = readMoment('until', spec.until, clock)
  if (typeof until === 'object') return until
  if (from !== undefined && until !== undefined && from >= until) {
    return wrong('until', 'it ends before it begins', '"until" is the first day after it')
  }
  return new WeeklyWindow({ days, hours, clock, from, until })
}

/** Minutes of the day, the second exclusive. */
interface Hours {
  readonly start: number
  readonly end: number
}

interface Parts {
  /** Sunday is 0. */
  readonly days: ReadonlySet<number>
  readonly hours: Hours
  readonly clock: WallClock
  readonly from: number | undefined
  readonly until: number | undefined
}

class WeeklyWindow implements Window {
  readonly kind = 'window'
  readonly #parts: Parts
  /** The minute asked for last and its answer, for all calls of a minute have the same; written by `contains` only. */
  #minute = Number.NaN
  #isInside = false

  constructor(parts: Parts) {
    this.#parts = parts
  }

  contains(ms: number): boolean {
    const { from, until } = this.#parts
    if ((from !== undefined && ms < from) || (until !== undefined && ms >= until)) return false
    const minute = Math.floor(ms / MINUTE_MS)
    if (minute !== this.#minute) {
      this.#isInside = this.#isInWeek(ms)
      this.#minute = minute
    }
    return this.#isInside
  }

  #isInWeek(ms: number): boolean {
    const { clock, days, hours } = this.#parts
    const wall = clock.at(ms)
    const day = wall.getUTCDay()
    const minute = wall.getUTCHours() * 60 + wall.getUTCMinutes()
    if (hours.start < hours.end) return days.has(day) && minute >= hours.start && minute < hours.end
    return minute >= hours.start ? days.has(day) : minute < hours.end && days.has((day + 6) % 7)
  }
}

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const DAYS_HINT = 'such as mon-fri, or sat,sun, or mon-wed,fri, or daily'

function readDays(text: string): ReadonlySet<number> | WrongWindow {
  const days = new Set<number>()
  for (const part of text.toLowerCase().split(',')) {
    const [first = '', last = first, ...more] = part.trim() === 'daily' ? ['mon', 'sun'] : part.trim().split('-')
    const unknown = [first, last].find((name) => !DAYS.includes(name.trim()))
    if (unknown !== undefined || more.length > 0) return wrongDay(unknown?.trim() ?? part)
    const end = DAYS.indexOf(last.trim())
    let day = DAYS.indexOf(first.trim())
    for (; day !== end; day = (day + 1) % 7) days.add(day)
    days.add(end)
  }
  return days
}

function wrongDay(name: string): WrongWindow {
  const near = DAYS.find((day) => name.startsWith(day)) ?? nearest(name, [...DAYS, 'daily'])
  const hint = near === undefined ? DAYS_HINT : `did you mean "${near}"? ${DAYS_HINT}`
  return wrong('days', name === '' ? 'a day is missing' : `"${name}" is no day`, hint)
}

function readHours(text: string): Hours | WrongWindow {
  const [start, end, ...more] = text.split('-').map(minuteOf)
  if (start === undefined || end === undefined || start === DAY_MINUTES || more.length > 0) {
    return wrong('hours', `"${text}" is no time of day`, 'such as "07:00-20:00", or "22:00-06:00" over midnight')
  }
  if (start === end) return wrong('hours', `"${text}" is empty`, 'the whole day is "00:00-24:00"')
  return { start, end }
}

/** Of `07:00`, up to and with `24:00`. */
function minuteOf(text: string): number | undefined {
  const [, hour, minute] = /^\s*([0-9]{1,2}):([0-5][0-9])\s*$/.exec(text) ?? []
  const minutes = Number(hour) * 60 + Number(minute)
  return minutes <= DAY_MINUTES ? minutes : undefined
}

const DAY_MINUTES = DAY_MS / MINUTE_MS

/** A day begins at midnight of the zone; a moment without an offset is one of the zone, too. */
function readMoment(
  key: 'from' | 'until',
  text: string | undefined,
  clock: WallClock,
): number | undefined | WrongWindow {
  if (text === undefined) return undefined
  const found = /^([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(Z|[+-][0-9]{2}:[0-9]{2})?)?$/.exec(
    text,
  )
  const [, day = '', time = '00:00', offset] = found ?? []
  const wall = Date.parse(`${day}T${time}Z`)
  // V8 takes the 31st of a short month for the 1st of the next.
  const isReal = !Number.isNaN(wall) && new Date(wall).toISOString().startsWith(day)
  const ms = isReal && offset !== undefined ? Date.parse(`${day}T${time}${offset}`) : wall
  if (found === null || !isReal || Number.isNaN(ms)) {
    return wrong(key, `"${text}" is no date`, 'such as 2026-12-24, or 2026-12-24T18:00')
  }
  return offset === undefined ? clock.instantOf(wall) : ms
}

function wrong(key: keyof WindowEntry, message: string, hint?: string): WrongWindow {
  return { kind: 'wrong', key, message, hint }
}
