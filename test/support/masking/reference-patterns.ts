import { luhn } from './checks.ts'

export interface ReferencePattern {
  readonly kind: string
  /** The value is its group `value`, or all of it. */
  readonly pattern: RegExp
  readonly isOne: (value: string) => boolean
}

const always = (): boolean => true
const word = (pattern: string): RegExp => new RegExp(`(?<![\\w.-])${pattern}(?![\\w-])`, 'g')

/** Written in two pieces, so that no scanner of repositories takes a pattern for what it finds. */
const mark = (...parts: readonly string[]): string => parts.join('')

export const PATTERNS: readonly ReferencePattern[] = [
  {
    kind: 'card',
    pattern:
      /(?<![\w.+-])(?<!\d )(?:(?:4\d{3}|5[1-5]\d\d)(?<apart>[ -]?)\d{4}\k<apart>\d{4}\k<apart>\d{4}|3[47]\d{13})(?![\w-]|\.\d| \d)/g,
    isOne: luhn,
  },
  {
    kind: 'IBAN',
    pattern: word(
      '(?:DE\\d{20}|FR\\d{12}[A-Z0-9]{11}\\d{2}|GB\\d{2}[A-Z]{4}\\d{14}|NL\\d{2}[A-Z]{4}\\d{10}|ES\\d{22})',
    ),
    isOne: isIban,
  },
  {
    kind: 'e-mail',
    pattern:
      /(?<![\w.%+@/:-])(?<value>[a-z0-9]+(?:[._+-][a-z0-9]+)*@[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)*\.[a-z]{2,})(?![\w@-])/g,
    isOne: always,
  },
  {
    kind: 'SSN',
    pattern:
      /\b(?:SSN|ssn|us_ssn|Social Security)\b[^\w\n]{1,3}(?:is )?(?<value>(?!000|666|9)\d{3}-(?!00)\d\d-(?!0000)\d{4})(?![\w-])/g,
    isOne: always,
  },
  {
    kind: 'phone',
    pattern: /(?<![\w.+-])\+(?:41 44 668|44 20 7946|33 1 42|31 20 799)(?: \d{2,4}){1,4}(?![\w-]| \d)/g,
    isOne: (value) => value.length > 13,
  },
  { kind: 'JWT', pattern: word('eyJ[\\w-]{15,}\\.eyJ[\\w-]{10,}\\.[\\w-]{20,}'), isOne: always },
  {
    kind: 'private key',
    pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----\n(?:[\w+/=]+\n)+-----END [A-Z ]*PRIVATE KEY-----/g,
    isOne: always,
  },
  { kind: 'AWS', pattern: word(mark('AK', 'IA[A-Z2-7]{16}')), isOne: always },
  { kind: 'GitHub', pattern: word(mark('gh', '[pous]_[A-Za-z0-9]{36}')), isOne: always },
  { kind: 'Stripe', pattern: word(mark('[sr]k', '_live_[A-Za-z0-9]{24}')), isOne: always },
  { kind: 'URL', pattern: /\b[a-z]+:\/\/[\w.-]+:(?<value>[^\s:@/]+)@[\w.-]+/g, isOne: always },
]

export const SECRET_KEYS =
  /^(?:password|passwd|db_password|client_?secret|secret_key|api_?key|auth_token|access_?token)$/i

/** ISO 13616: mod 97 of the number with its head at its end, letters as 10 to 35. */
function isIban(value: string): boolean {
  const digits = (value.slice(4) + value.slice(0, 4)).replaceAll(/[A-Z]/g, (letter) =>
    String(letter.charCodeAt(0) - 55),
  )
  return BigInt(digits) % 97n === 1n
}
