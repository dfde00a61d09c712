// Ids with letters in them, made from the definitions of those who issue them.
import { icao, sum } from './checks.ts'
import { type MadeKind, shaped } from './made-kind.ts'
import { CAPITALS, type Chance, DIGITS, two } from './random.ts'

const made = (entity: string, label: string, make: (chance: Chance) => string): MadeKind => ({ entity, label, make })

const DE_ALPHABET = 'CFGHJKLMNPRTVWXYZ'
const NIF = 'TRWAGMYFPDXBNJZSQVHLCKE'
const FINNISH = '0123456789ABCDEFHJKLMNPRSTUVWXY'

export const MADE_CODES: readonly MadeKind[] = [
  made('uk_nino', 'National Insurance number', (chance) =>
    chance.pick([nino(chance), nino(chance).replace(/(..)(..)(..)(..)(.)/, '$1 $2 $3 $4 $5')]),
  ),
  made('uk_driving_licence', 'driving licence', drivingLicence),
  shaped('uk_passport', 'passport number', '9{9}'),
  made(
    'uk_postcode',
    'postcode',
    (chance) =>
      `${chance.pick(['SW1', 'M', 'LS', 'EH', 'BS'])}${chance.between(1, 9)} ${chance.between(1, 9)}${chance.text('ABDEFGHJLNPQRSTUWXYZ', 2)}`,
  ),
  made(
    'uk_vehicle',
    'vehicle registration',
    (chance) =>
      `${chance.text('ABCDEFGHKLMNOPRSTUVWY', 2)}${chance.between(51, 72)} ${chance.text('ABCDEFGHJKLMNOPRSTUVWXYZ', 3)}`,
  ),
  made('de_social_security', 'Rentenversicherungsnummer', germanPension),
  made('de_health_insurance', 'Krankenversichertennummer', germanHealth),
  made('de_id_card', 'Personalausweisnummer', germanDocument),
  made('de_passport', 'Reisepassnummer', germanDocument),
  made('de_lanr', 'LANR', (chance) => {
    const body = chance.digits(6)
    const check = (10 - (sum(body, [4, 9, 4, 9, 4, 9]) % 10)) % 10
    return `${body}${check}${chance.between(10, 99)}`
  }),
  shaped('de_bsnr', 'BSNR', '729999999', '989999999'),
  shaped('de_commercial_register', 'Handelsregister', 'HRB 199999', 'HRB 9999'),
  made(
    'de_vehicle',
    'Kennzeichen',
    (chance) =>
      `${chance.pick(['B', 'M', 'HH', 'KA', 'S', 'BN'])}-${chance.text(CAPITALS, 2)} ${chance.between(100, 9999)}`,
  ),
  made('de_postcode', 'PLZ', (chance) => String(chance.between(10_115, 97_999))),
  made('es_nif', 'DNI', (chance) => {
    const number = chance.digits(8)
    return number + NIF.charAt(Number(number) % 23)
  }),
  made('es_nie', 'NIE', (chance) => {
    const number = chance.digits(7)
    const first = chance.below(3)
    return `${'XYZ'.charAt(first)}${number}${NIF.charAt(Number(`${first}${number}`) % 23)}`
  }),
  shaped('es_passport', 'pasaporte', 'AAA9{6}'),
  made('it_fiscal_code', 'codice fiscale', fiscalCode),
  shaped('it_id_card', "carta d'identità", 'CA99999AA'),
  shaped('it_passport', 'passaporto', 'AA9{7}'),
  made(
    'it_driving_licence',
    'patente',
    (chance) => `U1${chance.text('BCDFGHLMNPRSTVWXYZ', 1)}${chance.digits(6)}${chance.text(CAPITALS, 1)}`,
  ),
  made('fi_pic', 'henkilötunnus', (chance) => {
    const { dd, mm, yy } = chance.birth()
    const serial = chance.between(100, 899)
    return `${dd}${mm}${yy}${chance.pick(['-', 'A'])}${serial}${FINNISH.charAt(Number(`${dd}${mm}${yy}${serial}`) % 31)}`
  }),
  made(
    'tr_license_plate',
    'plaka',
    (chance) => `${two(chance.between(1, 81))} ${chance.text('ABCDEFGHJKLMNPRSTUVYZ', 2)} ${chance.between(100, 9999)}`,
  ),
  shaped('in_pan', 'PAN', 'AAAPA9999A', 'AAACA9999A'),
  made(
    'in_gstin',
    'GSTIN',
    (chance) => `${two(chance.between(1, 37))}${chance.shaped('AAAPA9999A1')}Z${chance.shaped('X')}`,
  ),
  shaped('in_voter', 'voter id', 'AAA9{7}'),
  shaped('in_passport', 'passport number', 'J1999991', 'P2999995'),
  made(
    'in_vehicle',
    'vehicle number',
    (chance) =>
      `${chance.pick(['KA', 'MH', 'DL', 'TN'])}${two(chance.between(1, 20))}${chance.text(CAPITALS, 2)}${chance.between(1000, 9999)}`,
  ),
  shaped('kr_driver_license', '운전면허', '11-99-999999-99'),
  shaped('kr_passport', '여권번호', 'M9{8}', 'S9{8}'),
  made('sg_nric', 'NRIC', singapore),
  made('sg_uen', 'UEN', singaporeCompany),
  shaped('ng_vehicle', 'plate number', 'AAA-999AA'),
  made('ph_tin', 'TIN', philippineTin),
]

function nino(chance: Chance): string {
  const prefix = chance.pick(['AB', 'CE', 'JG', 'LM', 'PR', 'SX', 'YZ'])
  return `${prefix}${chance.digits(6)}${chance.pick(['A', 'B', 'C', 'D'])}`
}

function drivingLicence(chance: Chance): string {
  const { dd, mm, yy } = chance.birth()
  const surname = chance.text(CAPITALS, chance.between(3, 5)).padEnd(5, '9')
  const month = two(Number(mm) + (chance.below(2) === 1 ? 50 : 0))
  return `${surname}${yy.charAt(0)}${month}${dd}${yy.charAt(1)}${chance.text(CAPITALS, 2)}9${chance.text(CAPITALS, 2)}`
}

function digitSum(product: number): number {
  return Math.floor(product / 10) + (product % 10)
}

const letterNumber = (letter: string): string => two(CAPITALS.indexOf(letter) + 1)

function germanPension(chance: Chance): string {
  const { dd, mm, yy } = chance.birth()
  const letter = chance.text(CAPITALS, 1)
  const body = `${chance.pick(['12', '15', '65', '38'])}${dd}${mm}${yy}`
  const serial = two(chance.below(100))
  const digits = Array.from(`${body}${letterNumber(letter)}${serial}`, Number)
  const total = digits.reduce(
    (all, digit, i) => all + digitSum(digit * ([2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1][i] ?? 0)),
    0,
  )
  return `${body}${letter}${serial}${total % 10}`
}

function germanHealth(chance: Chance): string {
  const letter = chance.text(CAPITALS, 1)
  const body = chance.digits(8)
  const digits = Array.from(`${letterNumber(letter)}${body}`, Number)
  const total = digits.reduce((all, digit, i) => all + digitSum(digit * (i % 2 === 0 ? 1 : 2)), 0)
  return `${letter}${body}${total % 10}`
}

function germanDocument(chance: Chance): string {
  return chance.until(
    () =>
      `${chance.pick(['L', 'C', 'F', 'G', 'H', 'J', 'K'])}${chance.text(DE_ALPHABET + DIGITS, 7)}${chance.digits(1)}`,
    (value) => icao(value) && /\d.*\d/.test(value),
  )
}

const ODD = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23]

function fiscalCode(chance: Chance): string {
  const { dd, yy } = chance.birth()
  const consonants = 'BCDFGLMNPRSTVZ'
  const body = `${chance.text(consonants, 6)}${yy}${chance.pick(Array.from('ABCDEHLMPRST'))}${dd}${chance.pick(['H501', 'F205', 'L219', 'A944'])}`
  const values = Array.from(body, (character) =>
    /\d/.test(character) ? Number(character) : CAPITALS.indexOf(character),
  )
  // Places count from one, so the first is odd.
  const total = values.reduce((all, value, i) => all + (i % 2 === 0 ? (ODD[value] ?? 0) : value), 0)
  return body + CAPITALS.charAt(total % 26)
}

function singapore(chance: Chance): string {
  const prefix = chance.pick(['S', 'T'])
  const digits = chance.digits(7)
  const total = sum(digits, [2, 7, 6, 5, 4, 3, 2]) + (prefix === 'T' ? 4 : 0)
  return `${prefix}${digits}${'JZIHGFEDCBA'.charAt(total % 11)}`
}

/** Companies since 2009: year, five digits, a check letter. */
function singaporeCompany(chance: Chance): string {
  const body = `20${two(chance.between(10, 23))}${chance.digits(5)}`
  return body + 'ZKCMDNERGWH'.charAt(sum(body, [10, 8, 6, 4, 9, 7, 5, 3, 1]) % 11)
}

function philippineTin(chance: Chance): string {
  const body = chance.until(
    () => chance.digits(8),
    (value) => sum(value, [9, 8, 7, 6, 5, 4, 3, 2]) % 11 < 10 && !value.startsWith('000'),
  )
  const whole = body + String(sum(body, [9, 8, 7, 6, 5, 4, 3, 2]) % 11)
  return whole.replace(/(...)(...)(...)/, '$1-$2-$3')
}
