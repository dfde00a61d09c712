import type { EntityName } from '../../entities.ts'
import { spellings } from './spellings.ts'

const PASSPORT = ['passport', 'passports'] as const
const DRIVING = spellings('driving licence', 'driver licence', 'drivers licence', 'driving license', 'driver license')
const PLATE = spellings('number plate', 'licence plate', 'license plate', 'plate number', 'vehicle registration')

/** United Kingdom, Canada, Australia, South Africa, Nigeria. */
export const ENGLISH_CONTEXT = {
  uk_nhs: ['nhs', ...spellings('national health service', 'health service number')],
  uk_nino: ['nino', 'ni no', ...spellings('national insurance', 'ni number', 'insurance number'), 'yswiriant gwladol'],
  uk_driving_licence: ['dvla', ...DRIVING, ...spellings('driver number', 'licence number')],
  uk_passport: [...PASSPORT, 'hmpo'],
  uk_postcode: ['postcodes', ...spellings('post code', 'postal code')],
  uk_vehicle: [...PLATE, 'vrn', 'vrm', 'v5c', 'dvla', 'vehicle', 'registration'],
  ca_sin: [
    'sin',

    ...spellings('social insurance', 'sin number'),
    "numéro d'assurance sociale",
    'assurance sociale',
  ],
  au_tfn: ['tfn', ...spellings('tax file number', 'tax file')],
  au_abn: ['abn', ...spellings('australian business number', 'business number')],
  au_acn: ['acn', ...spellings('australian company number', 'company number')],
  au_medicare: ['medicare', ...spellings('medicare number', 'medicare card')],
  za_id: ['rsa id', 'sa id', ...spellings('south african id', 'id number', 'identity number'), 'identiteitsnommer'],
  ng_nin: ['nin', 'nimc', ...spellings('national identification number', 'national identity number')],
  ng_vehicle: [...PLATE, 'vehicle', 'frsc'],
} as const satisfies Partial<Record<EntityName, readonly string[]>>
