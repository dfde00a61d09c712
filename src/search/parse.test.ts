import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FIELD_NAMES } from './fields.ts'
import { parseQuery } from './parse.ts'
import { printQuery } from './print-query.ts'
import type { QueryMistake } from './query.ts'
import { TIME_FORMS } from './times.ts'

const RE2 = 'see github.com/google/re2/wiki/Syntax; a backslash makes a sign stand for itself'
const TIMES = `for example after:-1h; times are ${TIME_FORMS}`
// 2026-11-26T12:00:00Z
const MOMENT = { now: 1_795_694_400_000_000, zone: 'Europe/Berlin' }

describe('a query in its normal form', () => {
  it.each([
    ['', '*'],
    ['*', '*'],
    ['refund', 'refund'],
    ['Müller', 'muller'],
    ['refund incident', 'refund incident'],
    ['refund AND incident', 'refund incident'],
    ['refund or incident', 'refund OR incident'],
    ['a b or c d', 'a b OR c d'],
    ['a (b or c) d', 'a (b OR c) d'],
    ['((a))', 'a'],
    ['-a not b', '-a -b'],
    ['-(a or b)', '-(a OR b)'],
    ['"or"', '"or"'],
    ['drop_table', '"drop table"'],
    ['drop-tab*', 'drop-tab*'],
    ['"drop table"', '"drop table"'],
    ['text:"drop table"', '"drop table"'],
    ['who:Alice@Example.com', 'who:alice@example.com'],
    ['USER:alice', 'who:alice'],
    ['who:=Alice', 'who:=Alice'],
    ['tool:query*', 'tool:query*'],
    ['tool:"query*"', 'tool:"query*"'],
    ['connection:(a OR b)', 'connection:a OR connection:b'],
    ['label:env=prod', 'label:env=prod'],
    ['kind:intent decision:DENY', 'kind:intent decision:deny'],
    ['rows:10..20', 'rows:10..20'],
    ['rows:>10', 'rows:>=11'],
    ['bytes:>=1KiB', 'bytes:>=1024'],
    ['latency:>250ms', 'latency:>=250001us'],
    ['latency:<1.5s', 'latency:<=1499999us'],
    ['status:ok', 'status:ok'],
    ['status:404', 'status:404'],
    ['status:>=500', 'status:>=500'],
    ['after:2026-11-01 before:-1h', 'after:2026-11-01 before:-1h'],
    ['during:"2026-11-01 10:00"', 'during:"2026-11-01 10:00"'],
    [
      'who:alice tool:query decision:deny "drop table" -(server:staging or is:masked)',
      'who:alice tool:query decision:deny "drop table" -(server:staging OR is:masked)',
    ],
    ['12:30', '"12 30"'],
    ['/drop\\s+table/', '/drop\\s+table/'],
    ['/a b|c "d" (e)/ f', '/a b|c "d" (e)/ f'],
    ['/etc\\/passwd/', '/etc\\/passwd/'],
    ['/a\\\\/', '/a\\\\/'],
    ['-/x/ or (not /y/ who:z)', '-/x/ OR -/y/ who:z'],
    ['-(/x/ or y)', '-(/x/ OR y)'],
    ['/(a+)+$/', '/(a+)+$/'],
  ])('%s is %s', (text, normal) => {
    expect(normalOf(text)).toBe(normal)
    expect(normalOf(normal)).toBe(normal)
  })

  it('means the same when it is read again, for whatever can be read', () => {
    fc.assert(
      fc.property(queryText(), (text) => {
        const parsed = parseQuery(text, MOMENT)
        if (parsed.kind === 'mistakes') return
        const again = parseQuery(printQuery(parsed.query), MOMENT)
        expect(withoutSpans(again)).toEqual(withoutSpans(parsed))
      }),
      { numRuns: 3000 },
    )
  })
})

describe('a mistake in a query', () => {
  it.each<[string, string, string, string]>([
    ['sever:staging', 'there is no field "sever"', 'server:', 'sever'],
    ['usr:alice', 'there is no field "usr"', 'user:', 'usr'],
    [
      'http://example.com',
      'there is no field "http"',
      'to find it in the text, write "http://example.com" in quotes',
      'http',
    ],
    ['a "b c', 'this quote is never closed', 'add " where it ends', '"b c'],
    ['(a b', 'this ( is never closed', 'add ) at the end, or put it in quotes', '('],
    ['a) b', 'there is no ( that this ) closes', 'put it in quotes, or leave it out', ')'],
    ['decision:denied', 'decision is never "denied"', 'decision:deny', 'denied'],
    ['kind:intnet', 'kind is never "intnet"', 'kind:intent', 'intnet'],
    [
      'is:green',
      'is is never "green"',
      'one of: masked, denied, error, approved, truncated, erased, held, shadow',
      'green',
    ],
    ['rows:many', '"many" is no number', 'for example rows:10..20', 'many'],
    ['latency:>fast', '"fast" is no duration', 'for example latency:>250ms', 'fast'],
    ['after:tomorow', '"tomorow" is no time', TIMES, 'tomorow'],
    ['after:2026-02-30', '"2026-02-30" is no time', TIMES, '2026-02-30'],
    ['who:>alice', 'who is no number, so it cannot be compared by >', 'who:alice', 'alice'],
    ['who:', 'who has no value', 'write who:VALUE without a space', 'who:'],
    ['dr*p', 'in the text * stands only at the end of a word', 'drp*', 'dr*p'],
    ['---', 'there is nothing to leave out here', 'write the word right after it', '-'],
    ['"!?"', 'there is no letter and no digit to search for in this', '', '"!?"'],
    [
      '/etc/passwd',
      'something stands right behind this regular expression',
      'as text, write "/etc/passwd" in quotes; in the expression, \\/ for a slash',
      '/etc/passwd',
    ],
    [
      'a /usr',
      'this regular expression is never closed',
      'add / where it ends; to find a path as text, put it in quotes',
      '/usr',
    ],
    [
      'a /b\\/ c',
      'this regular expression is never closed',
      'add / where it ends; to find a path as text, put it in quotes',
      '/b\\/ c',
    ],
    ['// a', 'there is nothing in this regular expression', RE2, '//'],
    ['a / / b', 'there is nothing in this regular expression', RE2, '/ /'],
    ['/a(/ b', 'this is no regular expression of RE2: missing closing ): `a(`', RE2, '/a(/'],
    ['/x{5000}/', 'this is no regular expression of RE2: invalid repeat count: `{5000}`', RE2, '/x{5000}/'],
    [
      '/(?=a)b/',
      'this is no regular expression of RE2: invalid or unsupported Perl syntax: `(?=`',
      'RE2 has no look-around and no back-references, so that no text can make it slow',
      '/(?=a)b/',
    ],
    [`/${'a'.repeat(501)}/`, 'this regular expression is longer than 500 characters', RE2, `/${'a'.repeat(501)}/`],
    ['/x{400}/', 'this is too large a regular expression', 'write less, or smaller numbers in {}', '/x{400}/'],
    ['/x{60}/ OR /y{60}/', 'this is too large a regular expression', 'write less, or smaller numbers in {}', '/y{60}/'],
    ['tool:(a b)', 'values in brackets are alternatives', 'write OR between them', 'b'],
  ])('%s', (text, message, suggestion, place) => {
    const [mistake] = mistakesIn(text)
    expect(mistake?.message).toBe(message)
    expect(mistake?.suggestion ?? '').toBe(suggestion)
    expect(text.slice(mistake?.span.start, mistake?.span.end)).toBe(place)
  })

  it('does not hide the next one', () => {
    expect(mistakesIn('sever:a rows:many').map(({ message }) => message)).toEqual([
      'there is no field "sever"',
      '"many" is no number',
    ])
  })

  it.each([
    ['a text that is too long', 'a '.repeat(3000)],
    ['brackets within brackets', '('.repeat(500)],
    ['negations of negations', '-'.repeat(500).concat('a')],
    ['too many terms', 'a '.repeat(201)],
  ])('%s', (_, text) => {
    expect(mistakesIn(text).length).toBeGreaterThan(0)
    expect(mistakesIn(text).length).toBeLessThan(10)
  })

  it('is never an exception, and always inside the text', () => {
    fc.assert(
      fc.property(fc.oneof(queryText(), fc.string(), fc.string({ unit: 'binary' })), (text) => {
        for (const { span } of mistakesIn(text)) {
          expect(span.start).toBeGreaterThanOrEqual(0)
          expect(span.end).toBeLessThanOrEqual(Math.max(text.length, span.start))
        }
      }),
      { numRuns: 10_000 },
    )
  })
})

/** Pieces that mean something, in any order. */
function queryText(): fc.Arbitrary<string> {
  const value = fc.constantFrom(
    'alice',
    'a*',
    '"b c"',
    '10',
    '10..20',
    '-1h',
    'today',
    '2026-11-01',
    '5ms',
    '"',
    '(a OR b)',
    '\\',
    '".."',
    'ok',
  )
  const field = fc
    .tuple(fc.constantFrom(...FIELD_NAMES, 'nope'), fc.constantFrom(':', ':=', ':>', ':<='), value)
    .map((parts) => parts.join(''))
  const word = fc.constantFrom(
    'drop',
    'Tab*',
    '"a b"',
    'x-y',
    'É',
    'or',
    'and',
    'not',
    '*',
    '/a+/',
    '/a\\/b/',
    '/',
    '/(/',
  )
  const piece = fc.oneof(field, word, fc.constantFrom('(', ')', '-', ' ', 'OR', 'AND', 'NOT'))
  return fc
    .array(piece, { maxLength: 12 })
    .chain((pieces) => fc.constantFrom(' ', '').map((between) => pieces.join(between)))
}

function normalOf(text: string): string {
  const parsed = parseQuery(text, MOMENT)
  return parsed.kind === 'query' ? printQuery(parsed.query) : JSON.stringify(parsed.mistakes)
}

function mistakesIn(text: string): readonly QueryMistake[] {
  const parsed = parseQuery(text, MOMENT)
  return parsed.kind === 'mistakes' ? parsed.mistakes : []
}

function withoutSpans(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, inner: unknown) => (['span', 'compiled'].includes(key) ? undefined : inner)),
  )
}
