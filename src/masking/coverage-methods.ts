import { entityId, type EntityId, type EntityName } from './entities.ts'
import { KEY_GROUPS } from './keys/dictionary.ts'
import { CARD_NUMBERS } from './numbers/cards.ts'
import { CONTEXT_WORDS } from './numbers/context.ts'
import { NATIONAL_CODES } from './numbers/national/codes.ts'
import { NATIONAL_NUMBERS } from './numbers/national/numbers.ts'
import { NATIONAL_SHAPES } from './numbers/national/shapes.ts'
import { PHONE_NUMBERS } from './numbers/phone-numbers.ts'
import { US_CODES } from './numbers/us-codes.ts'
import { US_NUMBERS } from './numbers/us-numbers.ts'

/**
 * How a kind is found. `shape`: how it is written; `form`: a documented prefix, or the grammar around it (a URL, a PEM block);
 * `checksum`: its check digits; `key`: the name of its key, column or field; `context`: a word near it; `own`: by the configuration.
 */
export type Method = 'shape' | 'form' | 'checksum' | 'key' | 'context' | 'own'

/** The methods for one kind, as the tables of the detectors have them. */
export function methodsOf(entity: EntityName): Method[] {
  // A connection's own credentials are hidden by their value, whatever the rules; a field is named by its path.
  if (entity === 'field' || entity === 'credential') return []
  const found: Method[] = []
  if (BY_FORM.has(entity)) found.push('form')
  if (BY_SHAPE.has(entityId(entity))) found.push('shape')
  if (CHECKS[entity] !== undefined) found.push('checksum')
  if (KEYED.has(entity)) found.push('key')
  if (CONTEXT_WORDS[entity] !== undefined) found.push('context')
  return found
}

const BY_FORM: ReadonlySet<EntityName> = new Set<EntityName>(['secret', 'password', 'private_key', 'jwt'])

/** Kinds that have a detector of their own instead of a rule in a table. */
const WITH_DETECTOR: readonly EntityName[] = [
  'iban',
  'crypto_wallet',
  'email',
  'phone',
  'ph_mobile',
  'date_of_birth',
  'date_time',
  'ip_address',
  'mac_address',
  'url',
]

const BY_SHAPE: ReadonlySet<EntityId> = new Set([
  ...[
    ...CARD_NUMBERS,
    ...US_NUMBERS,
    ...PHONE_NUMBERS,
    ...NATIONAL_NUMBERS,
    ...US_CODES,
    ...NATIONAL_CODES,
    ...NATIONAL_SHAPES,
  ].map(({ entity }) => entity),
  ...WITH_DETECTOR.map(entityId),
])

const KEYED: ReadonlySet<EntityName> = new Set(KEY_GROUPS.map(({ entity }) => entity))

const LUHN = 'Luhn'
const MOD_97 = 'ISO 7064 MOD 97-10'
const MOD_11_10 = 'ISO 7064 MOD 11,10'
const MOD_10 = 'weighted sum, modulo 10'
const MOD_11 = 'weighted sum, modulo 11'
const VERHOEFF = 'Verhoeff'
const ICAO = 'ICAO 9303, weights 7 3 1'

/** The check digits of a kind, for those that have any in some form of theirs. */
export const CHECKS: Readonly<Partial<Record<EntityName, string>>> = {
  credit_card: LUHN,
  iban: MOD_97,
  crypto_wallet: 'double SHA-256, Bech32, EIP-55',
  us_npi: LUHN,
  us_aba: MOD_10,
  us_dea: MOD_10,
  uk_nhs: MOD_11,
  ca_sin: LUHN,
  au_tfn: MOD_11,
  au_abn: 'weighted sum, modulo 89',
  au_acn: MOD_10,
  au_medicare: MOD_10,
  de_tax_id: MOD_11_10,
  de_social_security: MOD_10,
  de_health_insurance: MOD_10,
  de_id_card: ICAO,
  de_passport: ICAO,
  de_vat_id: MOD_11_10,
  de_lanr: MOD_10,
  fr_nir: 'modulo 97',
  es_nif: 'letter, modulo 23',
  es_nie: 'letter, modulo 23',
  it_fiscal_code: 'letter, modulo 26',
  it_vat: LUHN,
  br_cpf: MOD_11,
  br_cnpj: MOD_11,
  pl_pesel: MOD_10,
  se_personnummer: LUHN,
  se_organisationsnummer: LUHN,
  fi_pic: 'character, modulo 31',
  tr_national_id: MOD_10,
  za_id: LUHN,
  in_aadhaar: VERHOEFF,
  in_gstin: 'Luhn, modulo 36',
  kr_rrn: MOD_11,
  kr_frn: MOD_11,
  kr_brn: MOD_10,
  sg_nric: MOD_11,
  sg_uen: MOD_11,
  th_national_id: MOD_11,
  ng_nin: VERHOEFF,
  ph_tin: MOD_11,
}

/** Their check was never published, or not all of them have it: a wrong one is no reason to let the value pass. */
export const RAISING_CHECKS: ReadonlySet<EntityName> = new Set<EntityName>([
  'de_vat_id',
  'in_gstin',
  'kr_rrn',
  'kr_frn',
  'sg_nric',
])
