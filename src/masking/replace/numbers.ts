import { mixed } from './bits.ts'

/** What a schema says of a number. */
export interface NumberLimits {
  readonly minimum?: number | undefined
  readonly maximum?: number | undefined
  readonly exclusiveMinimum?: number | undefined
  readonly exclusiveMaximum?: number | undefined
  readonly multipleOf?: number | undefined
  readonly isInteger?: boolean | undefined
}

export interface NumberSurrogate {
  /** A JSON number of at most sixteen digits, without exponent. */
  readonly text: string
  /** How many numbers it is one of. */
  readonly room: bigint
}

/** Digits. With a leading 1 they stay below 2^53, and a number comes back from a parser as it was written. */
const DIGITS_MAX = 16
const TRIES = 16n
/** A number of so few digits may look like a card however it is chosen; longer ones that pass its check are left out. */
const CARD_DIGITS_MIN = 12

/**
 * A number in place of a number token: as many digits, the first of them 1, sign and length of the fraction kept, and inside
 * of what a schema allows. `isClean` says whether no detector would report it, and whether it may be used. Undefined where
 * sixteen tries found none. The value is never read as a double.
 */
export function numberSurrogate(
  original: string,
  seed: bigint,
  isClean: (text: string, room: bigint) => boolean,
  limits: NumberLimits = {},
): NumberSurrogate | undefined {
  const shape = shapeOf(original, limits)
  const grid = shape === undefined ? undefined : gridOf(shape, limits)
  if (shape === undefined || grid === undefined) return undefined
  const room = roomOf(grid)
  for (let i = 0n; i < TRIES; i += 1n) {
    const value = withoutLastZero(grid.low + (mixed(seed, i) % room) * grid.step, shape, grid)
    const text = textOf(value, shape.places)
    if (text !== original && !passesLuhn(text) && isClean(text, room)) return { text, room }
  }
  return undefined
}

/** The same number for every value of as many digits: 1 and zeros where a schema allows it. Nothing comes back from it. */
export function oneWayNumber(
  original: string,
  isClean: (text: string, room: bigint) => boolean,
  limits: NumberLimits = {},
): string | undefined {
  const shape = shapeOf(original, limits)
  const grid = shape === undefined ? undefined : gridOf(shape, limits)
  if (shape === undefined || grid === undefined) return undefined
  const room = roomOf(grid)
  for (const value of [shape.isNegative ? grid.high : grid.low, grid.low, grid.high]) {
    const text = textOf(value, shape.places)
    if (text !== original && !passesLuhn(text) && isClean(text, room)) return text
  }
  return numberSurrogate(original, 0n, isClean, limits)?.text
}

/** How a client writes a number that it read: without zeros at the end of a fraction. Surrogates are kept by this text. */
export function canonicalNumber(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}

interface Shape {
  readonly isNegative: boolean
  /** Digits before the point. */
  readonly whole: number
  /** Digits after it. */
  readonly places: number
  readonly isInteger: boolean
}

/** Undefined for what is no JSON number (RFC 8259, section 6). */
function shapeOf(text: string, limits: NumberLimits): Shape | undefined {
  const parts = /^(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]{1,6}))?$/.exec(text)
  if (parts === null) return undefined
  const [, sign = '', digits = '', fraction = '', exponent = '0'] = parts
  const significant = fraction.replace(/0+$/, '').length
  const isInteger = limits.isInteger === true || Number(exponent) >= significant
  const whole = Math.min(digits.length, DIGITS_MAX)
  const places = Math.max(isInteger ? 0 : placesOf(limits.multipleOf), fraction.length)
  return { isNegative: sign === '-', whole, places: Math.min(places, DIGITS_MAX - whole), isInteger }
}

/** Whole numbers that stand for candidates: each is `10 ** places` times its value. */
interface Grid {
  readonly low: bigint
  readonly high: bigint
  readonly step: bigint
}

/** Numbers. Of fewer, the value itself and what a detector reports leave too little to choose from. */
const ROOM_MIN = 9n

/** The range with a leading 1 where it has room, else all numbers of the length and sign, else what the limits leave. */
function gridOf(shape: Shape, limits: NumberLimits): Grid | undefined {
  const step = stepOf(shape, limits)
  const low = lowestOf(limits, shape.places)
  const high = highestOf(limits, shape.places)
  const first = 10n ** BigInt(shape.whole + shape.places - 1)
  const far = 10n * first
  const ranges = [
    signed(shape, first, 2n * first - 1n),
    signed(shape, shape.isNegative ? 1n : 0n, far - 1n),
    // An open end is as far away as numbers of this length go.
    { low: low ?? smaller(high ?? 0n, far) - far, high: high ?? larger(low ?? 0n, -far) + far },
  ]
  const grids = ranges
    .map((range) => onGrid({ low: larger(range.low, low), high: smaller(range.high, high), step }))
    .filter((grid) => grid !== undefined)
  return grids.find((grid) => roomOf(grid) >= ROOM_MIN) ?? grids.at(-1)
}

function signed({ isNegative }: Shape, low: bigint, high: bigint): { low: bigint; high: bigint } {
  return isNegative ? { low: -high, high: -low } : { low, high }
}

function roomOf({ low, high, step }: Grid): bigint {
  return (high - low) / step + 1n
}

/** Undefined where no multiple of the step lies inside. */
function onGrid({ low, high, step }: Grid): Grid | undefined {
  const up = low + modulo(-low, step)
  const down = high - modulo(high, step)
  return up > down ? undefined : { low: up, high: down, step }
}

function stepOf({ places, isInteger }: Shape, { multipleOf }: NumberLimits): bigint {
  const unit = isInteger ? 10n ** BigInt(places) : 1n
  const multiple = multipleOf === undefined ? 1n : scaled(multipleOf, places).down
  return multiple <= 0n ? unit : leastCommonMultiple(unit, multiple)
}

function lowestOf({ minimum, exclusiveMinimum }: NumberLimits, places: number): bigint | undefined {
  const from = minimum === undefined ? undefined : scaled(minimum, places).up
  const above = exclusiveMinimum === undefined ? undefined : scaled(exclusiveMinimum, places).down + 1n
  return from === undefined ? above : larger(from, above)
}

function highestOf({ maximum, exclusiveMaximum }: NumberLimits, places: number): bigint | undefined {
  const to = maximum === undefined ? undefined : scaled(maximum, places).down
  const below = exclusiveMaximum === undefined ? undefined : scaled(exclusiveMaximum, places).up - 1n
  return to === undefined ? below : smaller(to, below)
}

/** A limit times `10 ** places`, rounded down and up. It comes from a schema, which is read as doubles anyway. */
function scaled(limit: number, places: number): { down: bigint; up: bigint } {
  const [, sign = '', whole = '0', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/.exec(`${limit}`) ?? []
  const shift = Number(exponent) - fraction.length + places
  const digits = BigInt(`${sign}${whole}${fraction}`)
  if (shift >= 0) return { down: digits * 10n ** BigInt(shift), up: digits * 10n ** BigInt(shift) }
  const unit = 10n ** BigInt(-shift)
  const down = (digits - modulo(digits, unit)) / unit
  return { down, up: modulo(digits, unit) === 0n ? down : down + 1n }
}

function placesOf(multipleOf: number | undefined): number {
  const [, fraction = '', exponent = '0'] = /^\d+(?:\.(\d+))?(?:e([+-]?\d+))?$/.exec(`${multipleOf ?? 0}`) ?? []
  return Math.max(0, fraction.length - Number(exponent))
}

/** A fraction that ends in zero is written shorter by whoever reads and writes it. */
function withoutLastZero(value: bigint, { places, isInteger }: Shape, { step, high }: Grid): bigint {
  const endsInZero = places > 0 && !isInteger && step === 1n && value % 10n === 0n
  return endsInZero && value < high ? value + 1n : value
}

function textOf(value: bigint, places: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(places + 1, '0')
  const point = digits.length - places
  const fraction = places === 0 ? '' : `.${digits.slice(point)}`
  return `${value < 0n ? '-' : ''}${digits.slice(0, point)}${fraction}`
}

/** ISO/IEC 7812-1, annex B. Shorter numbers are no cards. */
function passesLuhn(text: string): boolean {
  const digits = text.replaceAll(/[^0-9]/g, '')
  if (digits.length < CARD_DIGITS_MIN) return false
  let sum = 0
  for (let i = 0; i < digits.length; i += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 0x30
    const weighted = i % 2 === 1 ? digit * 2 : digit
    sum += weighted > 9 ? weighted - 9 : weighted
  }
  return sum % 10 === 0
}

function modulo(value: bigint, by: bigint): bigint {
  return ((value % by) + by) % by
}

function leastCommonMultiple(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b]
  while (y !== 0n) [x, y] = [y, x % y]
  return (a / x) * b
}

function larger(a: bigint, b: bigint | undefined): bigint {
  return b === undefined || a > b ? a : b
}

function smaller(a: bigint, b: bigint | undefined): bigint {
  return b === undefined || a < b ? a : b
}
