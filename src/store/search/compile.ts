import { stringifyJson } from '../../base/json.ts'
import { Authorised, maySee, type Viewer } from '../../search/authorise.ts'
import { isNumberField, isTimeField, isValueField, type ValueField } from '../../search/fields.ts'
import { valueTest } from '../../search/matches.ts'
import type { Query, Test, Words } from '../../search/query.ts'
import { type Aspect, aspectOf, type AspectValues, LETTER } from './aspects.ts'
import { allOf, anyOf, type Condition, noneOf } from './condition.ts'
import { uidOf } from './schema.ts'

/** The values that one partition has. */
export interface Dictionary {
  /** Numbers of the sets for which `test` holds. */
  find(aspect: Aspect, test: (set: AspectValues) => boolean): readonly number[]
}

/**
 * What a query means in one partition. The rights of the viewer are part of it before anything else is: there is no other way
 * in. Text of people goes into an expression as words of letters and digits in quotes, numbers are bound.
 */
export function compile(authorised: Authorised, dictionary: Dictionary): Condition {
  Authorised.check(authorised)
  return allOf([rights(authorised.viewer, dictionary), compileQuery(authorised.query, dictionary)])
}

function rights(viewer: Viewer, dictionary: Dictionary): Condition {
  if (viewer.sees === 'all') return { kind: 'every' }
  return anyOf(
    (['actor', 'conn'] as const).map((aspect) =>
      oneOfSets(
        aspect,
        dictionary.find(aspect, (set) => maySee(viewer, set)),
      ),
    ),
  )
}

function compileQuery(query: Query, dictionary: Dictionary): Condition {
  switch (query.kind) {
    case 'all':
      return { kind: 'every' }
    case 'and':
      return allOf(query.items.map((item) => compileQuery(item, dictionary)))
    case 'or':
      return anyOf(query.items.map((item) => compileQuery(item, dictionary)))
    case 'not':
      return noneOf(compileQuery(query.item, dictionary))
    case 'words':
      return { kind: 'match', expression: phrase(query.find) }
    case 'field':
      return compileField(query.field, query.test, dictionary)
  }
}

function phrase({ words, prefix }: Words): string {
  return `t : "${words.join(' ').replaceAll('"', '')}"${prefix ? ' *' : ''}`
}

function compileField(
  field: Extract<Query, { kind: 'field' }>['field'],
  test: Test,
  dictionary: Dictionary,
): Condition {
  if (isTimeField(field)) return test.is === 'time' ? between('ev.ts', test.from, before(test.to)) : { kind: 'none' }
  if (test.is === 'number')
    return between(COLUMNS[isNumberField(field) ? field : 'status'], test.low, test.high, field === 'seq' ? 1 : 0)
  if (!isValueField(field) || test.is !== 'value') return { kind: 'none' }
  if (field === 'id') return { kind: 'column', sql: 'ev.uid = ?', values: [uidOf(test.value.toLowerCase()) ?? -1] }
  const aspect = aspectOf(field)
  return aspect === undefined ? { kind: 'none' } : oneOfSets(aspect, setsWith(aspect, field, { test, dictionary }))
}

/** `rid` is seq + 1. */
const COLUMNS = {
  seq: 'ev.rid',
  rows: 'ev.entries',
  bytes: 'ev.bytes',
  latency: 'ev.latency',
  status: 'ev.status',
} as const

function before(time: number | undefined): number | undefined {
  return time === undefined ? undefined : time - 1
}

function between(column: string, low: number | undefined, high: number | undefined, add = 0): Condition {
  const range = [low ?? Number.MIN_SAFE_INTEGER, high ?? Number.MAX_SAFE_INTEGER] as const
  return {
    kind: 'column',
    sql: `${column} BETWEEN ? AND ?`,
    values: range.map((bound) => bound + (Number.isSafeInteger(bound + add) ? add : 0)),
  }
}

function setsWith(
  aspect: Aspect,
  field: ValueField,
  { test, dictionary }: { test: Test; dictionary: Dictionary },
): readonly number[] {
  const holds = valueTest(field, test)
  return dictionary.find(aspect, ({ values }) => holds(values))
}

/** Few sets are words in the index; many are a list that the column is looked up in. */
const WORDS_MAX = 100

function oneOfSets(aspect: Aspect, sets: readonly number[]): Condition {
  if (sets.length === 0) return { kind: 'none' }
  if (sets.length > WORDS_MAX)
    return { kind: 'column', sql: `ev.${aspect} IN (SELECT value FROM json_each(?))`, values: [stringifyJson(sets)] }
  const words = sets.map((id) => `"${LETTER[aspect]}${id}"`)
  return { kind: 'match', expression: words.length === 1 ? `m : ${words.join('')}` : `m : (${words.join(' OR ')})` }
}
