import { describe, expect, it } from 'vitest'
import { badCharacters, overLimit } from './text.ts'

describe('a text is refused before parsing when it has', () => {
  it.each([
    ['NUL', 'a\0b', /NUL/],
    ['a backspace', 'a\bb', /control/],
    ['a vertical tab', 'a\vb', /control/],
    ['a form feed', 'a\fb', /control/],
    ['an escape', 'a\u001b[2Kb', /control/],
    ['DEL', 'a\u007fb', /control/],
    ['a C1 control', 'a\u0085b', /control/],
    ['a lone CR', '-- a\rDROP TABLE t', /control/],
    ['a CR at the end', 'a\r', /control/],
    ['a lone high surrogate', 'a\ud83db', /surrogate/],
    ['a lone low surrogate', 'a\ude00', /surrogate/],
    ['a right-to-left override', 'a\u202eb', /direction/],
    ['an isolate', 'a\u2066b', /direction/],
    ['a left-to-right mark', 'a\u200eb', /direction/],
    ['a zero-width space', 'a\u200bb', /invisible/],
    ['a zero-width joiner', 'a\u200db', /invisible/],
    ['a word joiner', 'a\u2060b', /invisible/],
    ['a byte order mark', '\ufeffa', /invisible/],
    ['a soft hyphen', 'a\u00adb', /invisible/],
    ['a Hangul filler', 'a\u3164b', /invisible/],
    ['a line separator', 'a\u2028b', /invisible/],
    ['a variation selector on a letter', 'a\ufe0fb', /invisible/],
    ['a tag character', 'a\u{e0041}b', /invisible/],
    ['a supplementary variation selector', 'a\u{e0100}b', /invisible/],
  ])('%s', (_, text, reason) => {
    expect(badCharacters(text)).toMatch(reason)
  })
})

describe('a text is fine with', () => {
  it.each([
    ['ASCII, tabs and line feeds', "SELECT\t'~!@#'\n"],
    ['CRLF line ends', 'SELECT 1\r\nFROM t\r\n'],
    ['other scripts', 'Größe 東京 עברית العربية हिन्दी'],
    ['emoji, also with a colour selector', '😀 ❤\ufe0f'],
    ['no-break spaces, which show', 'a\u00a0b\u3000c'],
    ['nothing', ''],
  ])('%s', (_, text) => {
    expect(badCharacters(text)).toBeUndefined()
  })
})

describe('length is counted in bytes', () => {
  it.each([
    ['a'.repeat(10), false],
    ['a'.repeat(11), true],
    ['é'.repeat(5), false],
    [`${'é'.repeat(5)}a`, true],
    ['€€€a', false],
    ['€€€€', true],
    ['😀😀aa', false],
    ['😀😀aaa', true],
  ])('%s against 10 is over: %s', (text, over) => {
    expect(overLimit(text, 10) !== undefined).toBe(over)
  })
})
