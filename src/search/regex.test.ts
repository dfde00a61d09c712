import { expect, it } from 'vitest'
import { type SearchableLog, searchableLog } from '../../test/support/searchable-log.ts'
import { readRecords } from '../store/segments/read-records.ts'
import { documentOf, type SearchDocument } from './document.ts'
import { matches } from './matches.ts'
import { parseQuery } from './parse.ts'
import { snippetOf } from './snippet.ts'

it('is over request, reply and reason, each with a beginning and an end', async () => {
  await using world = await searchableLog([
    {
      time: 1,
      request: 'Drop\ttable users',
      response: '{"text":"3 rows\\nof Straße 7"}',
      reason: 'at night',
      effect: 'deny',
    },
  ])
  const document = await last(world)
  for (const text of [
    '/^drop/',
    '/users$/',
    '/DROP\\s+table/',
    '/^text 3 rows/',
    '/rows\\nof/',
    '/stra.e \\d/',
    '/^at night$/',
  ])
    expect([text, matches(query(text), document)]).toEqual([text, true])
  for (const text of [
    '/users.*rows/',
    '/(?s)users.*rows/',
    '/boundary/',
    '/rows.of/',
    '/strasse/',
    '/^table/',
    '/(?-i)drop/',
  ])
    expect([text, matches(query(text), document)]).toEqual([text, false])
})

it.each(['/(a+)+$/', '/(a|aa)+$/', '/(.*a){12}c/', '/(?:a?){20}a{20}!b/', '/[ab]*a[ab]{60}c/'])(
  '%s takes time in proportion to the text',
  async (text) => {
    await using world = await searchableLog([{ time: 1, request: `${'aab'.repeat(20_000)}!` }])
    expect(matches(query(text), await last(world))).toBe(false)
  },
)

it('of what cannot be read is false, and so is its opposite', async () => {
  await using world = await searchableLog([{ time: 1, who: 'alice', request: 'drop' }])
  const document = { ...(await last(world)), text: '', gone: true }
  for (const text of ['/drop/', '-/drop/', 'who:alice OR /drop/']) expect(matches(query(text), document)).toBe(false)
  expect(matches(query('who:alice'), document)).toBe(true)
})

it('marks what it found, also behind the first text', () => {
  const text = 'one two \u{1F}bodies0boundary\u{1F} three two2'
  const { marks, text: shown } = snippetOf(text, query('/TWO\\d?/ -/one/'))
  expect(marks.map(([from, to]) => shown.slice(from, to))).toEqual(['two', 'two2'])
  expect(shown).toMatch(/^one two · +three two2$/)
  expect(snippetOf('plain', query('/x*/')).marks).toEqual([])
})

async function last({ folder }: SearchableLog): Promise<SearchDocument> {
  let document: SearchDocument | undefined
  for await (const record of readRecords({ folder })) document = documentOf(record)
  if (document === undefined) throw new Error('nothing was recorded')
  return document
}

function query(text: string) {
  const parsed = parseQuery(text, { now: 0, zone: 'UTC' })
  if (parsed.kind === 'mistakes') throw new Error(JSON.stringify(parsed.mistakes))
  return parsed.query
}
