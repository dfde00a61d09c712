import { instant, type Makers } from './business-leaf.ts'
import { two } from './random.ts'

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const

/** Times and spans of time. */
export const TIMES: Makers = {
  epoch_s: (c) => Math.trunc(instant(c) / 1000),
  epoch_ms: (c) => instant(c),
  epoch_ms_text: (c) => String(instant(c)),
  epoch_us: (c) => instant(c) * 1000 + c.below(1000),
  epoch_ns: (c) => `${instant(c)}${c.digits(6)}`,
  epoch_float: (c) => Number(`${Math.trunc(instant(c) / 1000)}.${c.digits(3)}`),
  iso_time: (c) => new Date(instant(c)).toISOString(),
  iso_offset: (c) => new Date(instant(c)).toISOString().replace(/\.\d+Z/, c.pick(['+00:00', '+02:00', '-05:00'])),
  iso_micro: (c) => new Date(instant(c)).toISOString().replace('Z', `${c.digits(3)}Z`),
  sql_time: (c) =>
    new Date(instant(c))
      .toISOString()
      .replace('T', ' ')
      .replace(/\.\d+Z/, ''),
  iso_date: (c) => new Date(instant(c)).toISOString().slice(0, 10),
  compact_date: (c) => new Date(instant(c)).toISOString().slice(0, 10).replaceAll('-', ''),
  compact_time: (c) => new Date(instant(c)).toISOString().slice(0, 19).replaceAll(/\D/g, ''),
  http_date: (c) => new Date(instant(c)).toUTCString(),
  syslog_time: (c) =>
    `${c.pick(MONTHS)} ${c.between(1, 28)} ${two(c.below(24))}:${two(c.below(60))}:${two(c.below(60))}`,
  local_date: (c) => `${two(c.between(1, 28))}.${two(c.between(1, 12))}.${c.between(2016, 2026)}`,
  duration_iso: (c) => `PT${c.between(0, 9)}H${c.between(0, 59)}M${c.between(0, 59)}S`,
  duration_text: (c) =>
    c.pick(['9m9.99s', '999ms', '9h 9m', '99.9 s', '0:09:99.999']).replaceAll(/9+/g, (n) => c.digits(n.length)),
  duration_ms: (c) => c.between(1, 10 ** c.between(2, 7)),
  duration_ns: (c) => c.between(1_000, 9_999) * 10 ** c.between(1, 6) + c.below(1000),
  cron: (c) => `${c.below(60)} ${c.below(24)} * * ${c.pick(['*', '1-5', '0'])}`,
  timezone: (c) => c.pick(['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Tokyo']),
  week: (c) => `${c.between(2016, 2026)}-W${two(c.between(1, 52))}`,
  year: (c) => c.between(1990, 2030),
}
