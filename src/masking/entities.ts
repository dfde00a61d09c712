/**
 * Every kind of value that is looked for, by the name that policy uses. The order is the order of reports; a kind's place in
 * it is its id, which is what detectors and tables work with.
 */
export const ENTITY_NAMES = [
  // secrets
  'secret',
  'password',
  'private_key',
  'jwt',
  'credential',
  'pin',
  'card_verification',
  // payment
  'credit_card',
  'iban',
  'bank_account',
  'crypto_wallet',
  // contact and person
  'email',
  'phone',
  'person_name',
  'postal_address',
  'date_of_birth',
  'gender',
  'coordinates',
  // network, and what every row has
  'ip_address',
  'mac_address',
  'url',
  'date_time',
  // ids of persons and companies, by country
  'national_id',
  'us_ssn',
  'us_itin',
  'us_npi',
  'us_mbi',
  'us_aba',
  'us_dea',
  'us_passport',
  'us_driver_license',
  'us_bank_account',
  'uk_nhs',
  'uk_nino',
  'uk_driving_licence',
  'uk_passport',
  'uk_postcode',
  'uk_vehicle',
  'ca_sin',
  'au_tfn',
  'au_abn',
  'au_acn',
  'au_medicare',
  'de_tax_id',
  'de_tax_number',
  'de_social_security',
  'de_health_insurance',
  'de_id_card',
  'de_passport',
  'de_vat_id',
  'de_lanr',
  'de_bsnr',
  'de_driving_licence',
  'de_commercial_register',
  'de_vehicle',
  'de_postcode',
  'fr_nir',
  'es_nif',
  'es_nie',
  'es_passport',
  'it_fiscal_code',
  'it_vat',
  'it_id_card',
  'it_passport',
  'it_driving_licence',
  'br_cpf',
  'br_cnpj',
  'pl_pesel',
  'se_personnummer',
  'se_organisationsnummer',
  'fi_pic',
  'tr_national_id',
  'tr_license_plate',
  'za_id',
  'in_aadhaar',
  'in_pan',
  'in_gstin',
  'in_voter',
  'in_passport',
  'in_vehicle',
  'kr_rrn',
  'kr_frn',
  'kr_brn',
  'kr_driver_license',
  'kr_passport',
  'sg_nric',
  'sg_uen',
  'th_national_id',
  'ng_nin',
  'ng_vehicle',
  'ph_tin',
  'ph_mobile',
  // what a path rule names, whatever it is
  'field',
] as const

export type EntityName = (typeof ENTITY_NAMES)[number]

/** A kind's place in ENTITY_NAMES; patterns of users come after the last of them. */
export type EntityId = number

const IDS: ReadonlyMap<string, EntityId> = new Map(ENTITY_NAMES.map((name, id) => [name, id]))

export function entityId(name: EntityName): EntityId {
  return IDS.get(name) ?? -1
}

/** The id of a kind by the name that somebody wrote; undefined where there is no such kind. */
export function findEntity(name: string): EntityId | undefined {
  return IDS.get(name)
}
