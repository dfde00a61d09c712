import { isNoValue } from './no-values.ts'
import type { Demand } from './words.ts'

/** Sentences without spaces. */
export const CJK = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u
const UNIT =
  /^[<>~]?\d+(?:[.,]\d+)*[-+]?(?:bits?|bytes?|chars?|days?|hours?|minutes?|seconds?|weeks?|months?|years?|[kmg]i?b|x|st|nd|rd|th|ms|s|m|h|d|px|%)?$/i
const TIME = /^\d{1,4}[-/.:]\d{1,2}[-/.:]\d{1,4}(?:T[\d:.Z+-]*)?$|^\d{1,2}:\d{2}$/
const VERSION = /^v?\d+(?:\.\d+)+(?:[-+][\w.]+)?$/
/** Digits of one password or pin that stands in a sentence. */
const LONG_NUMBER = 6

/** Keys of tickets and numbers of issues. */
const TICKET = /^(?:[#@]?[A-Z]{1,6}-\d+|[#@]\d+)$/
const PIN = /^\d[\d -]{1,6}\d$/
const TOLD: readonly RegExp[] = [CJK, TIME, VERSION, TICKET, /^https?:/]

/** Whether a word of a sentence can only be a value: it has digits or signs that words of languages do not have. */
export function isStrict(word: string, demand: Demand): boolean {
  const value = word.replaceAll(/^["'`“‘«]+|["'`”’»]+$/g, '')
  if (demand === 'pin') return PIN.test(value)
  if (value.length < 4 || isNoValue(value) || TOLD.some((shape) => shape.test(value))) return false
  if (/^\d+$/.test(value)) return value.length >= LONG_NUMBER
  if (UNIT.test(value)) return false
  if (/\d/.test(value)) return /[A-Za-z!@$%^&*_+=~]/.test(value)
  return /[!@#$%^&*+=~]/.test(value.slice(0, -1)) && !value.includes('@')
}
