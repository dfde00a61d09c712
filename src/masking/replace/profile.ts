import { assert } from '../../base/assert.ts'
import { ENTITY_NAMES, type EntityName } from '../entities.ts'
import type { Action } from './actions.ts'
import { isInGroup } from './entity-groups.ts'

/** What happens to each kind where no rule names it. `allow` of a kind also means that it need not be looked for. */
export type Profile = Readonly<Record<EntityName, Action>>

/**
 * Ids with neither a check nor a shape of their own. Without a name beside them they are any number; where a key only says
 * "passport" or "licence", the value is a `national_id`, which is hidden.
 */
const SHAPELESS_IDS: readonly EntityName[] = [
  'us_passport',
  'us_driver_license',
  'us_bank_account',
  'uk_passport',
  'de_tax_number',
  'es_passport',
  'it_id_card',
  'it_passport',
  'it_driving_licence',
  'kr_passport',
]

/**
 * `gender` and `coordinates` are not hidden by default: a stand-in for one of two words, or for a place on the map, breaks
 * most schemas and hides little that the row around it does not say.
 */
const SURROGATES: readonly EntityName[] = [
  'credit_card',
  'iban',
  'bank_account',
  'crypto_wallet',
  'email',
  'phone',
  'ph_mobile',
  'person_name',
  'postal_address',
  'date_of_birth',
  'us_aba',
]

/** Results that a client gets. */
export const DEFAULT_PROFILE: Profile = profileOf(inResults)

/** Arguments that an upstream gets: what opens doors or pays does not go to a server that it did not come from. */
export const OUTBOUND_PROFILE: Profile = profileOf((entity) =>
  isInGroup(entity, 'secrets') || isInGroup(entity, 'cards') ? 'block' : 'allow',
)

function inResults(entity: EntityName): Action {
  if (isInGroup(entity, 'secrets')) return 'redact'
  if (SURROGATES.includes(entity)) return 'surrogate'
  return isInGroup(entity, 'national_ids') && !SHAPELESS_IDS.includes(entity) ? 'surrogate' : 'allow'
}

function profileOf(actionOf: (entity: EntityName) => Action): Profile {
  const profile = Object.fromEntries(ENTITY_NAMES.map((entity) => [entity, actionOf(entity)]))
  assert(isProfile(profile), 'a profile says something of every kind')
  return profile
}

function isProfile(actions: Readonly<Record<string, Action>>): actions is Profile {
  return ENTITY_NAMES.every((entity) => actions[entity] !== undefined)
}
