import { describe, expect, it } from 'vitest'
import { encodeUtf8, indexOf } from '../../base/bytes.ts'
import { pathOf } from './locate.ts'
import { Structure } from './structure.ts'

/** Path and text of the innermost token that covers the first place of a mark in the message. */
function found(message: unknown, mark: string): [path: string, text: string, level: number] | undefined {
  const bytes = encodeUtf8(typeof message === 'string' ? message : JSON.stringify(message))
  const start = indexOf(bytes, encodeUtf8(mark))
  expect(start).toBeGreaterThanOrEqual(0)
  const located = Structure.of(bytes)?.locate(start, start + mark.length)
  return located && [pathOf(located), located.structure.text(located.token), located.structure.level]
}

const rows = { rows: [{ id: 1 }, { card: 4111, 'a.b': 'dotted', owner: { 'e-mail': 'joe@example.com' } }] }
const message = { result: { content: [{ type: 'text', text: JSON.stringify(rows) }], structuredContent: rows } }

describe('where something stands', () => {
  it('is a path from the message down, through JSON in texts', () => {
    expect(found(message, '4111')).toEqual(['result.content[0].text#rows[1].card', '4111', 1])
    expect(found(message, 'joe@')).toEqual(['result.content[0].text#rows[1].owner.e-mail', 'joe@example.com', 1])
    expect(found({ result: { structuredContent: rows } }, '4111')).toEqual([
      'result.structuredContent.rows[1].card',
      '4111',
      0,
    ])
  })

  it('goes three texts deep', () => {
    const third = JSON.stringify([{ t: JSON.stringify({ t: JSON.stringify({ t: JSON.stringify(rows) }) }) }])
    expect(found(third, '4111')).toEqual(['[0].t#t#t#rows[1].card', '4111', 3])
  })

  it('puts keys that are no plain words in quotes', () => {
    expect(found(message, 'dotted')?.[0]).toBe('result.content[0].text#rows[1]["a.b"]')
    expect(found({ 'a"b': { '': { '*': 'here' } } }, 'here')?.[0]).toBe(String.raw`["a\"b"][""]["*"]`)
    expect(found({ t: '[["here"]]' }, 'here')?.[0]).toBe('t#[0][0]')
  })

  it('names a key by its value, and the message by nothing', () => {
    expect(found({ a: { secret_key: [1] } }, 'secret_key')).toEqual(['a.secret_key', 'secret_key', 0])
    expect(found('"alone"', 'alone')).toEqual(['', 'alone', 0])
  })

  it('is the text that holds a document where it covers more than one token of that', () => {
    const text = JSON.stringify(rows)
    expect(found({ text }, String.raw`rows\":[`)).toEqual(['text', text, 0])
    expect(found({ text }, String.raw`1},`)).toEqual(['text', text, 0])
    expect(found({ text: 'a [1]' }, '[1]')).toEqual(['text', 'a [1]', 0])
  })

  it('is nowhere between tokens, and where a span leaves its token', () => {
    expect(found('{"a": 12, "b":3}', ', ')).toBeUndefined()
    expect(found('{"a": 12, "b":3}', '2,')).toBeUndefined()
    expect(found('{"a": 12, "b":3}', '{')).toBeUndefined()
  })
})
