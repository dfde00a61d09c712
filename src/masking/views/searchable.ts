import type { IndexedText } from './value-index.ts'

/** Words that stand in any message: a password like one gives itself away. */
const COMMON: ReadonlySet<string> = new Set(
  [
    'true false null none undefined unknown empty default example test demo sample admin administrator',
    'root user username users guest owner client customer server password passwort secret token apikey',
    'bearer basic auth authorization login public name email mail phone mobile address street city',
    'country state zip home work card account number value text type data content string object array',
    'boolean result error message status active inactive enabled disabled pending male female http https',
    'localhost file json html with from this that your have will',
  ].flatMap((line) => line.split(' ')),
)
/** As long as the longest of them. */
const COMMON_CHARACTERS_MAX = 13
/** Smaller numbers are counts, prices, years and codes. */
const NUMBER_DIGITS_MIN = 5
const SMALL_NUMBER = /^[-+]?\d{1,4}(?:\.\d*)?$/
const HAS_WORD = /[\p{L}\p{N}]/u
/** Digits in groups, as cards, phones and ids are written. */
const GROUPED_NUMBER = /^[+(]?\d[\d ()/.+-]*\d\)?$/
const NUMBER_CHARACTERS_MAX = 40

/** The texts that some values are searched by: as they are, and numbers without their separators too. */
export function textsOf(values: readonly string[], charactersMin: number): IndexedText[] {
  const texts: IndexedText[] = []
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? ''
    if (value.length < charactersMin) continue
    // A thousand values are asked about in one message, so what most begin with decides first.
    const first = value.charCodeAt(0) | 0x20
    const isWord = first >= 0x61 && first <= 0x7a
    const spelling = spellingOf(value)
    if (isWord ? isCommon(value) : isMeaningless(value, spelling)) continue
    texts.push({ text: value, index, spelling })
    const digits = isWord ? undefined : digitsOf(value, spelling)
    if (digits !== undefined && digits.length >= charactersMin) texts.push({ text: digits, index, spelling: IS_DIGIT })
  }
  return texts
}

/** What characters a text is made of, as bits: one look at each of them answers most questions. */
export const IS_DIGIT = 1
const IS_LETTER = 2
/** Beside digits, of a number in groups. */
const IS_SEPARATOR = 4
const IS_OTHER = 8
export const IS_SLASH = 16
/** In JSON. */
export const MUST_BE_ESCAPED = 32
export const BEYOND_ASCII = 64
const SPELLINGS = Uint8Array.from({ length: 128 }, (_, code) => spellingOfCode(code))

function spellingOfCode(code: number): number {
  const character = String.fromCharCode(code)
  if (isDigit(code)) return IS_DIGIT
  if (/[a-z]/i.test(character)) return IS_LETTER
  const kind = ' ()/.+-'.includes(character) ? IS_SEPARATOR : IS_OTHER
  if (character === '/') return kind | IS_SLASH
  return code < 0x20 || code === 0x7f || '"\\'.includes(character) ? kind | MUST_BE_ESCAPED : kind
}

function spellingOf(value: string): number {
  let spelling = 0
  for (let i = 0; i < value.length; i++) spelling |= SPELLINGS[value.charCodeAt(i)] ?? BEYOND_ASCII
  return spelling
}

function isCommon(value: string): boolean {
  return value.length <= COMMON_CHARACTERS_MAX && COMMON.has(value.toLowerCase())
}

function isMeaningless(value: string, spelling: number): boolean {
  if ((spelling & NOT_OF_NUMBER) === 0 && SMALL_NUMBER.test(value)) return true
  return (spelling & (IS_DIGIT | IS_LETTER)) === 0 && !HAS_WORD.test(value)
}

/** Undefined where the value is no number, or has no separators. */
function digitsOf(value: string, spelling: number): string | undefined {
  if ((spelling & NOT_OF_NUMBER) !== 0 || (spelling & IS_SEPARATOR) === 0) return undefined
  if (value.length > NUMBER_CHARACTERS_MAX || !GROUPED_NUMBER.test(value)) return undefined
  const digits = onlyDigits(value)
  return digits.length >= NUMBER_DIGITS_MIN ? digits : undefined
}

const NOT_OF_NUMBER = IS_LETTER | IS_OTHER | BEYOND_ASCII

function onlyDigits(value: string): string {
  let digits = ''
  for (let i = 0; i < value.length; i++) if (isDigit(value.charCodeAt(i))) digits += value[i]
  return digits
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}
