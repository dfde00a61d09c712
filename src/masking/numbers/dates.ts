import { decodeLatin1 } from '../../base/bytes.ts'
import { entityId } from '../entities.ts'
import { areParted } from '../find/borders.ts'
import type { Hit, RunDetector, Sink, WordDetector } from '../find/finding.ts'
import type { View } from '../find/view.ts'
import { ALNUM, DIGIT } from '../scan/bytes-tables.ts'
import { birthDates, datesAndTimes } from './date-shapes.ts'

const DATE_OF_BIRTH = entityId('date_of_birth')
const DATE_TIME = entityId('date_time')
const SCORE_BIRTH = 0.6
const SCORE_DATE = 0.6
/** How far a date may begin before its word or end after it, and how long it may be. */
const NEAR_BYTES = 30
const DATE_BYTES_MAX = 40
const QUOTE = 0x22
const BACKSLASH = 0x5c

/** Words that say that a date is the day when somebody was born. */
export const BIRTH_WORDS = [
  'born',
  'dob',
  'd.o.b',
  'birth',
  'birthday',
  'birthdate',
  'date of birth',
  'geboren',
  'geburtsdatum',
  'geburtstag',
  'geb.',
  'née le',
  'né le',
  'naissance',
  'nacido',
  'nacida',
  'nacimiento',
  'nato il',
  'nata il',
  'nascita',
  'nascido',
  'nascida',
  'nascimento',
  'geboortedatum',
  'geboorte',
  'urodzony',
  'urodzona',
  'urodzenia',
  'född',
  'födelsedatum',
  'doğum',
] as const

const MONTH_STARTS = [
  'jan',
  'feb',
  'mar',
  'apr',
  'may',
  'jun',
  'jul',
  'aug',
  'sep',
  'oct',
  'nov',
  'dec',
  'okt',
  'dez',
  'mai',
  'maj',
  'märz',
  'avr',
  'juin',
  'août',
  'fév',
  'déc',
  'ene',
  'abr',
  'ago',
  'dic',
  'gen',
  'mag',
  'giu',
  'lug',
  'set',
  'ott',
  'fev',
  'out',
  'mei',
] as const

/** "Happy Birthday": a song, an episode, a wish. */
const WISH = /\bhappy $/i
/** Behind the date on which stat(1) says that a file was made. */
const TIME_OF_FILE = /^ \d\d:\d\d:\d\d\.\d{6,9} [+-]\d{4}/

/** A date near a word of birth, in the same text. Keys such as `dob` are the business of key rules. */
export const BIRTH_DATES: WordDetector = {
  words: BIRTH_WORDS,
  verify: ({ view, start, end, word }, sink) => {
    if (!sink.may(DATE_OF_BIRTH, SCORE_BIRTH) || isInWord(view, start, end)) return
    const from = edgeOfText(view, start, -1)
    const to = edgeOfText(view, end, 1)
    sink.spend(to - from)
    const text = textOf(view, from, to)
    if (WISH.test(text.slice(0, start - from))) return
    for (const date of birthDates(text)) {
      const span = { start: from + date.start, end: from + date.end }
      if (areParted(view, { start, end }, span)) continue
      if (BIRTH_WORDS[word] === 'birth' && TIME_OF_FILE.test(text.slice(date.end))) continue
      sink.add({
        entity: DATE_OF_BIRTH,
        ...span,
        score: SCORE_BIRTH,
        by: 'near',
        rule: 'date.birth',
        word: BIRTH_WORDS[word] ?? '',
      })
    }
  },
}

export const DATE_WANT = { entity: DATE_TIME, score: SCORE_DATE }

/** Dates in figures, for whoever asks for all dates. */
export const detectDates: RunDetector = ({ view, start, end }, sink) => {
  if (sink.may(DATE_TIME, SCORE_DATE)) addDates(view, { from: start - 3, to: end }, sink)
}

/** Dates with a month's name. */
export const MONTH_DATES: WordDetector = { words: MONTH_STARTS, verify: verifyMonth }

function verifyMonth({ view, start, end }: Hit, sink: Sink): void {
  if (sink.may(DATE_TIME, SCORE_DATE)) addDates(view, { from: start - 8, to: end + 20 }, sink)
}

/** Dates that begin in the range; a time may follow. */
function addDates(view: View, range: { from: number; to: number }, sink: Sink): void {
  const from = Math.max(0, range.from - 1)
  const to = Math.min(view.bytes.length, range.to + DATE_BYTES_MAX)
  sink.spend(to - from)
  for (const { start, end } of datesAndTimes(textOf(view, from, to))) {
    // One that begins with the window may be the rest of something.
    if ((start === 0 && from > 0) || from + start >= range.to) continue
    sink.add({ entity: DATE_TIME, start: from + start, end: from + end, score: SCORE_DATE, by: 'shape', rule: 'date' })
  }
}

/** The letter of an escape (`\\n`) is part of no date and of no word before one. */
function textOf({ bytes, raw }: View, from: number, to: number): string {
  const text = decodeLatin1(bytes, from, to)
  return raw ? text.replaceAll(/\\[bfnrt]/g, '\\ ') : text
}

/** `stillborn` and `reborn` say nothing of a date; `birth` in `birthplace` and `DOB` in an id neither. */
function isInWord({ bytes }: View, start: number, end: number): boolean {
  const isGlued = ALNUM[bytes[start - 1] ?? 0] === 1 && bytes[start - 2] !== BACKSLASH
  return isGlued || (ALNUM[bytes[end] ?? 0] === 1 && DIGIT[bytes[end] ?? 0] === 0)
}

/** How far the same text goes, at most so many bytes: a quotation mark that no backslash escapes ends it. */
function edgeOfText({ bytes, raw }: View, at: number, step: 1 | -1): number {
  const most = NEAR_BYTES + DATE_BYTES_MAX
  let edge = at
  while (Math.abs(edge - at) < most) {
    const next = step < 0 ? edge - 1 : edge
    if (next < 0 || next >= bytes.length) return edge
    if (raw && bytes[next] === QUOTE && bytes[next - 1] !== BACKSLASH) return edge
    edge += step
  }
  return edge
}
