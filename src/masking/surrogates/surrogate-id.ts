import { equalSecret, encodeUtf8 } from '../../base/bytes.ts'
import type { EntityName } from '../entities.ts'
import { toBase32 } from './base32.ts'
import { hmac, type ScopeKeys } from './scope.ts'

/** Characters of 5 bits: 75 bits tell values apart. */
const ID_CHARACTERS = 15
/** 15 bits: of what is invented or damaged, one in 32,768 must be looked up to know it. */
const CHECK_CHARACTERS = 3
/** Bytes that an id of chance is made of. */
export const ID_RANDOM_BYTES = 10

/** The id of a value, its check included: the same for the same value. */
export function computedId(keys: Pick<ScopeKeys, 'id' | 'check'>, entity: EntityName, canonical: string): string {
  return withCheck(keys.check, entity, toBase32(hmac(keys.id, `${entity}\0${canonical}`), ID_CHARACTERS))
}

/** An id that says nothing about its value; `random` has ID_RANDOM_BYTES of chance. */
export function randomId(keys: Pick<ScopeKeys, 'check'>, entity: EntityName, random: Uint8Array): string {
  return withCheck(keys.check, entity, toBase32(random, ID_CHARACTERS))
}

/** Whether this scope made the id for a value of this kind. */
export function isGenuine(keys: Pick<ScopeKeys, 'check'>, entity: string, id: string): boolean {
  const made = withCheck(keys.check, entity, id.slice(0, ID_CHARACTERS))
  return equalSecret(encodeUtf8(made), encodeUtf8(id))
}

function withCheck(key: ScopeKeys['check'], entity: string, id: string): string {
  return id + toBase32(hmac(key, `${entity}\0${id}`), CHECK_CHARACTERS)
}
