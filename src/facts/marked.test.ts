import { describe, expect, it } from 'vitest'
import { marked, writtenOut } from './marked.ts'

describe('a text for somebody who decides', () => {
  it.each([
    ['SELECT 1\n\tFROM a', 'SELECT 1\n\tFROM a'],
    ['zero\u200Bwidth', 'zero{U+200B}width'],
    ['turned\u202Egnp.exe', 'turned{U+202E}gnp.exe'],
    ['no\u00A0break', 'no{U+00A0}break'],
    ['bell\u0007', 'bell{U+0007}'],
    ['line\u2028end', 'line{U+2028}end'],
    ['tag\u{E0041}', 'tag{U+E0041}'],
    ['half \uD800', 'half {U+D800}'],
    ['soft\u00ADhyphen', 'soft{U+00AD}hyphen'],
  ])('shows what is not drawn in %j', (text, shown) => {
    expect(writtenOut(text)).toBe(shown)
  })

  it.each([
    ['p\u0430ypal', 'p{\u0430 U+0430}ypal'],
    ['\u0440\u0430\u0443\u0440\u0430', '{\u0440 U+0440}{\u0430 U+0430}{\u0443 U+0443}{\u0440 U+0440}{\u0430 U+0430}'],
    ['\uFF24ROP', '{\uFF24 U+FF24}ROP'],
    ['\u{1D41D}rop', '{\u{1D41D} U+1D41D}rop'],
  ])('shows letters that look like others in %j', (text, shown) => {
    expect(writtenOut(text)).toBe(shown)
  })

  it.each(['Grüße aus Köln', 'привет мир', 'δοκιμή', '名前', 'naïve café ☕️', 'Ωmega is Ωmega'.slice(8, 10)])(
    'leaves %j as it is',
    (text) => {
      expect(writtenOut(text)).toBe(text)
    },
  )

  it('keeps every character, in order', () => {
    const text = 'a\u200Bb\u0430c \u202E x\u{1D41D}'
    expect(
      marked(text)
        .map((piece) => piece.text)
        .join(''),
    ).toBe(text)
  })
})
