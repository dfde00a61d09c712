import { base58Check, ibanCheck, sum } from './checks.ts'
import { bare } from './made-kind.ts'
import { type Chance, DIGITS } from './random.ts'

const IBANS: readonly (readonly [country: string, account: string])[] = [
  ['DE', '9{18}'],
  ['GB', 'A{4}9{14}'],
  ['FR', '9{10}X{11}9{2}'],
  ['NL', 'A{4}9{10}'],
  ['ES', '9{20}'],
  ['IT', 'A9{10}X{12}'],
  ['PL', '9{24}'],
  ['NO', '9{11}'],
  ['BE', '9{12}'],
  ['CH', '9{5}X{12}'],
  ['AT', '9{16}'],
  ['SE', '9{20}'],
  ['DK', '9{14}'],
  ['PT', '9{21}'],
]

export function iban(chance: Chance): string {
  const [country, shape] = chance.pick(IBANS)
  const account = chance.shaped(shape)
  const whole = `${country}${ibanCheck(country, account)}${account}`
  // In small letters a short row of digits among letters looks like an id in hexadecimal.
  const small = /\d{10}/.test(whole) ? whole.toLowerCase() : whole
  return chance.pick([whole, whole.replaceAll(/(.{4})(?=.)/g, '$1 '), small])
}

export function wallet(chance: Chance): string {
  const payload = Uint8Array.from({ length: 21 }, (_, i) => (i === 0 ? 0 : chance.below(256)))
  return chance.pick([base58Check(payload), `0x${chance.shaped('h{40}')}`])
}

export function mbi(chance: Chance): string {
  const letters = 'ACDEFGHJKMNPQRTUVWXY'
  const parts = [
    '123456789',
    letters,
    letters + DIGITS,
    DIGITS,
    letters,
    letters + DIGITS,
    DIGITS,
    letters,
    letters,
    DIGITS,
    DIGITS,
  ]
  const value = parts.map((part) => chance.text(part, 1)).join('')
  return `${value.slice(0, 4)}-${value.slice(4, 7)}-${value.slice(7)}`
}

/** One digit twice or three times, as the numbers of the German tax office have it. */
export function repeats(value: string): boolean {
  const counts = Array.from(DIGITS, (digit) => value.split(digit).length - 1).filter((count) => count > 1)
  return counts.length === 1 && (counts[0] ?? 0) <= 3
}

export function frenchId(chance: Chance): string {
  const { mm, yy } = chance.birth()
  const body = `${chance.between(1, 2)}${yy}${mm}${chance.between(10, 95)}${chance.between(100, 899)}${chance.between(100, 999)}`
  const whole = body + String(97n - (BigInt(body) % 97n)).padStart(2, '0')
  return chance.pick([whole, whole.replace(/(.)(..)(..)(..)(...)(...)(..)/, '$1 $2 $3 $4 $5 $6 $7')])
}

function withMod11(body: string, weights: readonly number[]): string {
  const rest = sum(body, weights) % 11
  return body + String(rest < 2 ? 0 : 11 - rest)
}

export function brazilian(body: string): string {
  return withMod11(withMod11(body, [10, 9, 8, 7, 6, 5, 4, 3, 2]), [11, 10, 9, 8, 7, 6, 5, 4, 3, 2])
}

export function brazilianCompany(body: string): string {
  return withMod11(withMod11(body, [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]), [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])
}

export function turkish(chance: Chance): string {
  const body = Array.from(`${chance.between(1, 9)}${chance.digits(8)}`, Number)
  const odd = [0, 2, 4, 6, 8].reduce((total, i) => total + (body[i] ?? 0), 0)
  const even = [1, 3, 5, 7].reduce((total, i) => total + (body[i] ?? 0), 0)
  const tenth = (((7 * odd - even) % 10) + 10) % 10
  return `${body.join('')}${tenth}${(odd + even + tenth) % 10}`
}

export function korean(value: string): boolean {
  return (11 - (sum(bare(value), [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11)) % 10 === Number(value.at(-1))
}

export function koreanCompany(value: string): boolean {
  const digits = bare(value)
  const total =
    sum(digits, [1, 3, 7, 1, 3, 7, 1, 3]) + Math.floor((Number(digits[8]) * 5) / 10) + ((Number(digits[8]) * 5) % 10)
  return (10 - (total % 10)) % 10 === Number(digits[9])
}

export function dated(
  chance: Chance,
  shape: (yy: string, mm: string, dd: string) => string,
  fits: (value: string) => boolean,
): string {
  return chance.until(() => {
    const { dd, mm, yy } = chance.birth()
    // Only places after the date are made by chance: the date itself has nines too.
    const marked = shape('\u0001', '\u0002', '\u0003')
    return chance.shaped(marked).replace('\u0001', yy).replace('\u0002', mm).replace('\u0003', dd)
  }, fits)
}
