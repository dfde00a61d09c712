import type { Micros } from '../base/clock.ts'
import { WallClock } from '../base/wall-clock.ts'
import type { Moment } from './query.ts'

/** A time as written: the stretch that it names. `now` is a point, a date is a day. */
export interface Stretch {
  readonly from: Micros
  /** The first microsecond after it. */
  readonly to: Micros
}

const UNITS: Readonly<Record<string, number>> = { m: 60e6, h: 3600e6, d: 86_400e6, w: 7 * 86_400e6 }
const RELATIVE = /^(?:now)?-(\d{1,6})([mhdw])$/
const DATE = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?(Z|[+-]\d{2}:\d{2})?)?$/i

/** Undefined for what is no time: another form, or a day that no calendar has. */
export function readTime(text: string, moment: Moment): Stretch | undefined {
  const { now } = moment
  const word = text.toLowerCase()
  if (word === 'now') return { from: now, to: now + 1 }
  if (word === 'today') return dayAt(now, 0, moment.zone)
  if (word === 'yesterday') return dayAt(now, -1, moment.zone)
  const relative = RELATIVE.exec(word)
  if (relative !== null) {
    const from = now - Number(relative[1]) * (UNITS[relative[2] ?? ''] ?? 0)
    return { from, to: from + 1 }
  }
  return readDate(text, moment.zone)
}

export const TIME_FORMS = '2026-11-01, 2026-11-01T14:30, 2026-11-01T14:30:05Z, -1h, today, yesterday or now'

function readDate(text: string, zone: string): Stretch | undefined {
  const found = DATE.exec(text)
  if (found === null) return undefined
  const [, year, month, day, hour, minute, second, fraction, offset] = found
  const wall = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour ?? 0),
    Number(minute ?? 0),
    Number(second ?? 0),
  )
  if (!isCalendar(wall, found)) return undefined
  const clock = new WallClock(zone)
  const from = offset === undefined ? clock.instantOf(wall) * 1000 : wall * 1000 - offsetMicros(offset)
  if (hour === undefined) return { from, to: clock.instantOf(wall + DAY_MS) * 1000 }
  const micros = from + Number((fraction ?? '').padEnd(6, '0'))
  return { from: micros, to: micros + lengthOf(second, fraction) }
}

const DAY_MS = 86_400_000

/** `14:30` is a minute, `14:30:05` a second, `14:30:05.25` a hundredth. */
function lengthOf(second: string | undefined, fraction: string | undefined): Micros {
  if (second === undefined) return 60e6
  return fraction === undefined ? 1e6 : 10 ** (6 - fraction.length)
}

/** Date.UTC takes the 31st of February for the 3rd of March, and 25:00 for tomorrow. */
function isCalendar(
  wall: number,
  [, year, month, day, hour = '0', minute = '0', second = '0']: readonly string[],
): boolean {
  const date = new Date(wall)
  return (
    date.getUTCFullYear() === Number(year) &&
    date.getUTCMonth() + 1 === Number(month) &&
    date.getUTCDate() === Number(day) &&
    date.getUTCHours() === Number(hour) &&
    date.getUTCMinutes() === Number(minute) &&
    date.getUTCSeconds() === Number(second)
  )
}

function offsetMicros(offset: string): Micros {
  if (offset.toUpperCase() === 'Z') return 0
  const [hours = '', minutes = ''] = offset.slice(1).split(':')
  return (offset.startsWith('-') ? -1 : 1) * (Number(hours) * 3600e6 + Number(minutes) * 60e6)
}

/** A day of the wall: it begins and ends at midnight there, however long it is. */
function dayAt(now: Micros, days: number, zone: string): Stretch {
  const clock = new WallClock(zone)
  const wall = Math.floor(clock.at(now / 1000).getTime() / DAY_MS) * DAY_MS + days * DAY_MS
  return { from: clock.instantOf(wall) * 1000, to: clock.instantOf(wall + DAY_MS) * 1000 }
}
