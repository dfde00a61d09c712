import type { JsonObject } from '../base/json.ts'
import { isoMicros } from '../audit/iso-time.ts'
import { jsonOf } from '../recording/print.ts'
import { printQuery } from './print-query.ts'
import type { Query, QueryMistake } from './query.ts'
import type { Answer, Hit, Looked } from './result.ts'

/** An answer as the command and the API give it. */
export function answerJson(
  { found, hits }: Answer,
  { query, zone }: { readonly query: Query; readonly zone: string },
): JsonObject {
  return {
    query: printQuery(query),
    zone,
    hits: hits.map(hitJson),
    next: found.next,
    count: found.count && { ...found.count },
    facets:
      found.facets.length === 0
        ? undefined
        : Object.fromEntries(
            found.facets.map(({ field, values, of, exact }) => [
              field,
              { values: values.map((one) => ({ ...one })), of, exact },
            ]),
          ),
    histogram: found.histogram?.map(({ from, n }) => ({ from: isoMicros(from), n })),
    histogram_exact: found.histogram === undefined ? undefined : found.histogramExact,
    indexed_upto: found.indexedUpto,
    indexed_until: found.indexedUntil === undefined ? undefined : isoMicros(found.indexedUntil),
    scanned: found.scanned,
    without_words: found.withoutWords === 0 ? undefined : found.withoutWords,
    looked: found.looked && { ...found.looked, says: lookedText(found.looked, `before=${found.next}`) },
    days: { ...found.days },
    broken: found.broken.length === 0 ? undefined : [...found.broken],
  }
}

/** How far a search came that reads records; `next` is what to ask for the rest. */
export function lookedText({ all, at, locked, of }: Looked, next: string): string {
  const [some, records] = [at, of ?? at].map((n) => n.toLocaleString('en-US'))
  const closed = locked === undefined ? '' : `, ${locked} more are encrypted and stayed closed`
  if (all) return `looked at ${some} records${closed}`
  return `looked at ${some} of ${records} records${closed}, then time was up; go on with ${next}`
}

function hitJson(hit: Hit): JsonObject {
  if (hit.kind === 'disagrees') return { seq: hit.seq, integrity: { state: hit.why } }
  const { text, marks } = hit.snippet
  return { ...jsonOf(hit.record, { bodies: true }), snippet: { text, marks: marks.map((mark) => [...mark]) } }
}

/** What is wrong with a query, for programs. */
export function mistakesJson(mistakes: readonly QueryMistake[]): JsonObject {
  return { mistakes: mistakes.map(({ span, message, suggestion }) => ({ span: { ...span }, message, suggestion })) }
}

/** For people: the query with a mark below the place, what is wrong, and what to write. */
export function mistakeLines(text: string, mistakes: readonly QueryMistake[]): readonly string[] {
  return mistakes.flatMap(({ span, message, suggestion }) => {
    const from = Math.max(0, span.start - CONTEXT)
    const width = Math.max(1, Math.min(span.end, from + 2 * CONTEXT) - span.start)
    return [
      `  ${text.slice(from, from + 2 * CONTEXT)}`,
      `  ${' '.repeat(span.start - from)}${'^'.repeat(width)} ${message}${suggestion === undefined ? '' : `; ${suggestion}`}`,
    ]
  })
}

const CONTEXT = 60
