// Values of every kind, made from the definitions of those who issue them: never seen before, and nobody's.
import { luhn, mod11and10, sum, verhoeff } from './checks.ts'
import { bare, checked, type MadeKind, mixed, multiple, shaped } from './made-kind.ts'
import {
  brazilian,
  brazilianCompany,
  dated,
  frenchId,
  iban,
  korean,
  koreanCompany,
  mbi,
  repeats,
  turkish,
  wallet,
} from './number-makers.ts'
import { two } from './random.ts'

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
