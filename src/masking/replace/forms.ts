import type { EntityName } from '../entities.ts'
import { base32Bits } from './bits.ts'

/** A domain that no one can own (RFC 2606, section 2), so that nothing sent there arrives. */
export const MASK_DOMAIN = 'mask.invalid'
/** The first 32 bits of our UUIDs of version 8 (RFC 9562, 5.8): four billion to one that it is ours. */
export const UUID_MARK = '5a11f0ca'
/** The first 32 bits of UUIDs from which nothing comes back. */
export const ONE_WAY_UUID_MARK = '00000000'
/** Every text that a value comes back from holds one of these, in lower case. */
export const FORM_WORDS: readonly string[] = ['sur_', `@${MASK_DOMAIN}`, `${MASK_DOMAIN}/`, `${UUID_MARK}-`]

/** Hexadecimal digits of a UUID that bear the id: 90 bits are 22 digits, and two bits beside the variant. */
const UUID_ID_DIGITS = 22

/** `label` is the name of the kind; in a key a number keeps two of them apart. */
export function redactedText(label: string, ordinal?: number): string {
  return ordinal === undefined ? `redacted:${label}` : `redacted:${label}:${ordinal}`
}

/** `hash` is 16 characters of base32. */
export function hashText(label: string, hash: string): string {
  return `h_${label}_${hash}`
}

/** `id` is the 18 characters of a row, check included; so it is below. */
export function surrogateText(entity: EntityName, id: string): string {
  return `sur_${entity}_${id}`
}

/** The local part or path of a form with a shape: `s-` and an id comes back, `h-` and a hash or `redacted` does not. */
export function emailText(local: string): string {
  return `${local}@${MASK_DOMAIN}`
}

export function uriText(path: string): string {
  return `https://${MASK_DOMAIN}/${path}`
}

/** A UUID of version 8 that is mark and id. */
export function uuidText(id: string): string {
  return uuidOf(UUID_MARK, base32Bits(id))
}

/** A UUID of version 8 from which nothing comes back; of an empty text it has no bits but those of the version. */
export function oneWayUuidText(hash: string): string {
  return uuidOf(ONE_WAY_UUID_MARK, base32Bits(hash))
}

function uuidOf(mark: string, bits: bigint): string {
  const digits = (bits >> 2n).toString(16).padStart(UUID_ID_DIGITS, '0')
  const variant = (8n | (bits & 3n)).toString(16)
  return `${mark}-${digits.slice(0, 4)}-8${digits.slice(4, 7)}-${variant}${digits.slice(7, 10)}-${digits.slice(10)}`
}

/** In 240.0.0.0/4, which nobody routes (RFC 1112, section 4); never the broadcast address. */
export function ipv4Text(bits: bigint): string {
  const part = (shift: bigint) => Number((bits >> shift) & 255n)
  return `${240 + (part(24n) % 15)}.${part(16n)}.${part(8n)}.${part(0n)}`
}

/** In 2001:db8::/32, which is for documents (RFC 3849). */
export function ipv6Text(bits: bigint): string {
  const groups = [5n, 4n, 3n, 2n, 1n, 0n].map((group) => ((bits >> (group * 16n)) & 0xffffn).toString(16))
  return `2001:db8:${groups.join(':')}`
}
