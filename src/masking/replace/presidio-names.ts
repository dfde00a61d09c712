import type { EntityName } from '../entities.ts'

/** Names of Presidio where they are not simply ours in capitals. Several of its names may be one kind of ours. */
const OTHER_NAMES: readonly (readonly [presidio: string, ours: EntityName])[] = [
  ['EMAIL_ADDRESS', 'email'],
  ['PHONE_NUMBER', 'phone'],
  ['TR_PHONE_NUMBER', 'phone'],
  ['IBAN_CODE', 'iban'],
  ['CRYPTO', 'crypto_wallet'],
  ['PERSON', 'person_name'],
  ['LOCATION', 'postal_address'],
  ['US_BANK_NUMBER', 'us_bank_account'],
  ['ABA_ROUTING_NUMBER', 'us_aba'],
  ['MEDICAL_LICENSE', 'us_dea'],
  ['UK_VEHICLE_REGISTRATION', 'uk_vehicle'],
  ['DE_FUEHRERSCHEIN', 'de_driving_licence'],
  ['DE_HANDELSREGISTER', 'de_commercial_register'],
  ['DE_KFZ', 'de_vehicle'],
  ['DE_PLZ', 'de_postcode'],
  ['IT_VAT_CODE', 'it_vat'],
  ['IT_IDENTITY_CARD', 'it_id_card'],
  ['IT_DRIVER_LICENSE', 'it_driving_licence'],
  ['FI_PERSONAL_IDENTITY_CODE', 'fi_pic'],
  ['ZA_ID_NUMBER', 'za_id'],
  ['IN_VEHICLE_REGISTRATION', 'in_vehicle'],
  ['SG_NRIC_FIN', 'sg_nric'],
  ['TH_TNIN', 'th_national_id'],
  ['NG_VEHICLE_REGISTRATION', 'ng_vehicle'],
  ['PH_MOBILE_NUMBER', 'ph_mobile'],
]

const OURS: ReadonlyMap<string, EntityName> = new Map(OTHER_NAMES)
const PRESIDIOS: ReadonlyMap<EntityName, string> = new Map(
  OTHER_NAMES.toReversed().map(([presidio, ours]) => [ours, presidio]),
)

/** Our kind for a name of Presidio's in capitals that is not ours in capitals. */
export function fromPresidio(name: string): EntityName | undefined {
  return OURS.get(name)
}

/** The name that users of Presidio know: `EMAIL_ADDRESS` for `email`, `US_SSN` for `us_ssn`. */
export function presidioName(entity: EntityName): string {
  return PRESIDIOS.get(entity) ?? entity.toUpperCase()
}
