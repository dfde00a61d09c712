import type { Span } from '../decoded-view.ts'
import { DIGIT, tableOf } from '../scan/bytes-tables.ts'
import { hasMonth } from '../numbers/date-shapes.ts'
import type { KeyKind } from './dictionary.ts'
import { isLabel } from './labels.ts'
import { isCovered, isNoValue, isPlaceholder } from './no-values.ts'
import { isReference, isRoute } from './references.ts'
import { isTold } from './told-values.ts'
import type { Demand } from './words.ts'

export type ValueType = 'string' | 'number' | 'boolean'

/** So much of a value is looked at. */
export const LOOK_MAX = 256

/**
 * Whether a value is what its key promises. A password is whatever stands there; other keys have other uses, so that
 * `"token": false`, `"license": "MIT"` and `"address": "10.0.0.1:80"` are none.
 */
export function isOfKind(kind: KeyKind, text: string, type: ValueType): boolean {
  if (type === 'boolean') return mayBeFlag(kind)
  if (kind.never?.test(text) === true) return false
  if (type === 'number') return ofNumber(kind, text)
  // Digits in groups are no word and no stand-in, and most values of keys of numbers are that.
  if (isInDigits(text)) return OF_TEXT[kind.demand](text)
  if (isStandIn(kind, text)) return false
  if (kind.isSecret) return ofSecret(kind.demand, text)
  return !isNameAgain(kind, text) && !isCovered(text) && !isNoValue(text) && OF_TEXT[kind.demand](text)
}

/** Nothing, what stands for a value, what a form calls it, or what tells of a secret and where it is. */
function isStandIn(kind: KeyKind, text: string): boolean {
  if (text.trim() === '' || isPlaceholder(text) || isLabel(kind, text)) return true
  return kind.isSecret && (isTold(text) || isReference(kind, text) || isRoute(kind, text))
}

/** `"first_name": "FIRST_NAME"`: the name as it stands before it. A password may be that, a person is not. */
function isNameAgain({ word }: KeyKind, text: string): boolean {
  if (Math.abs(text.length - word.length) > SIGNS_MAX) return false
  return text.replaceAll(SIGN, '').toLowerCase() === word.replaceAll(SIGN, '')
}

const SIGNS_MAX = 3
const SIGN = /[\s_:*-]/g

/** No secret is true or false; who names the key in a rule hides it all the same. */
function mayBeFlag({ demand, plural, isSecret }: KeyKind): boolean {
  return demand === 'any' && !plural && !isSecret
}

function ofNumber({ demand, plural }: KeyKind, text: string): boolean {
  if (plural) return false
  if (demand === 'phone') return isPhoneNumber(Number(text))
  return !NEVER_NUMBERS.has(demand) && OF_TEXT[demand](text)
}

/** `"phone": 3` is how many there are: what people dial has more digits. Tables with gaps make it `4155550132.0`. */
function isPhoneNumber(number: number): boolean {
  return Number.isInteger(number) && Math.abs(number) >= PHONE_LEAST
}

const PHONE_LEAST = 100_000
const NEVER_NUMBERS: ReadonlySet<Demand> = new Set(['opaque', 'email', 'name', 'address', 'gender', 'code'])

function ofSecret(demand: Demand, text: string): boolean {
  return demand === 'any' || OF_TEXT[demand](text)
}

/** Nothing but digits, one at least, and blanks, brackets, dots, plus and minus between them. */
function isInDigits(text: string): boolean {
  let hasDigit = false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code >= ZERO && code <= NINE) hasDigit = true
    else if (code > NINE || BESIDE_DIGITS[code] !== 1) return false
  }
  return hasDigit
}

const ZERO = 0x30
const NINE = 0x39
const BESIDE_DIGITS = tableOf(' ().+-')

/** Most values are short and of ASCII: a loop is over before an expression has begun. */
function digitsOf(text: string): number {
  let digits = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code > ASCII_MAX) return text.replaceAll(/\P{Nd}/gu, '').length
    if (code >= ZERO && code <= NINE) digits++
  }
  return digits
}

const ASCII_MAX = 0x7f

const hasDigits =
  (least: number) =>
  (text: string): boolean =>
    digitsOf(text) >= least

/** Digits that are enough for a value of nothing but digits and what groups them. Other demands ask for more than that. */
const ENOUGH_DIGITS = { any: 1, digits: 3, 'long-digits': 5, card: 8, phone: 4, date: 2 } as const

/** `isOfKind` for a string in digits, told by its bytes: no text is made. Undefined where the text has to be read. */
export function isOfKindInDigits({ demand }: KeyKind, bytes: Uint8Array, { start, end }: Span): boolean | undefined {
  const enough = LEAST_DIGITS[demand]
  if (enough === undefined) return undefined
  const to = Math.min(end, start + LOOK_MAX)
  let digits = 0
  for (let at = start; at < to; at++) {
    const byte = bytes[at] ?? 0
    if (DIGIT[byte] === 1) digits++
    else if (BESIDE_DIGITS[byte] !== 1) return undefined
  }
  return digits === 0 ? undefined : digits >= enough
}

const LEAST_DIGITS: Readonly<Partial<Record<Demand, number>>> = ENOUGH_DIGITS

const OF_TEXT: Readonly<Record<Demand, (text: string) => boolean>> = {
  any: () => true,
  opaque: isOpaque,
  pin: (text) => text.length <= 16 && digitsOf(text) >= 3,
  digits: hasDigits(ENOUGH_DIGITS.digits),
  'long-digits': hasDigits(ENOUGH_DIGITS['long-digits']),
  card: (text) => digitsOf(text) >= ENOUGH_DIGITS.card && !/[A-WYZa-wyz]{2}/.test(text),
  code: (text) => /^[A-Za-z]{6}[A-Za-z0-9]{2}(?:[A-Za-z0-9]{3})?$/.test(text.trim()),
  email: (text) => /[@\uff20\d\\%]|&#|&commat/.test(text) && !/^https?:/.test(text),
  phone: hasDigits(ENOUGH_DIGITS.phone),
  name: (text) => /\p{L}/u.test(text) && !/[{}<>=/]|\w\(/.test(text),
  address: (text) => /[\p{L}\d]/u.test(text) && !isAddressOfMachine(text.trim()),
  postcode: (text) => text.length <= 12 && digitsOf(text) >= 2,
  date: (text) => digitsOf(text) >= ENOUGH_DIGITS.date || (/\d/.test(text) && hasMonth(text)),
  gender: (text) => text.length <= 24 && /^[\p{L}\p{M} /.-]+$/u.test(text),
  coordinate: isCoordinate,
}

/** Credentials with their scheme, or one word that is no word of a language. */
function isOpaque(text: string): boolean {
  const value = text.replaceAll(/&(?:quot|#39|#34);?/g, '').trim()
  if (/^(?:basic|bearer|digest|negotiate|token|apikey|aws4-hmac-sha256)\s+\S/i.test(value)) return true
  if (/^[a-z][\w+.-]*:\/\//i.test(value)) return isOpaqueUrl(value)
  if (VERSION.test(value)) return false
  if (/^[^\s=;]+=[^\s;]/.test(value)) return value.length >= 8
  return value.length >= 6 && !/[\s(){}]/.test(value) && /\d|[!@#$%^&*+=~]/.test(value) && !isNoValue(value)
}

/** `postgres://shop:${DB_PASSWORD}@db` says where the password is to be taken from. */
function isOpaqueUrl(url: string): boolean {
  const password = /:([^/\s]+)@/.exec(url)?.[1]
  if (password !== undefined && !isPlaceholder(password)) return true
  return /[?&][\w-]*(?:key|token|sig|secret|password)=|\/[\w-]{20,}/i.test(url)
}

const VERSION = /^[\^~<>=v ]*\d+(?:\.[\dx*]+)+(?:[-+][\w.]+)?$/

/** Where a machine is reached, not a person: IP addresses, hosts with a port, URLs, addresses of mail, hexadecimal. */
function isAddressOfMachine(text: string): boolean {
  return (
    /^[a-z][\w+.-]*:\/\//i.test(text) ||
    /^\S+@\S+$/.test(text) ||
    /^\[?[\da-f]{0,4}(?::[\da-f]{0,4}){2,}(?:%\w+)?\]?(?:[:/]\d+)?$/i.test(text) ||
    /^(?:\[?::(?:ffff:)?)?\d{1,3}(?:\.\d{1,3}){3}\]?(?:[:/]\d+)?$/i.test(text) ||
    /^[\w.*-]*:\d{1,5}$/.test(text) ||
    /^(?:0x[\da-f]+|[\da-f]{8,})$/i.test(text) ||
    /^(?:localhost|[\w-]+(?:\.[\w-]+)+)$/.test(text) ||
    /^[\w-]{24,}$/.test(text) ||
    /^\/|^unix:/.test(text) ||
    VERSION.test(text)
  )
}

function isCoordinate(text: string): boolean {
  const match = /^[-+]?(\d{1,3})(?:[.,]\d+)?[°\s]*[NSEWO]?$/i.exec(text.trim())
  return match !== null && Number(match[1]) <= 180
}
