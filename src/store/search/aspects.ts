import { isObject, type JsonObject, parseJson, stringifyJson } from '../../base/json.ts'
import type { SearchDocument, Values } from '../../search/document.ts'
import { VALUE_FIELDS, type ValueField } from '../../search/fields.ts'
import { fold } from '../../search/words.ts'

/**
 * Values that come together: one caller has one set of groups, one connection one set of labels. Each set is written once per
 * partition, and a row has a word of a few letters for it. What a field must be is then decided on the sets, by the very
 * function that decides it on records.
 */
export const ASPECTS = {
  actor: ['who', 'group', 'client', 'agent', 'behalf'],
  address: ['ip'],
  conn: ['connection', 'server', 'label'],
  call: ['tool', 'resource', 'method', 'target'],
  outcome: ['kind', 'decision', 'status', 'is', 'has'],
  verdict: ['stream', 'policy', 'rule', 'approver', 'entity', 'tag'],
  session: ['session'],
  trace: ['trace'],
} as const satisfies Readonly<Record<string, readonly ValueField[]>>

export type Aspect = keyof typeof ASPECTS

/** The place of an aspect here is its number in a partition, so those that are `isLong` come last. */
export const ASPECT_NAMES = [
  'actor',
  'address',
  'conn',
  'call',
  'outcome',
  'verdict',
  'session',
  'trace',
] as const satisfies readonly Aspect[]

/** One value each, and as many of them as there are conversations: looked up where they lie, and never all in memory. */
const LONG = ['session', 'trace'] as const
export const FIRST_LONG = ASPECT_NAMES.indexOf(LONG[0])

export function isLong(aspect: Aspect): aspect is (typeof LONG)[number] {
  return LONG.some((one) => one === aspect)
}

/** First letter of its words in the index. Letters and digits only: one word for the tokenizer. */
export const LETTER: Readonly<Record<Aspect, string>> = {
  actor: 'a',
  address: 'i',
  conn: 'c',
  call: 't',
  outcome: 'o',
  verdict: 'v',
  session: 's',
  trace: 'r',
}

/** One set of values, as the index keeps it. */
export interface AspectValues {
  readonly principal: string | undefined
  readonly values: Values
}

/** Undefined for `id`, which no two records share. */
export function aspectOf(field: ValueField): Aspect | undefined {
  return ASPECT_NAMES.find((aspect) => ASPECTS[aspect].some((one) => one === field))
}

/** The set as a text; undefined where a record has none of those values. */
export function writeAspect(aspect: Aspect, document: SearchDocument): string | undefined {
  if (isLong(aspect)) return writeLong(document.values[aspect]?.[0])
  const { principal, values } = document
  const kept: Record<string, string | readonly string[]> = {}
  for (const field of ASPECTS[aspect]) {
    const value = values[field]
    if (value !== undefined && value.length > 0) kept[field] = value
  }
  if (aspect === 'actor' && principal !== undefined) kept['principal'] = principal
  return Object.keys(kept).length === 0 ? undefined : stringifyJson(kept)
}

/**
 * Tells sets of one aspect apart, for a fifth of what writing them costs: looked up for each record, written once. With lengths,
 * since callers choose some of the values, and no name of a client may make its set that of another caller.
 */
export function aspectKey(aspect: Aspect, { principal, values }: SearchDocument): string {
  let key: string = aspect
  for (const field of ASPECTS[aspect]) {
    const list = values[field] ?? []
    key += ` ${list.length}`
    for (const value of list) key += ` ${value.length}:${value}`
  }
  return aspect === 'actor' ? `${key} ${principal?.length ?? '-'}:${principal ?? ''}` : key
}

/** Begins with the value folded, so that it is found by the beginning of what was asked; behind that, as it was written. */
function writeLong(value: string | undefined): string | undefined {
  if (value === undefined) return undefined
  const folded = fold(value)
  return folded === value && !value.includes('\n') ? value : `${folded}\n${stringifyJson(value)}`
}

function readLong(text: string): string {
  const end = text.lastIndexOf('\n')
  const value = end < 0 ? text : parseJson(text.slice(end + 1))
  return typeof value === 'string' ? value : ''
}

export function readAspect(aspect: Aspect, text: string): AspectValues {
  if (isLong(aspect)) return { principal: undefined, values: { [aspect]: [readLong(text)] } }
  const value = parseJson(text)
  const object: JsonObject = isObject(value) ? value : {}
  const values: { [field in ValueField]?: readonly string[] } = {}
  for (const field of VALUE_FIELDS) {
    const list = object[field]
    if (Array.isArray(list)) values[field] = list.filter((item) => typeof item === 'string')
  }
  const { principal } = object
  return { principal: typeof principal === 'string' ? principal : undefined, values }
}
