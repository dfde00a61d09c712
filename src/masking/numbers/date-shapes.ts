import { decodeLatin1, encodeUtf8 } from '../../base/bytes.ts'

/** Months in the languages whose words of birth are known; the first three letters or more are enough in English. */
const MONTHS = [
  'jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?',
  'januar|jänner|februar|märz|mai|juni|juli|oktober|dezember|okt|dez',
  'janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre',
  'enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre',
  'gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre',
  'janeiro|fevereiro|março|maio|junho|julho|setembro|outubro|novembro|dezembro',
  'januari|februari|maart|mei|augustus|augusti|maj',
  'stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|września|października|listopada|grudnia',
  'ocak|şubat|mart|nisan|mayıs|haziran|temmuz|ağustos|eylül|ekim|kasım|aralık',
].join('|')
const MONTH_WORD = new RegExp(`(?<!\\p{L})(?:${MONTHS})(?!\\p{L})`, 'iu')

/** Whether a text has the name of a month in it. */
export function hasMonth(text: string): boolean {
  return MONTH_WORD.test(text)
}

const MONTH = `(?:${decodeLatin1(encodeUtf8(MONTHS))})`
const DAY = '(?:0?[1-9]|[12][0-9]|3[01])'
const MONTH_NUMBER = '(?:0?[1-9]|1[0-2])'
const YEAR = '(?:1[89]|20)[0-9]{2}'
const YEAR_SHORT = "(?:(?:1[89]|20)[0-9]{2}|'?[0-9]{2})"
/** `1.`, `1st`, `1er`, `1º`, and a word such as `of` or `de` after it. */
const ORDINAL = `(?:\\.|st|nd|rd|th|er|\u00c2\u00ba|\u00c2\u00aa)?(?:[ -](?:of|de|di))?`
const BEFORE = '(?<![0-9A-Za-z_./-])'
const AFTER = '(?![0-9A-Za-z_]|[./-][0-9])'

const DATES = [
  `${YEAR}([-/.])${MONTH_NUMBER}\\1${DAY}`,
  `${DAY}([-/.])${MONTH_NUMBER}\\2${YEAR_SHORT}`,
  `${MONTH_NUMBER}([-/.])${DAY}\\3${YEAR_SHORT}`,
  `${DAY}${ORDINAL}[ -]?${MONTH}\\.?,?(?:[ -](?:de |del |di )?)${YEAR_SHORT}`,
  `${MONTH}\\.?[ -]${DAY}(?:st|nd|rd|th)?,?[ -]${YEAR_SHORT}`,
  `${YEAR}[ -]${MONTH}[ -]${DAY}`,
]
const TIME =
  '(?:[T ][0-2][0-9]:[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]{1,9})?)?(?: ?[AaPp][Mm])?(?:Z|[+-][0-2][0-9]:?[0-5][0-9])?)?'
/** A date without a year or without a day, only where all dates are asked for. */
const PARTS = [`${DAY}[ -]${MONTH}`, `${MONTH}[ -](?:${YEAR}|[0-9]{2})`]

/** `matchAll` reads from copies of these, so they have no state. */
const BIRTH_DATE = shapeOf(`${DATES.join('|')}|${YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])`)
const DATE_OR_TIME = shapeOf(`(?:${DATES.join('|')})${TIME}|${PARTS.join('|')}`)

export interface DateSpan {
  readonly start: number
  readonly end: number
}

/** Dates with day, month and year in a text of one character for each byte, in the usual notations. */
export function birthDates(text: string): readonly DateSpan[] {
  return spans(text, BIRTH_DATE)
}

/** Dates, with a time that follows, or parts of them. */
export function datesAndTimes(text: string): readonly DateSpan[] {
  return spans(text, DATE_OR_TIME)
}

function shapeOf(alternatives: string): RegExp {
  return new RegExp(`${BEFORE}(?:${alternatives})${AFTER}`, 'gi')
}

function spans(text: string, shape: RegExp): readonly DateSpan[] {
  return Array.from(text.matchAll(shape), ({ index, 0: match }) => ({ start: index, end: index + match.length }))
}
