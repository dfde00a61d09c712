import { ENTITY_NAMES, type EntityName, findEntity } from '../entities.ts'
import { fromPresidio } from './presidio-names.ts'

export const GROUP_NAMES = ['secrets', 'cards', 'national_ids', 'contact', 'network', 'person'] as const

export type GroupName = (typeof GROUP_NAMES)[number]

/** What replacements and rules need to know of a kind. */
export interface EntityFacts {
  readonly groups: readonly GroupName[]
  readonly isSecret: boolean
  /** So few values that all can be tried: a hash of one is as good as the value for whoever has the key. */
  readonly lowEntropy: boolean
  /** Nobody gets such a value back, so no book keeps it: `surrogate` becomes `redact`. */
  readonly neverStored: boolean
}

const SECRETS: readonly EntityName[] = [
  'secret',
  'password',
  'private_key',
  'jwt',
  'credential',
  'pin',
  'card_verification',
]

const PLATES_AND_POSTCODES: readonly EntityName[] = [
  'uk_postcode',
  'uk_vehicle',
  'de_postcode',
  'de_vehicle',
  'tr_license_plate',
  'in_vehicle',
  'ng_vehicle',
]

/** Ids of accounts, and one of telephones, that bear the name of a country. */
const NO_IDS_OF_ANYBODY: readonly EntityName[] = ['us_aba', 'us_bank_account', 'ph_mobile', 'field']

const NATIONAL_IDS: readonly EntityName[] = ENTITY_NAMES.slice(ENTITY_NAMES.indexOf('national_id')).filter(
  (name) => !PLATES_AND_POSTCODES.includes(name) && !NO_IDS_OF_ANYBODY.includes(name),
)

const GROUPS: Readonly<Record<GroupName, readonly EntityName[]>> = {
  secrets: SECRETS,
  cards: ['credit_card'],
  national_ids: NATIONAL_IDS,
  contact: ['email', 'phone', 'ph_mobile'],
  network: ['ip_address', 'mac_address'],
  person: ['person_name', 'postal_address', 'date_of_birth', 'gender', 'coordinates'],
}

const LOW_ENTROPY: ReadonlySet<EntityName> = new Set<EntityName>([
  ...GROUPS.cards,
  ...NATIONAL_IDS,
  ...PLATES_AND_POSTCODES,
  'pin',
  'card_verification',
  'date_of_birth',
  'gender',
  'coordinates',
  'bank_account',
  'us_bank_account',
  'us_aba',
])

const SHORT_NAMES: ReadonlyMap<string, EntityName> = new Map<string, EntityName>([
  ['ssn', 'us_ssn'],
  ['card', 'credit_card'],
])

const FACTS: ReadonlyMap<EntityName, EntityFacts> = new Map(
  ENTITY_NAMES.map((name) => [
    name,
    {
      groups: GROUP_NAMES.filter((group) => GROUPS[group].includes(name)),
      isSecret: SECRETS.includes(name),
      lowEntropy: LOW_ENTROPY.has(name),
      neverStored: SECRETS.includes(name),
    },
  ]),
)
/** A kind of the configuration: nothing is known of it. */
const UNKNOWN: EntityFacts = { groups: [], isSecret: false, lowEntropy: false, neverStored: false }

/** Every word of ours that a rule may use, for hints. */
export const ENTITY_WORDS: readonly string[] = [...ENTITY_NAMES, ...GROUP_NAMES, ...SHORT_NAMES.keys()]

export function factsOf(entity: EntityName): EntityFacts {
  return FACTS.get(entity) ?? UNKNOWN
}

export function isInGroup(entity: EntityName, group: GroupName): boolean {
  return GROUPS[group].includes(entity)
}

export function isEntityName(text: string): text is EntityName {
  return findEntity(text) !== undefined
}

/**
 * The kinds that a rule means: one of ours, a group, a short form (`ssn`, `card`) or a name of Presidio's, in whatever case.
 * Undefined where nobody knows the name.
 */
export function entitiesOf(name: string): readonly EntityName[] | undefined {
  const lower = name.toLowerCase()
  const group = GROUP_NAMES.find((known) => known === lower)
  if (group !== undefined) return GROUPS[group]
  const one = isEntityName(lower) ? lower : (SHORT_NAMES.get(lower) ?? fromPresidio(name.toUpperCase()))
  return one === undefined ? undefined : [one]
}
