import { Authorised, maySee, type Viewer } from '../../search/authorise.ts'
import { isNumberField, isTimeField, isValueField, type ValueField } from '../../search/fields.ts'
import { valueTest } from '../../search/matches.ts'
import type { Query, Test, Words } from '../../search/query.ts'
import { fold } from '../../search/words.ts'
import { type Aspect, aspectOf, type AspectValues, LETTER } from './aspects.ts'
import type { ColumnName } from './columns.ts'
import { allOf, anyOf, type Condition, noneOf } from './condition.ts'
import { uidOf } from './schema.ts'

/** The values that one partition has. */
export interface Dictionary {
  /** Numbers of the sets for which `test` holds. Those that it holds for begin, folded, with `beginning` where one is given. */
  find(aspect: Aspect, test: (set: AspectValues) => boolean, beginning?: string): readonly number[]
}

/**
 * What a query means in one partition. The rights of the viewer are part of it before anything else is: there is no other way
 * in. Text of people goes into an expression as words of letters and digits in quotes, numbers are bound.
 */
export function compile(authorised: Authorised, dictionary: Dictionary): Condition {
  return compileFor(authorised, { dictionary, hasWords: true, isWide: true })
}

/**
 * The same for a query whose hits are read and tested one by one: everything that may fit. What the index cannot tell (regular
 * expressions, and words where it has none) is taken to hold, and under NOT not to hold. Rights are exact all the same.
 */
export function compileWide(authorised: Authorised, dictionary: Dictionary, hasWords: boolean): Condition {
  return compileFor(authorised, { dictionary, hasWords, isWide: true })
}

function compileFor(authorised: Authorised, into: Into): Condition {
  Authorised.check(authorised)
  return allOf([rights(authorised.viewer, into.dictionary), compileQuery(authorised.query, into)])
}

interface Into {
  readonly dictionary: Dictionary
  readonly hasWords: boolean
  /** Whether what nobody can tell here holds. */
  readonly isWide: boolean
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

function compileQuery(query: Query, into: Into): Condition {
  switch (query.kind) {
    case 'all':
      return { kind: 'every' }
    case 'and':
      return allOf(query.items.map((item) => compileQuery(item, into)))
    case 'or':
      return anyOf(query.items.map((item) => compileQuery(item, into)))
    case 'not':
      return noneOf(compileQuery(query.item, { ...into, isWide: !into.isWide }))
    case 'words':
      return into.hasWords ? { kind: 'words', expression: phrase(query.find) } : perhaps(into)
    case 'regex':
      return perhaps(into)
    case 'field':
      return compileField(query.field, query.test, into.dictionary)
  }
}

function perhaps({ isWide }: Into): Condition {
  return { kind: isWide ? 'every' : 'none' }
}

function phrase({ words, prefix }: Words): string {
  return `t : "${words.join(' ').replaceAll('"', '')}"${prefix ? ' *' : ''}`
}

function compileField(
  field: Extract<Query, { kind: 'field' }>['field'],
  test: Test,
  dictionary: Dictionary,
): Condition {
  if (isTimeField(field)) return test.is === 'time' ? range('ts', test.from, before(test.to)) : { kind: 'none' }
  if (test.is === 'number')
    return range(COLUMNS[isNumberField(field) ? field : 'status'], test.low, test.high, field === 'seq' ? 1 : 0)
  if (!isValueField(field) || test.is !== 'value') return { kind: 'none' }
  if (field === 'id') {
    const uid = uidOf(test.value.toLowerCase()) ?? -1
    return range('uid', uid, uid)
  }
  const aspect = aspectOf(field)
  return aspect === undefined ? { kind: 'none' } : oneOfSets(aspect, setsWith(aspect, field, { test, dictionary }))
}

/** `rid` is seq + 1. */
const COLUMNS = { seq: 'rid', rows: 'rows', bytes: 'bytes', latency: 'latency', status: 'status' } as const

function before(time: number | undefined): number | undefined {
  return time === undefined ? undefined : time - 1
}

function range(column: ColumnName, low: number | undefined, high: number | undefined, add = 0): Condition {
  return { kind: 'range', column, low: (low ?? -Infinity) + add, high: (high ?? Infinity) + add }
}

function setsWith(
  aspect: Aspect,
  field: ValueField,
  { test, dictionary }: { test: Extract<Test, { is: 'value' }>; dictionary: Dictionary },
): readonly number[] {
  const holds = valueTest(field, test)
  const beginning = fold(test.by === 'glob' ? test.value.replace(/\*.*$/s, '') : test.value)
  return dictionary.find(aspect, ({ values }) => holds(values), beginning)
}

/** So many sets are words for FTS5; more are looked up in the column. */
const WORDS_MAX = 100

function oneOfSets(aspect: Aspect, ids: readonly number[]): Condition {
  if (ids.length === 0) return { kind: 'none' }
  const has = new Uint8Array(ids.reduce((most, id) => Math.max(most, id), 0) + 1)
  for (const id of ids) has[id] = 1
  const words = ids.length > WORDS_MAX ? undefined : ids.map((id) => `"${LETTER[aspect]}${id}"`)
  const expression = words && (words.length === 1 ? `m : ${words.join('')}` : `m : (${words.join(' OR ')})`)
  return { kind: 'sets', aspect, ids, has, expression }
}
