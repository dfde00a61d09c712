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
  for (const [index, value] of values.entries()) {
    if (value.length < charactersMin) continue
    // A thousand values are asked about in one message, so what most begin with decides first.
    const first = value.charCodeAt(0) | 0x20
    const isWord = first >= 0x61 && first <= 0x7a
    if (isWord ? isCommon(value) : isMeaningless(value)) continue
    texts.push({ text: value, index })
    const digits = isWord ? undefined : digitsOf(value)
    if (digits !== undefined && digits.length >= charactersMin) texts.push({ text: digits, index })
  }
  return texts
}

function isCommon(value: string): boolean {
  return value.length <= COMMON_CHARACTERS_MAX && COMMON.has(value.toLowerCase())
}

function isMeaningless(value: string): boolean {
  return SMALL_NUMBER.test(value) || !HAS_WORD.test(value)
}

/** Undefined where the value is no number, or has no separators. */
function digitsOf(value: string): string | undefined {
  if (value.length > NUMBER_CHARACTERS_MAX || !GROUPED_NUMBER.test(value)) return undefined
  let digits = ''
  for (let i = 0; i < value.length; i++) if (isDigit(value.charCodeAt(i))) digits += value[i]
  return digits.length < value.length && digits.length >= NUMBER_DIGITS_MIN ? digits : undefined
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}
