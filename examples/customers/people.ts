// Made-up people, always the same ones. Whatever looks like personal data here is computed: nobody in this file exists.

export interface Customer {
  readonly id: number
  readonly name: string
  readonly email: string
  readonly phone: string
  readonly card: string
  readonly iban: string
  /** Only of customers in the United States. */
  readonly ssn: string | null
  readonly country: Country
  readonly plan: Plan
  /** In the currency of the country, with cents. */
  readonly balance: number
}

export const COUNTRIES = ['US', 'GB', 'DE', 'FR', 'NL', 'ES'] as const
export type Country = (typeof COUNTRIES)[number]
export const PLANS = ['free', 'team', 'business', 'enterprise'] as const
export type Plan = (typeof PLANS)[number]

/** As many as make a list worth masking and a demonstration quick. */
const CUSTOMERS = 500
const SEED = 20_260_728

/** 500 customers, the same in every process. */
export function makeCustomers(): readonly Customer[] {
  const dice = new Dice(SEED)
  return Array.from({ length: CUSTOMERS }, (_, at) => makeCustomer(at + 1, dice))
}

function makeCustomer(id: number, dice: Dice): Customer {
  const first = dice.pick(FIRST_NAMES)
  const last = dice.pick(LAST_NAMES)
  // Every second customer is American, so that the parts only they have are seen.
  const country = dice.below(2) === 0 ? 'US' : dice.pick(COUNTRIES)
  return {
    id,
    name: `${first} ${last}`,
    email: `${first}.${last}.${id}@${dice.pick(['example.com', 'example.org'])}`.toLowerCase(),
    phone: makePhone(country, dice),
    card: makeCard(dice),
    iban: makeIban(country, dice),
    ssn: country === 'US' ? makeSsn(dice) : null,
    country,
    plan: dice.pick(PLANS),
    balance: (dice.below(2_000_000) - 200_000) / 100,
  }
}

/** Numbers that the regulators keep for films and examples (NANPA 555-01xx, Ofcom and Bundesnetzagentur drama numbers). */
function makePhone(country: Country, dice: Dice): string {
  if (country === 'GB') return `+44 20 7946 0${dice.digits(3)}`
  if (country === 'DE') return `+49 30 23125 ${dice.digits(3)}`
  return `+1 ${dice.pick(['212', '312', '415', '617'])}-555-01${dice.digits(2)}`
}

/** Begins like the test cards of the payment providers, ends with a valid Luhn digit (ISO/IEC 7812-1). */
function makeCard(dice: Dice): string {
  const [prefix, length] = dice.pick([
    ['424242', 16],
    ['555555', 16],
    ['601111', 16],
    ['378282', 15],
  ] as const)
  const digits = prefix + dice.digits(length - prefix.length - 1)
  return digits + luhnDigit(digits)
}

function luhnDigit(digits: string): string {
  const sum = digits
    .split('')
    .toReversed()
    .reduce((total, digit, at) => {
      const doubled = Number(digit) * (at % 2 === 0 ? 2 : 1)
      return total + (doubled > 9 ? doubled - 9 : doubled)
    }, 0)
  return String((10 - (sum % 10)) % 10)
}

/** Banks that do not exist (`ZZZZ`, codes of zeros and nines) with valid check digits (ISO 13616). */
function makeIban(country: Country, dice: Dice): string {
  const accounts = {
    DE: () => `99999900${dice.digits(10)}`,
    ES: () => `00000000${dice.digits(12)}`,
    FR: () => `0000000000${dice.digits(13)}`,
    GB: () => `ZZZZ000000${dice.digits(8)}`,
    NL: () => `ZZZZ${dice.digits(10)}`,
  }
  // The United States have no IBAN; their customers are paid through London.
  const bank = country === 'US' ? 'GB' : country
  const account = accounts[bank]()
  return `${bank}${ibanDigits(bank, account)}${account}`
}

function ibanDigits(country: string, account: string): string {
  const numbers = `${account}${country}00`
    .split('')
    .map((character) => Number.parseInt(character, 36))
    .join('')
  const rest = numbers.split('').reduce((remainder, digit) => (remainder * 10 + Number(digit)) % 97, 0)
  return String(98 - rest).padStart(2, '0')
}

/** Well-formed, from areas that were not issued before 2011; a number that nobody can have would not show what masking does. */
function makeSsn(dice: Dice): string {
  const area = 800 + dice.below(100)
  const group = 1 + dice.below(99)
  const serial = 1 + dice.below(9999)
  return `${area}-${String(group).padStart(2, '0')}-${String(serial).padStart(4, '0')}`
}

/** Mulberry32: small, well mixed, the same everywhere. Not for secrets. */
class Dice {
  #state: number
  constructor(seed: number) {
    this.#state = seed
  }
  /** A whole number from 0 to `end` - 1. */
  below(end: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * end)
  }
  pick<T>(values: readonly [T, ...T[]] | readonly T[]): T {
    const value = values[this.below(values.length)]
    if (value === undefined) throw new RangeError('nothing to pick from')
    return value
  }
  digits(count: number): string {
    return Array.from({ length: count }, () => this.below(10)).join('')
  }
}

const FIRST_NAMES = (
  'Ada Amir Anna Bruno Carla Chen Clara David Elena Emil Fatima Felix Grace Hugo Ines Ivan Jonas Julia Kofi ' +
  'Laura Liam Lucia Marta Mei Nadia Noah Olga Omar Paula Priya Rosa Samuel Sofia Tariq Tomas Vera Wanda Yara ' +
  'Yusuf Zoe'
).split(' ')

const LAST_NAMES = (
  'Abara Adler Baker Bauer Becker Brandt Castillo Costa Dubois Eriksen Fischer Garcia Haddad Hansen Hoffmann ' +
  'Ibrahim Jansen Keller Khan Kowalski Laurent Lindqvist Lopez Martin Mendes Moreau Nakamura Novak Okafor Olsen ' +
  'Petrov Quinn Rossi Santos Schmidt Silva Tanaka Vargas Weber Young'
).split(' ')
