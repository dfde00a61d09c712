import type { EntityName } from '../entities.ts'
import { factsOf } from '../replace/entity-groups.ts'

/**
 * Kinds of which there are too many values to try them all. All others (cards, national ids, dates of birth) get a random
 * id: with one that is computed, whoever gets the key could try every value there is.
 */
const MANY_VALUES: ReadonlySet<EntityName> = new Set<EntityName>([
  'iban',
  'crypto_wallet',
  'email',
  'phone',
  'person_name',
  'postal_address',
  'ip_address',
  'mac_address',
  'url',
  'date_time',
])

/** Of these the sign between the digits says the century: two people differ in nothing else. */
const SIGN_COUNTS: ReadonlySet<EntityName> = new Set<EntityName>(['fi_pic', 'se_personnummer'])

/** Their exact spelling is what they are. */
const EXACT: ReadonlySet<EntityName> = new Set<EntityName>([
  'crypto_wallet',
  'coordinates',
  'date_of_birth',
  'date_time',
  'field',
  'gender',
  'ip_address',
  'url',
])

/** Whether a value of this kind may have a surrogate from which it comes back. Of what opens doors no copy is kept. */
export function isKept(entity: EntityName): boolean {
  return !factsOf(entity).neverStored
}

/** Whether the id of a surrogate must be chance, because the kind has few values. */
export function needsRandomId(entity: EntityName): boolean {
  return !MANY_VALUES.has(entity)
}

/**
 * What is equal for equal values, however they are written: an e-mail address in lower case, names in NFKC, numbers of
 * cards and phones as digits, all other ids as capitals and digits. Kinds whose spelling counts come back as they are.
 */
export function canonical(entity: EntityName, value: string): string {
  if (EXACT.has(entity)) return value
  if (entity === 'email') return value.toLowerCase()
  if (entity === 'person_name' || entity === 'postal_address') return value.normalize('NFKC')
  if (entity === 'credit_card' || entity === 'phone') return orExact(value.replaceAll(/[^0-9]/g, ''), value)
  if (SIGN_COUNTS.has(entity)) return value.toUpperCase()
  return orExact(value.replaceAll(/[^A-Za-z0-9]/g, '').toUpperCase(), value)
}

/** A value of other letters and digits than ASCII would be empty, and all such values equal. */
function orExact(shortened: string, value: string): string {
  return /[^\p{ASCII}]/u.test(value) || shortened === '' ? value : shortened
}
