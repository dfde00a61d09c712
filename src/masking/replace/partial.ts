import type { EntityName } from '../entities.ts'
import { factsOf, isInGroup } from './entity-groups.ts'
import { redactedText } from './forms.ts'

/** Characters. A longer form says nothing that the first of them do not. */
const PARTIAL_CHARS_MAX = 64
/** Four digits of a card or an id are what receipts show; more of them narrow the rest down too far. */
const DIGITS_MAX = 4
/** Of a value that is shorter, one character already says too much. */
const FIRST_FROM_CHARS = 8
/** The last four of an id that has no more than these would be half of it. */
const LAST_FROM_CHARS = 8

/** Country codes of one and of two digits (ITU-T E.164); all others have three. */
const COUNTRY_CODE = /^\+(?:1|7|2[07]|3[0-46-9]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3})/

/**
 * The harmless part of a value: the last four of a card, the domain of an e-mail address, the year of a birth. Separators
 * stay, all else is `x`. It is made of `[A-Za-z0-9_.:@+-]`, has no more than four digits (the three octets of an IPv4 address
 * are the exception), and no detector finds it again. Of a partial form it is the form itself.
 */
export function partialOf(entity: EntityName, text: string): string {
  if (factsOf(entity).isSecret || entity === 'gender') return redactedText(entity)
  const part = partOf(entity, plainOf(text, entity === 'email'))
    .slice(0, PARTIAL_CHARS_MAX)
    .replace(/-+$/, '')
  const redacted = redactedText(entity)
  return part === '' || text === redacted ? redacted : part
}

/** Whether a text is a partial form already: hiding it once more changes nothing. */
export function isPartialForm(entity: EntityName, text: string): boolean {
  return text.includes('x') && partialOf(entity, text) === text
}

function partOf(entity: EntityName, plain: string): string {
  const own = PARTS.get(entity)
  if (own !== undefined) return own(plain)
  return isInGroup(entity, 'national_ids') ? lastPart(plain) : firstPart(plain)
}

const PARTS: ReadonlyMap<EntityName, (plain: string) => string> = new Map<EntityName, (plain: string) => string>([
  ['credit_card', lastPart],
  ['bank_account', lastPart],
  ['us_bank_account', lastPart],
  ['us_aba', lastPart],
  ['iban', accountPart],
  ['phone', phonePart],
  ['ph_mobile', phonePart],
  ['email', emailPart],
  ['date_of_birth', yearPart],
  ['date_time', yearPart],
  ['ip_address', addressPart],
])

/** One ASCII character of the allowed ones for each that shows; what stands between words is a dash. */
function plainOf(text: string, keepsAt: boolean): string {
  // A longer text is cut with room for what folding takes away.
  const folded = text.slice(0, PARTIAL_CHARS_MAX * 8).normalize('NFKC')
  return (keepsAt ? folded : folded.replaceAll('@', '-'))
    .replaceAll(/[\p{Cf}\p{Mn}\p{Cc}]/gu, '')
    .replaceAll(/[^\p{L}\p{N}_.:@+-]+/gu, '-')
    .replaceAll(/[^\p{ASCII}]/gu, 'x')
    .replaceAll(/^-+|-+$/g, '')
}

/** `DE89 3704 0044 0532 0130 00`: `DExx-xxxx-xxxx-xxxx-xx30-00`. */
function accountPart(plain: string): string {
  const country = /^[A-Za-z]{2}/.exec(plain)?.[0] ?? ''
  return country + keepLast(plain.slice(country.length), plain.length < LAST_FROM_CHARS ? 0 : DIGITS_MAX)
}

function lastPart(plain: string): string {
  return keepLast(plain, plain.length < LAST_FROM_CHARS ? 0 : DIGITS_MAX)
}

/** The last letters and digits stay, so many of them. */
function keepLast(plain: string, count: number): string {
  let kept = 0
  let part = ''
  for (let i = plain.length - 1; i >= 0; i -= 1) {
    const character = plain.charAt(i)
    const counts = /[A-Za-z0-9]/.test(character)
    part = (counts && kept >= count ? 'x' : character) + part
    if (counts) kept += 1
  }
  return part
}

/** `+49 151 23456732`: `+49-xxx-xxxxxx32`. With three digits of the country, only one is left for the end. */
function phonePart(plain: string): string {
  const country = COUNTRY_CODE.exec(plain)?.[0] ?? ''
  const rest = plain.slice(country.length)
  if (rest.length < 5) return hidden(plain)
  return country + keepLast(rest, Math.min(2, DIGITS_MAX - country.replace('+', '').length))
}

/** `joe@example.com`: `x.at.example.com`. */
function emailPart(plain: string): string {
  const at = plain.lastIndexOf('@')
  const domain = at < 0 ? plain.replace(/^x\.at\./, '') : plain.slice(at + 1)
  if (at < 0 && domain === plain) return firstPart(plain)
  return `x.at.${fewDigits(domain.replaceAll(/[@+:]/g, '-'), DIGITS_MAX)}`
}

/** Four digits that can be a year and stand alone, or at an end of eight digits. */
function yearPart(plain: string): string {
  const found =
    /(?<!\d)(?:1[89]|20)\d{2}(?=\d{4}(?!\d)|(?!\d))/.exec(plain) ??
    /(?<=(?<!\d)\d{4})(?:1[89]|20)\d{2}(?!\d)/.exec(plain)
  if (found === null) return hidden(plain)
  const end = found.index + found[0].length
  return hidden(plain.slice(0, found.index)) + found[0] + hidden(plain.slice(end))
}

/** IPv4 keeps its network of 256 addresses; of IPv6 only the first character stays. */
function addressPart(plain: string): string {
  const network = /^(\d{1,3}\.\d{1,3}\.\d{1,3}\.)(?:\d{1,3}|x)$/.exec(plain)?.[1]
  return network === undefined ? firstPart(plain) : `${network}x`
}

function firstPart(plain: string): string {
  return plain.length < FIRST_FROM_CHARS ? hidden(plain) : plain.charAt(0) + hidden(plain.slice(1))
}

function hidden(plain: string): string {
  return plain.replaceAll(/[A-Za-z0-9]/g, 'x')
}

/** The first digits stay, at most so many; all others are hidden. */
function fewDigits(plain: string, count: number): string {
  let left = count
  return plain.replaceAll(/\d/g, (digit) => {
    left -= 1
    return left < 0 ? 'x' : digit
  })
}
