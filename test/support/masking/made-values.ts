// Values of every kind, made from the definitions of those who issue them: never seen before, and nobody's.
import { base58Check, ibanCheck, luhn, mod11and10, sum, verhoeff } from './checks.ts'
import { type Chance, DIGITS, two } from './random.ts'

export interface MadeKind {
  readonly entity: string
  /** What a person would write before it. */
  readonly label: string
  readonly make: (chance: Chance) => string
}

const shaped = (entity: string, label: string, ...shapes: string[]): MadeKind => ({
  entity,
  label,
  make: (chance) => chance.shaped(chance.pick(shapes)),
})
const checked = (entity: string, label: string, shape: string, fits: (value: string) => boolean): MadeKind => ({
  entity,
  label,
  make: (chance) => chance.until(() => chance.shaped(shape), fits),
})
const bare = (value: string): string => value.replaceAll(/[^0-9A-Za-z]/g, '')
const mixed = (value: string): boolean => new Set(bare(value)).size > 2
/** Weights over all digits that give a multiple of the modulus. */
const multiple =
  (weights: readonly number[], modulus: number) =>
  (value: string): boolean =>
    mixed(value) && sum(bare(value), weights) % modulus === 0

const CARDS = [
  '4999 9999 9999 9999',
  '4999999999999999',
  '5199-9999-9999-9999',
  '5599999999999999',
  '3799 999999 99999',
  '349999999999999',
  '6011 9999 9999 9999',
  '3530999999999999',
  '36999999999999',
  '6299999999999999999',
  '2720-9999-9999-9999',
]
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

export const MADE_NUMBERS: readonly MadeKind[] = [
  {
    entity: 'credit_card',
    label: 'card number',
    make: (chance) => chance.until(() => chance.shaped(chance.pick(CARDS)), luhn),
  },
  { entity: 'iban', label: 'IBAN', make: iban },
  { entity: 'crypto_wallet', label: 'wallet address', make: wallet },
  shaped('email', 'email', 'a{5}.a{7}@x{8}.com', 'x{9}+a{3}@a{4}.a{6}.co.uk', 'w{6}_9{2}@sub-a{3}.a{5}.org'),
  shaped(
    'phone',
    'phone',
    '+41 44 668 99 99',
    '+1 (415) 555-0199',
    '(212) 555-0199',
    '+44 20 7946 0999',
    '415-555-0199',
    '+33 1 42 68 99 99',
    '+31 20 799 9999',
  ),
  {
    entity: 'ip_address',
    label: 'IP address',
    make: (chance) =>
      chance.pick([
        () => Array.from({ length: 4 }, () => chance.between(1, 254)).join('.'),
        () => chance.shaped('2001:db8:h{4}::h{4}:h{3}'),
        () => chance.shaped('fe80::h{4}:h{4}:h{4}:h{4}'),
      ])(),
  },
  shaped('mac_address', 'MAC address', 'hh:hh:hh:hh:hh:4h', 'hh-hh-hh-hh-hh-4h', 'h{4}.h{4}.4h{3}'),
  {
    entity: 'us_ssn',
    label: 'SSN',
    make: (chance) => `${chance.between(100, 665)}-${two(chance.between(1, 99))}-${chance.between(1000, 9999)}`,
  },
  {
    entity: 'us_itin',
    label: 'ITIN',
    make: (chance) => `9${chance.digits(2)}-${chance.between(70, 88)}-${chance.digits(4)}`,
  },
  checked('us_npi', 'NPI', '19{9}', (value) => luhn(`80840${value}`)),
  { entity: 'us_mbi', label: 'Medicare number', make: mbi },
  checked('us_aba', 'routing number', '029{7}', multiple([3, 7, 1, 3, 7, 1, 3, 7, 1], 10)),
  checked(
    'us_dea',
    'DEA number',
    'BA9{7}',
    (value) =>
      (sum(value.slice(2), [1, 0, 1, 0, 1]) + 2 * sum(value.slice(2), [0, 1, 0, 1, 0, 1])) % 10 ===
      Number(value.at(-1)),
  ),
  shaped('us_passport', 'passport number', 'A9{8}', '9{9}'),
  shaped('us_driver_license', 'driver license', 'A9{7}', 'A9{12}'),
  shaped('us_bank_account', 'account number', '9{10}', '9{12}'),
  checked(
    'uk_nhs',
    'NHS number',
    '999 999 9999',
    (value) =>
      mixed(value) && (11 - (sum(bare(value), [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11 === Number(value.at(-1)),
  ),
  checked('ca_sin', 'SIN', '199-999-999', (value) => mixed(value) && luhn(value)),
  checked('au_tfn', 'TFN', '199 999 999', multiple([1, 4, 3, 7, 5, 8, 6, 9, 10], 11)),
  checked(
    'au_abn',
    'ABN',
    '59 999 999 999',
    (value) => (sum(bare(value), [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]) - 10) % 89 === 0,
  ),
  checked(
    'au_acn',
    'ACN',
    '099 999 999',
    (value) => (10 - (sum(bare(value), [8, 7, 6, 5, 4, 3, 2, 1]) % 10)) % 10 === Number(value.at(-1)),
  ),
  checked(
    'au_medicare',
    'Medicare number',
    '2999 99999 1',
    (value) => sum(bare(value), [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === Number(bare(value)[8]),
  ),
  checked(
    'de_tax_id',
    'Steuer-ID',
    '19 999 999 999',
    (value) => mod11and10(value) && repeats(bare(value).slice(0, 10)),
  ),
  shaped('de_tax_number', 'Steuernummer', '12/345/99999', '219/815/09999', '199/899/09999'),
  checked('de_vat_id', 'USt-IdNr.', 'DE199999999', mod11and10),
  { entity: 'fr_nir', label: 'numéro de sécurité sociale', make: frenchId },
  checked('it_vat', 'Partita IVA', '01999990159', (value) => value.length === 11 && luhn(value)),
  {
    entity: 'br_cpf',
    label: 'CPF',
    make: (chance) => brazilian(chance.digits(9)).replace(/(...)(...)(...)(..)/, '$1.$2.$3-$4'),
  },
  {
    entity: 'br_cnpj',
    label: 'CNPJ',
    make: (chance) => brazilianCompany(`${chance.digits(8)}0001`).replace(/(..)(...)(...)(....)(..)/, '$1.$2.$3/$4-$5'),
  },
  {
    entity: 'pl_pesel',
    label: 'PESEL',
    make: (chance) =>
      dated(
        chance,
        (yy, mm, dd) => `${yy}${mm}${dd}99999`,
        (value) => sum(value, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0,
      ),
  },
  {
    entity: 'se_personnummer',
    label: 'personnummer',
    make: (chance) => dated(chance, (yy, mm, dd) => `${yy}${mm}${dd}-9999`, luhn),
  },
  checked('se_organisationsnummer', 'organisationsnummer', '556999-9999', luhn),
  { entity: 'tr_national_id', label: 'TC kimlik no', make: turkish },
  {
    entity: 'za_id',
    label: 'ID number',
    make: (chance) => dated(chance, (yy, mm, dd) => `${yy}${mm}${dd}4999089`, luhn),
  },
  checked('in_aadhaar', 'Aadhaar', '2999 9999 9999', (value) => mixed(value) && verhoeff(value)),
  {
    entity: 'kr_rrn',
    label: '주민등록번호',
    make: (chance) => dated(chance, (yy, mm, dd) => `${yy}${mm}${dd}-1999999`, korean),
  },
  {
    entity: 'kr_frn',
    label: '외국인등록번호',
    make: (chance) =>
      dated(
        chance,
        (yy, mm, dd) => `${yy}${mm}${dd}-5999999`,
        () => true,
      ),
  },
  checked('kr_brn', '사업자등록번호', '199-81-99999', koreanCompany),
  checked(
    'th_national_id',
    'Thai ID',
    '1109999999999',
    (value) => (11 - (sum(value, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 10 === Number(value.at(-1)),
  ),
  checked('ng_nin', 'NIN', '19999999999', (value) => mixed(value) && verhoeff(value)),
  {
    entity: 'ph_mobile',
    label: 'mobile',
    make: (chance) =>
      chance.pick(['0', '+63', '+63 ']) +
      chance.pick(['917', '905', '998']) +
      chance.pick(['', ' ', '-']).concat(chance.shaped('9999999')),
  },
  {
    entity: 'date_of_birth',
    label: 'date of birth',
    make: (chance) => {
      const { dd, mm, yy } = chance.birth()
      return chance.pick([`19${yy}-${mm}-${dd}`, `${dd}.${mm}.19${yy}`, `${mm}/${dd}/19${yy}`])
    },
  },
]

function iban(chance: Chance): string {
  const [country, shape] = chance.pick(IBANS)
  const account = chance.shaped(shape)
  const whole = `${country}${ibanCheck(country, account)}${account}`
  // In small letters a short row of digits among letters looks like an id in hexadecimal.
  const small = /\d{10}/.test(whole) ? whole.toLowerCase() : whole
  return chance.pick([whole, whole.replaceAll(/(.{4})(?=.)/g, '$1 '), small])
}

function wallet(chance: Chance): string {
  const payload = Uint8Array.from({ length: 21 }, (_, i) => (i === 0 ? 0 : chance.below(256)))
  return chance.pick([base58Check(payload), `0x${chance.shaped('h{40}')}`])
}

function mbi(chance: Chance): string {
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
function repeats(value: string): boolean {
  const counts = Array.from(DIGITS, (digit) => value.split(digit).length - 1).filter((count) => count > 1)
  return counts.length === 1 && (counts[0] ?? 0) <= 3
}

function frenchId(chance: Chance): string {
  const { mm, yy } = chance.birth()
  const body = `${chance.between(1, 2)}${yy}${mm}${chance.between(10, 95)}${chance.between(100, 899)}${chance.between(100, 999)}`
  const whole = body + String(97n - (BigInt(body) % 97n)).padStart(2, '0')
  return chance.pick([whole, whole.replace(/(.)(..)(..)(..)(...)(...)(..)/, '$1 $2 $3 $4 $5 $6 $7')])
}

function withMod11(body: string, weights: readonly number[]): string {
  const rest = sum(body, weights) % 11
  return body + String(rest < 2 ? 0 : 11 - rest)
}

function brazilian(body: string): string {
  return withMod11(withMod11(body, [10, 9, 8, 7, 6, 5, 4, 3, 2]), [11, 10, 9, 8, 7, 6, 5, 4, 3, 2])
}

function brazilianCompany(body: string): string {
  return withMod11(withMod11(body, [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]), [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])
}

function turkish(chance: Chance): string {
  const body = Array.from(`${chance.between(1, 9)}${chance.digits(8)}`, Number)
  const odd = [0, 2, 4, 6, 8].reduce((total, i) => total + (body[i] ?? 0), 0)
  const even = [1, 3, 5, 7].reduce((total, i) => total + (body[i] ?? 0), 0)
  const tenth = (((7 * odd - even) % 10) + 10) % 10
  return `${body.join('')}${tenth}${(odd + even + tenth) % 10}`
}

function korean(value: string): boolean {
  return (11 - (sum(bare(value), [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11)) % 10 === Number(value.at(-1))
}

function koreanCompany(value: string): boolean {
  const digits = bare(value)
  const total =
    sum(digits, [1, 3, 7, 1, 3, 7, 1, 3]) + Math.floor((Number(digits[8]) * 5) / 10) + ((Number(digits[8]) * 5) % 10)
  return (10 - (total % 10)) % 10 === Number(digits[9])
}

function dated(
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
