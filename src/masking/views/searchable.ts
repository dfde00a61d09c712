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
/** Smaller numbers are counts, prices, years and codes. */
const NUMBER_DIGITS_MIN = 5
const SMALL_NUMBER = /^[-+]?\d{1,4}(?:\.\d*)?$/
const HAS_WORD = /[\p{L}\p{N}]/u
/** Digits in groups, as cards, phones and ids are written. */
const GROUPED_NUMBER = /^[+(]?\d[\d ()/.+-]*\d\)?$/

export interface SearchTerms {
  /** In UTF-16 code units. */
  readonly charactersMin: number
}

/** The texts that some values are searched by: as they are, and numbers without their separators too. */
export function textsOf(values: readonly string[], { charactersMin }: SearchTerms): IndexedText[] {
  const texts: IndexedText[] = []
  for (const [index, value] of values.entries()) {
    if (value.length < charactersMin || isCommon(value)) continue
    texts.push({ text: value, index })
    const digits = digitsOf(value)
    if (digits !== undefined && digits.length >= charactersMin) texts.push({ text: digits, index })
  }
  return texts
}

function isCommon(value: string): boolean {
  const first = value.charCodeAt(0)
  if (first >= 0x61 && first <= 0x7a) return value.length <= COMMON_CHARACTERS_MAX && COMMON.has(value.toLowerCase())
  return COMMON.has(value.toLowerCase()) || SMALL_NUMBER.test(value) || !HAS_WORD.test(value)
}

/** As long as the longest common word. */
const COMMON_CHARACTERS_MAX = 13

/** Undefined where the value is no number, or has no separators. */
function digitsOf(value: string): string | undefined {
  const last = value.charCodeAt(value.length - 1)
  if (last > 0x39 || value.length > NUMBER_CHARACTERS_MAX || !GROUPED_NUMBER.test(value)) return undefined
  const digits = value.replaceAll(/\D/g, '')
  return digits.length < value.length && digits.length >= NUMBER_DIGITS_MIN ? digits : undefined
}

const NUMBER_CHARACTERS_MAX = 40
