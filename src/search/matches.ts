import { nameGlob } from '../base/name-glob.ts'
import type { SearchDocument, Values } from './document.ts'
import { isNumberField, isTimeField, isValueField, type ValueField } from './fields.ts'
import { contains, readNetwork } from './network.ts'
import type { Query, Test } from './query.ts'
import { asksForRegex, hasRegex } from './regex.ts'
import { fold, hasWords, wordsOf } from './words.ts'

/**
 * Whether a record is what was asked for: the meaning of a query, which every index has to agree with. Where a regular expression
 * is asked for and the text cannot be read, nobody can tell, so it is not, with NOT neither.
 */
export function matches(query: Query, document: SearchDocument): boolean {
  if (document.gone && asksForRegex(query)) return false
  let words: readonly string[] | undefined
  const test = (one: Query): boolean => {
    switch (one.kind) {
      case 'all':
        return true
      case 'and':
        return one.items.every(test)
      case 'or':
        return one.items.some(test)
      case 'not':
        return !test(one.item)
      case 'words':
        words ??= wordsOf(document.text)
        return hasWords(words, one.find)
      case 'regex':
        return hasRegex(one, document.text)
      case 'field':
        return hasField(one.field, one.test, document)
    }
  }
  return test(query)
}

function hasField(field: Extract<Query, { kind: 'field' }>['field'], test: Test, document: SearchDocument): boolean {
  if (isTimeField(field)) return test.is === 'time' && inTime(document.time, test)
  if (test.is === 'number')
    return inRange(isNumberField(field) ? document.numbers[field] : document.numbers.status, test)
  return isValueField(field) && valueTest(field, test)(document.values)
}

/** Only what is at or after the beginning and before the end: `during` has both. */
function inTime(time: number, { from, to }: Extract<Test, { is: 'time' }>): boolean {
  return (from === undefined || time >= from) && (to === undefined || time < to)
}

function inRange(value: number | undefined, { low, high }: Extract<Test, { is: 'number' }>): boolean {
  return value !== undefined && value >= (low ?? -Infinity) && value <= (high ?? Infinity)
}

/** Tests the values of a field; made once for a query, used on many records. */
export function valueTest(field: ValueField, test: Test): (values: Values) => boolean {
  if (test.is !== 'value') return () => false
  const one = field === 'ip' ? ipTest(test) : textTest(test)
  return (values) => values[field]?.some(one) === true
}

function textTest({ value, by }: Extract<Test, { is: 'value' }>): (text: string) => boolean {
  switch (by) {
    case 'exact':
      return (text) => text === value
    case 'folded':
      return (text) => text === value || fold(text) === value
    case 'glob': {
      const glob = nameGlob(value)
      return (text) => glob(fold(text))
    }
  }
}

function ipTest(test: Extract<Test, { is: 'value' }>): (text: string) => boolean {
  const network = readNetwork(test.value)
  return network === undefined ? textTest(test) : (text) => contains(network, text)
}
