import { isValueField, fieldNamed, VALUE_FIELDS, type ValueField } from '../search/fields.ts'
import { HIT_LIMIT_MAX, type Wanted } from '../search/result.ts'
import { isTimeZone } from '../base/wall-clock.ts'

/** What may be asked besides the query, by the command and by the API alike; texts as they were typed. */
export interface SearchTexts {
  readonly limit?: string | undefined
  readonly before?: string | undefined
  readonly facets?: string | undefined
  readonly histogram?: string | undefined
  readonly zone?: string | undefined
  readonly count?: boolean | undefined
}

export interface SearchTerms {
  readonly limit: number
  readonly before: number | undefined
  readonly zone: string
  readonly want: Wanted
}

const LIMIT = 50

/** Reads them; a text that means nothing is a sentence about it. */
export function readSearchTexts(texts: SearchTexts, zone: string): SearchTerms | string {
  const limit = numberOf(texts.limit) ?? LIMIT
  const before = numberOf(texts.before)
  const facets = readFacets(texts.facets)
  const { histogram } = texts
  if (!(limit <= HIT_LIMIT_MAX)) return `limit is a number from 0 to ${HIT_LIMIT_MAX}.`
  if (Number.isNaN(before)) return 'before is the number of a record.'
  if (histogram !== undefined && histogram !== 'hour' && histogram !== 'day') return 'histogram is hour or day.'
  if (!isTimeZone(texts.zone ?? zone))
    return `There is no time zone "${texts.zone ?? zone}". For example: Europe/Berlin.`
  if (typeof facets === 'string') return facets
  return { limit, before, zone: texts.zone ?? zone, want: { count: texts.count === true, facets, histogram } }
}

/** NaN for what is no number. */
function numberOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  return /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
}

/** `id` and `session` have as many values as there are records, so nobody is helped by a list of them. */
function readFacets(text: string | undefined): ValueField[] | string {
  const fields: ValueField[] = []
  for (const typed of (text ?? '').split(',').filter((name) => name !== '')) {
    const field = fieldNamed(typed)
    if (field === undefined || !isValueField(field) || field === 'id')
      return `There is no facet "${typed}". There are: ${VALUE_FIELDS.filter((name) => name !== 'id').join(', ')}.`
    fields.push(field)
  }
  return [...new Set(fields)]
}
