import { describe, expect, it } from 'vitest'
import { decodeUtf8, encodeUtf8, fromBase64, toBase64 } from '../base/bytes.ts'
import { maskMessage } from './engine.ts'
import { knownOf } from './masked-passage.ts'
import { makeRuleSet } from './rule-set.ts'
import { Scanners } from './scanners.ts'
import { REDACTING } from './surrogates/book.ts'
import { textsOf } from './texts.ts'
import { toldOf } from './told.ts'

/** Masks a message of which an outside detector tells these words, wherever they stand for themselves in a line that has `line` in it. */
function setUp(message: string, names: readonly string[], line: string): string {
  const bytes = encodeUtf8(message)
  const texts = textsOf(bytes)
  const findings = texts.map((text) =>
    names.flatMap((name) => {
      const at = text.indexOf(line)
      const start = text.indexOf(name, at)
      return at < 0 || start < 0 ? [] : [{ entity: 'PERSON', start, end: start + name.length }]
    }),
  )
  const rules = makeRuleSet({ profile: 'default', side: 'results', terms: [], own: [] })
  const told = knownOf(toldOf(texts, findings), { rules })
  expect(told.length).toBeGreaterThan(0)
  const asked = {
    scanner: new Scanners([]).for(rules),
    rules,
    book: REDACTING,
    restored: [],
    schema: undefined,
    told,
  } as const
  const masked = maskMessage(bytes, { ...asked, binary: 'pass' })
  expect(masked.kind).toBe('changed')
  return masked.kind === 'changed' ? decodeUtf8(masked.bytes) : ''
}

const HIDDEN = 'redacted:person_name'

describe('a name that an outside detector told', () => {
  it.each(['Ann', 'Bo', 'Will', 'Li'])('is hidden as a whole word, however short or common: %s', (name) => {
    const text = `Yesterday ${name} was here, Annika and Boris not; Liam neither. I will ask ${name}'s team.`
    const message = JSON.stringify({ result: { text } })
    expect(setUp(message, [name], 'Yesterday')).toBe(
      JSON.stringify({ result: { text: text.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), HIDDEN) } }),
    )
  })

  it('is hidden in the text of a resource and in keys', () => {
    const blob = toBase64(encodeUtf8('Yesterday Ann Lee was here'))
    const message = JSON.stringify({ result: { contents: [{ uri: 'a:b', blob }], rows: { 'Yesterday Bo Ek too': 1 } } })
    const masked = JSON.parse(setUp(message, ['Ann Lee', 'Bo Ek'], 'Yesterday'))
    expect(decodeUtf8(fromBase64(masked.result.contents[0].blob) ?? new Uint8Array())).toBe(
      `Yesterday ${HIDDEN} was here`,
    )
    expect(Object.keys(masked.result.rows)[0]).not.toContain('Bo Ek')
  })

  it('is left where it may be something else', () => {
    const message = JSON.stringify({ Bo: 1, unit: 'Bo is a unit', text: 'We met Bo in May.' })
    expect(setUp(message, ['Bo'], 'We met')).toBe(
      JSON.stringify({ Bo: 1, unit: 'Bo is a unit', text: `We met ${HIDDEN} in May.` }),
    )
  })

  it('is hidden in the line that it stands in, in a text in a text and in a text that is no JSON', () => {
    const inner = JSON.stringify({ note: 'first line\nAnn called\nlast' })
    expect(setUp(JSON.stringify({ text: inner }), ['Ann'], 'Ann called')).toContain(`${HIDDEN} called`)
    expect(setUp('Note: Ann called.', ['Ann'], 'Note')).toBe(`Note: ${HIDDEN} called.`)
  })

  it('is hidden with all of its text where it is written in escapes', () => {
    const escaped = String.raw`{"text":"We met \u0042\u006f in May."}`
    expect(setUp(escaped, ['Bo'], 'We met')).toBe(JSON.stringify({ text: HIDDEN }))
  })

  it('is hidden everywhere where it is long enough to be nothing else', () => {
    const message = JSON.stringify({ a: 'Yesterday Annabel was here.', b: 'Annabel' })
    expect(setUp(message, ['Annabel'], 'Yesterday')).toBe(
      JSON.stringify({ a: `Yesterday ${HIDDEN} was here.`, b: HIDDEN }),
    )
  })
})
