import type { Query, Test, Words } from './query.ts'

/** The normal form: reads as the same query again, so that what was searched can be shown, linked and repeated. */
export function printQuery(query: Query): string {
  switch (query.kind) {
    case 'all':
      return '*'
    case 'and':
      return query.items.map((item) => (item.kind === 'or' ? `(${printQuery(item)})` : printQuery(item))).join(' ')
    case 'or':
      return query.items.map(printQuery).join(' OR ')
    case 'not':
      return isCompound(query.item) ? `-(${printQuery(query.item)})` : `-${printQuery(query.item)}`
    case 'words':
      return printWords(query.find)
    case 'regex':
      return `/${query.pattern.replaceAll(/\\.|\//gs, (found) => (found === '/' ? '\\/' : found))}/`
    case 'field':
      return `${query.field}${printTest(query.test, query.field === 'latency' ? 'us' : '')}`
  }
}

function isCompound(query: Query): boolean {
  return query.kind === 'and' || query.kind === 'or' || query.kind === 'not'
}

const KEYWORDS: readonly string[] = ['or', 'and', 'not']

function printWords({ words, prefix }: Words): string {
  if (prefix) return `${words.join('-')}*`
  const text = words.join(' ')
  return words.length > 1 || KEYWORDS.includes(text) ? `"${text}"` : text
}

function printTest(test: Test, unit: string): string {
  switch (test.is) {
    case 'value':
      return `${test.by === 'exact' ? ':=' : ':'}${test.by === 'glob' ? test.value : quoteIfNeeded(test.value)}`
    case 'time':
      return `:${quoteIfNeeded(test.text)}`
    case 'number': {
      const low = test.low === undefined ? '' : `${test.low}${unit}`
      const high = test.high === undefined ? '' : `${test.high}${unit}`
      if (low === high) return `:${low}`
      if (low === '') return `:<=${high}`
      return high === '' ? `:>=${low}` : `:${low}..${high}`
    }
  }
}

function quoteIfNeeded(value: string): string {
  return /[\s()"*\\]/.test(value) || value === '' ? `"${value.replaceAll(/["\\]/g, (unit) => `\\${unit}`)}"` : value
}
