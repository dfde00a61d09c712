export const KIB = 1024
export const MIB = 1024 * KIB
export const GIB = 1024 * MIB
export const SECOND_MS = 1000
export const MINUTE_MS = 60 * SECOND_MS
export const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS

/** Patterns for the JSON Schema; the functions below read exactly what these accept. */
export const SIZE_PATTERN = '^(0|[1-9][0-9]{0,8})(B|KiB|MiB|GiB)$'
export const DURATION_PATTERN = '^(0|[1-9][0-9]{0,8})(ms|s|m|h|d)$'

const SIZES: Readonly<Record<string, number>> = { B: 1, KiB: KIB, MiB: MIB, GiB: GIB }
/** Amounts of data are counted in powers of ten as often as of two; in this order, the largest comes last. */
const AMOUNTS: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1000,
  KiB: KIB,
  MB: 1000 ** 2,
  MiB: MIB,
  GB: 1000 ** 3,
  GiB: GIB,
}
const AMOUNT_PATTERN = '^(0|[1-9][0-9]{0,8})(B|KB|KiB|MB|MiB|GB|GiB)$'
const DURATIONS: Readonly<Record<string, number>> = { ms: 1, s: SECOND_MS, m: MINUTE_MS, h: HOUR_MS, d: DAY_MS }

/** Bytes of `4MiB`; undefined where the text is not a size. */
export function parseSize(text: string): number | undefined {
  return parse(text, SIZE_PATTERN, SIZES)
}

/** Milliseconds of `30s`; undefined where the text is not a duration. */
export function parseDuration(text: string): number | undefined {
  return parse(text, DURATION_PATTERN, DURATIONS)
}

/** Bytes of `50MB` or `50MiB`; undefined where the text is no amount of data. */
export function parseBytes(text: string): number | undefined {
  return parse(text, AMOUNT_PATTERN, AMOUNTS)
}

export function printSize(bytes: number): string {
  return print(bytes, SIZES)
}

export function printDuration(ms: number): string {
  return print(ms, DURATIONS)
}

export function printBytes(bytes: number): string {
  return print(bytes, AMOUNTS)
}

function parse(text: string, pattern: string, units: Readonly<Record<string, number>>): number | undefined {
  const found = new RegExp(pattern).exec(text)
  const unit = units[found?.[2] ?? '']
  return found === null || unit === undefined ? undefined : Number(found[1]) * unit
}

/** The largest unit that leaves a whole number. */
function print(value: number, units: Readonly<Record<string, number>>): string {
  const fitting = Object.entries(units).findLast(([, size]) => value >= size && value % size === 0)
  const [unit, size] = fitting ?? ['', 1]
  return fitting === undefined ? `0${Object.keys(units)[0] ?? ''}` : `${value / size}${unit}`
}
