import { entityId } from '../../entities.ts'
import { areIn, capitalsAt, digitsAt, gapAt, lettersAt } from './cursor.ts'
import { capital, oneOf } from './letters.ts'
import { SCORE } from './scores.ts'
import type { ShapeRule } from './shape-rule.ts'

const UK = entityId('uk_vehicle')
const GERMANY = entityId('de_vehicle')
const TURKEY = entityId('tr_license_plate')

export const PLATES: readonly ShapeRule[] = [
  { entity: UK, name: 'uk-vehicle', score: SCORE.check, match: matchBritish },
  { entity: UK, name: 'uk-vehicle.prefix', score: SCORE.shape, match: matchBritishPrefix },
  { entity: UK, name: 'uk-vehicle.suffix', score: SCORE.shape, match: matchBritishSuffix },
  // In small letters these are two short words and a number, so they need a word near them.
  { entity: GERMANY, name: 'de-vehicle', score: SCORE.distinct, match: (bytes, at) => german(bytes, at, capitalAt) },
  { entity: GERMANY, name: 'de-vehicle.small', score: SCORE.shape, match: (bytes, at) => german(bytes, at, letterAt) },
  {
    entity: TURKEY,
    name: 'tr-license-plate',
    score: SCORE.distinct,
    match: (bytes, at) => turkish(bytes, at, capitalsAt),
  },
  {
    entity: TURKEY,
    name: 'tr-license-plate.small',
    score: SCORE.shape,
    match: (bytes, at) => turkish(bytes, at, lettersAt),
  },
  { entity: entityId('ng_vehicle'), name: 'ng-vehicle', score: SCORE.check, match: matchNigerian },
]

const NOT_I_Q_Z = oneOf('ABCDEFGHJKLMNOPRSTUVWXY')
const NOT_I_Q = oneOf('ABCDEFGHJKLMNOPRSTUVWXYZ')
const YEAR_LETTERS = oneOf('ABCDEFGHJKLMNPRSTVWXY')
const SERIES = [NOT_I_Q, NOT_I_Q, NOT_I_Q] as const

/** DVLA since 2001: area, half year (02 to 29 from March, 51 to 79 from September; both end in 2030), three letters. */
function matchBritish(bytes: Uint8Array, at: number): number {
  if (!areIn(bytes, at, [NOT_I_Q_Z, NOT_I_Q_Z]) || digitsAt(bytes, at + 2, 3) !== 2) return -1
  const age = numberAt(bytes, at + 2)
  if (!((age >= 2 && age <= 29) || (age >= 51 && age <= 79))) return -1
  const series = at + 4 + gapAt(bytes, at + 4)
  return areIn(bytes, series, SERIES) ? series + 3 : -1
}

/** 1983 to 2001: letter of the year, up to three digits, three letters. Capitals only. */
function matchBritishPrefix(bytes: Uint8Array, at: number): number {
  if (YEAR_LETTERS[bytes[at] ?? 0] !== 1) return -1
  const digits = digitsAt(bytes, at + 1, 3)
  const series = at + 1 + digits + gapAt(bytes, at + 1 + digits)
  return digits > 0 && capitalsAt(bytes, series, 3) === 3 && areIn(bytes, series, SERIES) ? series + 3 : -1
}

/** 1963 to 1983: the same backwards. */
function matchBritishSuffix(bytes: Uint8Array, at: number): number {
  if (capitalsAt(bytes, at, 4) !== 3 || !areIn(bytes, at, SERIES)) return -1
  const number = at + 3 + gapAt(bytes, at + 3)
  const digits = digitsAt(bytes, number, 3)
  const year = number + digits + gapAt(bytes, number + digits)
  return digits > 0 && YEAR_LETTERS[bytes[year] ?? 0] === 1 ? year + 1 : -1
}

const DISTRICT_LETTERS_MAX = 3
const SERIES_LETTERS_MAX = 2
const ZERO = 48
const H = 72
const E = 69
const UTF8_LATIN = 0xc3
/** Second bytes of Ä, Ö and Ü in UTF-8; the small ones are 32 higher. */
const UMLAUTS: readonly number[] = [0x84, 0x96, 0x9c]

/** FZV: district (letters and umlauts), a gap, one or two letters, maybe a gap, one to four digits, H or E. */
function german(bytes: Uint8Array, at: number, letter: typeof capitalAt): number {
  const district = afterLetters(bytes, at, DISTRICT_LETTERS_MAX, letter)
  if (district === at || gapAt(bytes, district) === 0) return -1
  const series = afterLetters(bytes, district + 1, SERIES_LETTERS_MAX, letter)
  if (series === district + 1) return -1
  const number = series + gapAt(bytes, series)
  const digits = digitsAt(bytes, number, 4)
  if (digits === 0 || bytes[number] === ZERO) return -1
  const last = capital(bytes[number + digits] ?? 0)
  return number + digits + (last === H || last === E ? 1 : 0)
}

function afterLetters(bytes: Uint8Array, at: number, max: number, letter: typeof capitalAt): number {
  let next = at
  for (let found = 0; found < max; found++) next += letter(bytes, next)
  return next
}

/** How many bytes the capital at `at` takes: 1, 2 for an umlaut, 0 if there is none. */
function capitalAt(bytes: Uint8Array, at: number): number {
  if (bytes[at] === UTF8_LATIN) return UMLAUTS.includes(bytes[at + 1] ?? 0) ? 2 : 0
  return capitalsAt(bytes, at, 1)
}

function letterAt(bytes: Uint8Array, at: number): number {
  if (bytes[at] === UTF8_LATIN) return UMLAUTS.includes((bytes[at + 1] ?? 0) & ~0x20) ? 2 : 0
  return lettersAt(bytes, at, 1)
}

const PROVINCES = 81

/** Province 01 to 81, one to three letters, two to five digits; three letters leave room for two to four. */
function turkish(bytes: Uint8Array, at: number, letters: typeof capitalsAt): number {
  if (digitsAt(bytes, at, 3) !== 2) return -1
  const province = numberAt(bytes, at)
  if (province < 1 || province > PROVINCES) return -1
  const series = at + 2 + gapAt(bytes, at + 2)
  const count = letters(bytes, series, 4)
  const number = series + count + gapAt(bytes, series + count)
  const digits = digitsAt(bytes, number, 6)
  const isSeries = count >= 1 && count <= 3
  return isSeries && digits >= 2 && digits <= (count === 1 ? 5 : 4) ? number + digits : -1
}

/** Local government area, three digits, two letters; the gap stands after the area. */
function matchNigerian(bytes: Uint8Array, at: number): number {
  if (lettersAt(bytes, at, 4) !== 3) return -1
  const number = at + 3 + gapAt(bytes, at + 3)
  if (digitsAt(bytes, number, 4) !== 3) return -1
  const series = number + 3 + gapAt(bytes, number + 3)
  return lettersAt(bytes, series, 3) === 2 ? series + 2 : -1
}

function numberAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 48) - 48) * 10 + (bytes[at + 1] ?? 48) - 48
}
