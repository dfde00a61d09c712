import { entityId } from '../entities.ts'
import { passesLuhn } from './luhn.ts'
import type { NumberRule, Verdict } from './rule.ts'

/** Issuers by the first four digits, from and to, with the lengths of their numbers. */
interface Issuer {
  readonly from: number
  readonly to: number
  readonly lengths: readonly number[]
  /** Those of them that it does give out. Others are allowed, and an article, an order or a counter has them far more often. */
  readonly own: readonly number[]
}

const ISSUERS: readonly Issuer[] = [
  { from: 1000, to: 1999, lengths: [15], own: [] }, // UATP
  { from: 1800, to: 1800, lengths: [15], own: [15] }, // JCB
  { from: 2131, to: 2131, lengths: [15], own: [15] }, // JCB
  { from: 2200, to: 2204, lengths: [16, 17, 18, 19], own: [16] }, // Mir
  { from: 2221, to: 2720, lengths: [16], own: [16] }, // Mastercard
  { from: 3000, to: 3059, lengths: [14, 15, 16, 17, 18, 19], own: [14, 16] }, // Diners Club
  { from: 3095, to: 3095, lengths: [14, 15, 16, 17, 18, 19], own: [14, 16] },
  { from: 3400, to: 3499, lengths: [15], own: [15] }, // American Express
  { from: 3528, to: 3589, lengths: [16, 17, 18, 19], own: [16] }, // JCB
  { from: 3600, to: 3699, lengths: [14, 15, 16, 17, 18, 19], own: [14, 16] }, // Diners Club
  { from: 3700, to: 3799, lengths: [15], own: [15] }, // American Express
  { from: 3800, to: 3999, lengths: [14, 15, 16, 17, 18, 19], own: [14, 16] }, // Diners Club
  { from: 4000, to: 4999, lengths: [13, 16, 19], own: [16, 19] }, // Visa
  { from: 5000, to: 5099, lengths: [12, 13, 14, 15, 16, 17, 18, 19], own: [16, 19] }, // Maestro
  { from: 5100, to: 5599, lengths: [16], own: [16] }, // Mastercard
  { from: 5600, to: 6999, lengths: [12, 13, 14, 15, 16, 17, 18, 19], own: [16, 19] }, // Maestro, Discover, UnionPay, RuPay
  { from: 8100, to: 8199, lengths: [16, 17, 18, 19], own: [16, 19] }, // UnionPay
]

const NO_ISSUER = 255
/** The place of an issuer among them by the first four digits: of ranges that overlap, the later one. */
const ISSUER_BY_LEAD = new Uint8Array(10_000).fill(NO_ISSUER)
ISSUERS.forEach(({ from, to }, place) => ISSUER_BY_LEAD.fill(place, from, to + 1))

/** How the numbers of each length are written. */
const WRITTEN: Readonly<Record<number, readonly (readonly number[])[]>> = {
  12: [[4, 4, 4]],
  13: [
    [4, 3, 3, 3],
    [4, 4, 5],
    [4, 4, 4, 1],
  ],
  14: [
    [4, 6, 4],
    [4, 4, 4, 2],
  ],
  15: [
    [4, 6, 5],
    [4, 5, 6],
    [4, 4, 4, 3],
  ],
  16: [
    [4, 4, 4, 4],
    [8, 8],
    [4, 6, 6],
    [4, 4, 8],
    [4, 8, 4],
    [6, 10],
    [4, 12],
  ],
  17: [
    [4, 4, 4, 5],
    [4, 4, 4, 4, 1],
  ],
  18: [
    [4, 4, 4, 4, 2],
    [6, 12],
    [4, 4, 4, 6],
  ],
  19: [
    [4, 4, 4, 4, 3],
    [6, 13],
    [4, 4, 4, 7],
  ],
}

const UATP_FIRST_DIGIT = 1
const GTIN_DIGITS = 14
const TIME_DIGITS = 10
const CREDIT_CARD = entityId('credit_card')

/** Payment cards (ISO/IEC 7812): the issuer's range, its lengths, and Luhn's check. */
export const CARD_NUMBERS: readonly NumberRule[] = [
  ...Object.entries(WRITTEN).flatMap(([length, groups]) => cardRules(Number(length), groups)),
  airTravelCard(),
  mistypedCard(),
]

/** Undefined: no issuer has such numbers. */
export function checkCard(digits: Uint8Array, length: number): Verdict | undefined {
  if (issuerOf(digits, length) === undefined) return undefined
  return passesLuhn(digits, length) ? 'passed' : 'failed'
}

function issuerOf(digits: Uint8Array, length: number): Issuer | undefined {
  const issuer = ISSUERS[ISSUER_BY_LEAD[leadOf(digits)] ?? 0]
  return issuer?.lengths.includes(length) === true ? issuer : undefined
}

/** In three groups or more any separator may stand between them; in two, a dot makes a decimal fraction. */
function cardRules(length: number, groups: readonly (readonly number[])[]): readonly NumberRule[] {
  const beforeTime = groups.filter(isBeforeTime)
  const twoGroups = groups.filter((sizes) => sizes.length === 2 && !isBeforeTime(sizes))
  const moreGroups = groups.filter(({ length: count }) => count !== 2)
  return [true, false]
    .filter((isOwn) =>
      ISSUERS.some((issuer) => issuer.lengths.includes(length) && isOwnLength(issuer, length) === isOwn),
    )
    .flatMap((isOwn) => [
      cardRule(length, isOwn, { groups: moreGroups }),
      ...[twoGroups, beforeTime]
        .filter((some) => some.length > 0)
        .map((some) => cardRule(length, isOwn, { groups: some, separators: [' ', '-'], onlyGrouped: true })),
    ])
    .map((rule) => (rule.groups.some(isBeforeTime) ? withoutTimes(rule) : rule))
}

/** Six digits and ten: a size or a number, and then a time in seconds, as often. */
function isBeforeTime(sizes: readonly number[]): boolean {
  return sizes.length === 2 && sizes[1] === TIME_DIGITS
}

function withoutTimes(rule: NumberRule): NumberRule {
  const from = rule.digits - TIME_DIGITS
  return { ...rule, check: (digits) => (isTime(digits, from) ? undefined : rule.check(digits)) }
}

/** From 2001 to 2036, in seconds since 1970: 1,000,000,000 to 2,099,999,999. */
function isTime(digits: Uint8Array, from: number): boolean {
  return digits[from] === 1 || (digits[from] === 2 && digits[from + 1] === 0)
}

function cardRule(
  length: number,
  isOwn: boolean,
  written: Pick<NumberRule, 'groups' | 'separators' | 'onlyGrouped'>,
): NumberRule {
  return {
    entity: CREDIT_CARD,
    name: 'card.luhn',
    digits: length,
    first: firstDigits(length),
    ...written,
    check: (digits) => {
      const issuer = digits[0] === UATP_FIRST_DIGIT && !isJcb(digits) ? undefined : issuerOf(digits, length)
      if (issuer === undefined || (isOwnLength(issuer, length) && !isArticle(digits, length)) !== isOwn)
        return undefined
      return passesLuhn(digits, length) ? 'passed' : 'failed'
    },
    score: isOwn ? { bare: 0.7, grouped: 0.9 } : { bare: 0.5, grouped: 0.5 },
  }
}

/** The digits that numbers of a length may begin with. */
function firstDigits(length: number): string {
  const issuers = ISSUERS.filter(({ lengths }) => lengths.includes(length))
  const isFirst = (digit: string): boolean =>
    issuers.some(({ from, to }) => `${from}`.charAt(0) <= digit && digit <= `${to}`.charAt(0))
  return Array.from('0123456789').filter(isFirst).join('')
}

/** GTIN-14, the number of a case of articles: the check digit of GS1, with weights 3 and 1. Shops have far more of them. */
function isArticle(digits: Uint8Array, length: number): boolean {
  if (length !== GTIN_DIGITS) return false
  let sum = 0
  for (let i = 0; i < length; i++) sum += (digits[i] ?? 0) * (i % 2 === 0 ? 3 : 1)
  return sum % 10 === 0
}

function isOwnLength({ own }: Issuer, length: number): boolean {
  return own.includes(length)
}

/** UATP: a one and fourteen digits more is an order number far more often. */
function airTravelCard(): NumberRule {
  return {
    entity: CREDIT_CARD,
    name: 'card.uatp',
    digits: 15,
    groups: [
      [4, 5, 6],
      [4, 6, 5],
    ],
    check: (digits) => (digits[0] === UATP_FIRST_DIGIT && !isJcb(digits) ? checkCard(digits, 15) : undefined),
    score: { bare: 0.5, grouped: 0.5 },
  }
}

/** Four groups of four, whoever issued it: where a word near it says that it is a card, it is one with a wrong digit. */
function mistypedCard(): NumberRule {
  return {
    entity: CREDIT_CARD,
    name: 'card.written',
    digits: 16,
    groups: [[4, 4, 4, 4]],
    onlyGrouped: true,
    check: (digits) => (checkCard(digits, 16) === undefined ? 'failed' : undefined),
    score: { bare: 0, grouped: 0 },
  }
}

function isJcb(digits: Uint8Array): boolean {
  return leadOf(digits) === 1800
}

function leadOf(digits: Uint8Array): number {
  return (digits[0] ?? 0) * 1000 + (digits[1] ?? 0) * 100 + (digits[2] ?? 0) * 10 + (digits[3] ?? 0)
}
