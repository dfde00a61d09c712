import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../../base/bytes.ts'
import { isMarkBefore, nextMark, nextUnicodeMark } from './marks.ts'
import { DECODE_TRIGGERS } from './triggers.ts'

describe('trigger words', () => {
  it('are ASCII in lower case, of two bytes or more, and each is there once', () => {
    for (const word of DECODE_TRIGGERS) expect(word).toMatch(/^[!-~]{2,12}$/)
    expect(DECODE_TRIGGERS.map((word) => word.toLowerCase())).toEqual(DECODE_TRIGGERS)
    expect(new Set(DECODE_TRIGGERS).size).toBe(DECODE_TRIGGERS.length)
  })

  it.each([
    'a\\u0040b',
    'a\\\\u0040b',
    'x:\\/\\/y',
    'a%40b',
    'a%2Db',
    'a%C2%A0b',
    'a&#64;b',
    'a&#X40;b',
    'a&CommaT;b'.toLowerCase(),
    'a&nbsp;b',
    '4\\uFF14',
    '\\u0664',
    '\\u0966',
    '4\\u00a04',
    'a\\u200bb',
    'a\\u00adb',
    'p\\u0430ssword',
    '\\ud835\\udfd7',
    '1\\u20112',
    'm\\u00fcller@example.com',
  ])('mark %s', (text) => {
    expect(marksOf(text)).not.toEqual([])
    expect(nextMark(encodeUtf8(text), 0)).toBeGreaterThanOrEqual(0)
  })

  it.each([
    'gr\\u00fc\\u00dfe',
    '\\u2014 \\u2019',
    '\\u043f\\u0430\\u0440',
    '100%',
    '%zz',
    'a&b;',
    'AT&T',
    '&unknown;',
    '\\ud83d\\ude00',
  ])('mark nothing in %s', (text) => {
    expect(marksOf(text)).toEqual([])
    expect(nextMark(encodeUtf8(text), 0)).toBe(-1)
  })
})

describe('characters beyond ASCII', () => {
  it.each([
    ['a\u200bb', 1],
    ['x４', 1],
    ['4\u00a01', 1],
    ['IBAN\u00a0DE', 4],
    ['p\u0430ss', 1],
    ['1\u20112', 1],
    ['2 – 3', 2],
    ['SG.\u2011Abc', 3],
    ['see \u2010Abc', 4],
    ['SG.–7z', 3],
    ['密码：hunter2', 6],
  ])('that could hide a value are marks: %s', (text, at) => {
    expect(nextUnicodeMark(encodeUtf8(text), 0)).toBe(at)
  })

  it.each([
    'über',
    'Привет API',
    '中文，文本：好',
    'mot\u00a0:',
    'word—word',
    'end.—Then',
    'a ‑ b',
    '👩\u200d💻',
    'plain',
  ])('of prose are none: %s', (text) => {
    expect(nextUnicodeMark(encodeUtf8(text), 0)).toBe(-1)
  })
})

/** Ends of trigger words that count, as a scan without case reports them. */
function marksOf(text: string): number[] {
  const lower = text.toLowerCase()
  const ends: number[] = []
  for (const word of DECODE_TRIGGERS)
    for (let at = lower.indexOf(word); at >= 0; at = lower.indexOf(word, at + 1))
      if (isMarkBefore(encodeUtf8(text), at + word.length)) ends.push(at + word.length)
  return ends
}
