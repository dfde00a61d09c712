import { parseBytes } from '../base/units.ts'
import { CLOSED, type FieldName, isNumberField, isTimeField } from './fields.ts'
import { nearest } from './nearest.ts'
import type { Moment, Test } from './query.ts'
import { readTime, type Stretch, TIME_FORMS } from './times.ts'
import { fold } from './words.ts'

/** `:` and its relatives. */
export type Operator = ':' | ':=' | ':>' | ':>=' | ':<' | ':<='

export function operatorOf(text: string | undefined): Operator {
  switch (text) {
    case ':=':
    case ':>':
    case ':>=':
    case ':<':
    case ':<=':
      return text
    case undefined:
    default:
      return ':'
  }
}

export interface Written {
  readonly field: FieldName
  readonly operator: Operator
  readonly value: string
  /** In quotes everything stands for itself. */
  readonly quoted: boolean
}

export interface Unread {
  readonly message: string
  readonly suggestion?: string | undefined
}

/** What a value means for its field, or what is wrong with it. */
export function readValue(written: Written, moment: Moment): Test | Unread {
  const { field, operator, value } = written
  if (isTimeField(field))
    return operator === ':' ? timeTest(written, moment) : { message: `${field} is written ${field}:TIME` }
  if (isNumberField(field) || isHttpStatus(written)) return numberTest(written)
  if (!compares(operator)) return valueTest(written)
  const message = `${field} is no number, so it cannot be compared by ${operator.slice(1)}`
  return { message, suggestion: `${field}:${value}` }
}

/** `status` is a word of ours or a number of HTTP. */
function isHttpStatus({ field, operator, value }: Written): boolean {
  return field === 'status' && (compares(operator) || /^\d*(\.\.)?\d+(\.\.)?$/.test(value))
}

function valueTest({ field, operator, value, quoted }: Written): Test | Unread {
  if (operator === ':=') return closed(field, value) ?? { is: 'value', value, by: 'exact' }
  if (!quoted && value.includes('*')) return { is: 'value', value: fold(value), by: 'glob' }
  return closed(field, fold(value)) ?? { is: 'value', value: fold(value), by: 'folded' }
}

function compares(operator: Operator): boolean {
  return operator !== ':' && operator !== ':='
}

/** A value that no record can ever have is a mistake, where all are known. */
function closed(field: FieldName, value: string): Unread | undefined {
  const values = CLOSED[field]
  if (values === undefined || values.includes(value)) return undefined
  const near = nearest(value, values)
  const suggestion = near === undefined ? `one of: ${values.join(', ')}` : `${field}:${near}`
  return { message: `${field} is never "${value}"`, suggestion }
}

function numberTest(written: Written): Test | Unread {
  const { field, operator, value } = written
  const range = rangeOf(value)
  const number = range === undefined ? readNumber(field, value) : undefined
  const test = range === undefined ? compared(operator, number) : numbersBetween(written, range)
  if (test !== undefined) return test
  const example = EXAMPLES[field] ?? `${field}:>=500`
  return { message: `"${value}" is no ${NOUNS[field] ?? 'number'}`, suggestion: `for example ${example}` }
}

function numbersBetween({ field, operator }: Written, range: readonly [string, string]): Test | undefined {
  const [low, high] = range.map((bound) => (bound === '' ? undefined : (readNumber(field, bound) ?? 'unread')))
  if (low === 'unread' || high === 'unread' || compares(operator)) return undefined
  return low === undefined && high === undefined ? undefined : { is: 'number', low, high }
}

function compared(operator: Operator, number: number | undefined): Test | undefined {
  if (number === undefined) return undefined
  switch (operator) {
    case ':':
    case ':=':
      return { is: 'number', low: number, high: number }
    case ':>':
      return { is: 'number', low: number + 1, high: undefined }
    case ':>=':
      return { is: 'number', low: number, high: undefined }
    case ':<':
      return { is: 'number', low: undefined, high: number - 1 }
    case ':<=':
      return { is: 'number', low: undefined, high: number }
  }
}

const NOUNS: Readonly<Partial<Record<FieldName, string>>> = { bytes: 'amount of data', latency: 'duration' }
const EXAMPLES: Readonly<Partial<Record<FieldName, string>>> = {
  bytes: 'bytes:>1MiB',
  latency: 'latency:>250ms',
  rows: 'rows:10..20',
  seq: 'seq:1200..1300',
}

/** In microseconds; a plain number is milliseconds, as people speak of latency. */
const DURATIONS: Readonly<Record<string, number>> = { us: 1, '': 1000, ms: 1000, s: 1e6, m: 60e6, h: 3600e6 }

function readNumber(field: FieldName, text: string): number | undefined {
  if (field === 'bytes' && !/^\d+$/.test(text)) return parseBytes(text)
  if (field !== 'latency') return /^\d{1,15}$/.test(text) ? Number(text) : undefined
  const found = /^(\d{1,12}(?:\.\d{1,6})?)(us|ms|s|m|h)?$/.exec(text.toLowerCase())
  return found === null ? undefined : Math.round(Number(found[1]) * (DURATIONS[found[2] ?? ''] ?? 1))
}

function timeTest({ field, value }: Written, moment: Moment): Test | Unread {
  const range = rangeOf(value)
  if (range !== undefined && field !== 'during')
    return { message: `${field} takes one time`, suggestion: `during:${value}` }
  const [first, last] = range ?? [value, value]
  const [from, to] = [first, last].map((bound) => (bound === '' ? undefined : (readTime(bound, moment) ?? 'unread')))
  if (from === 'unread' || to === 'unread' || (from === undefined && to === undefined))
    return { message: `"${value}" is no time`, suggestion: `for example ${field}:-1h; times are ${TIME_FORMS}` }
  return { is: 'time', ...boundsOf(field, from, to), text: value }
}

function boundsOf(field: FieldName, from: Stretch | undefined, to: Stretch | undefined) {
  if (field === 'after') return { from: from?.from, to: undefined }
  if (field === 'before') return { from: undefined, to: to?.from }
  return { from: from?.from, to: to?.to }
}

function rangeOf(value: string): [string, string] | undefined {
  const at = value.indexOf('..')
  return at < 0 ? undefined : [value.slice(0, at), value.slice(at + 2)]
}
