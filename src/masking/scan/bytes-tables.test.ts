import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../../base/bytes.ts'
import { ALNUM, BASE64, DIGIT, endsWord, HEX, LOWER, skipEscape, startsWord, UPPER, WORD } from './bytes-tables.ts'

/** Places where a word may begin at the first digit of the text, and end after the last. */
function borders(text: string, raw = true): [boolean, boolean] {
  const bytes = encodeUtf8(text)
  const start = bytes.indexOf(0x37)
  const end = bytes.lastIndexOf(0x37) + 1
  return [startsWord({ bytes, raw }, start), endsWord({ bytes, raw }, end)]
}

describe('classes of bytes', () => {
  it('are what regular expressions say', () => {
    for (let byte = 0; byte < 256; byte += 1) {
      const letter = String.fromCharCode(byte)
      const is = (pattern: RegExp): number => (pattern.test(letter) ? 1 : 0)
      expect([DIGIT[byte], UPPER[byte], LOWER[byte], HEX[byte]]).toEqual([
        is(/[0-9]/),
        is(/[A-Z]/),
        is(/[a-z]/),
        is(/[0-9a-fA-F]/),
      ])
      expect([ALNUM[byte], WORD[byte], BASE64[byte]]).toEqual([
        is(/[0-9A-Za-z\u0080-\u00ff]/),
        is(/[0-9A-Za-z_\u0080-\u00ff]/),
        is(/[0-9A-Za-z+/_-]/),
      ])
    }
  })
})

describe('the borders of a word', () => {
  it.each([
    ['77', true, true],
    ['"77"', true, true],
    ['a77b', false, false],
    ['_77_', false, false],
    ['177', false, true],
    ['é77é', false, false],
    ['я77я', false, false],
    ['“77”', true, true],
    ['€77€', true, true],
    ['卡号77，', true, true],
    ['カード77です', true, true],
    ['카드77', true, true],
    ['💳77💳', true, true],
    ['\u00a077\u00a0', true, true],
    [String.raw`\n77\n`, true, true],
    [String.raw`\\\\t77\\\\t`, true, true],
    [String.raw`\"77\"`, true, true],
    [String.raw`\/77\/`, true, true],
    [String.raw`\x77`, false, true],
    [String.raw`\u20ac77\u20ac`, true, true],
    [String.raw`\u00e977`, false, true],
    [String.raw`\u004177`, false, true],
    [String.raw`\u5361\u53f877`, true, true],
    [String.raw`\u00zz77`, false, true],
  ])('in %s', (text, starts, ends) => {
    expect(borders(text)).toEqual([starts, ends])
  })

  it('knows no escapes where they are taken off', () => {
    expect(borders(String.raw`\n77`, false)).toEqual([false, true])
    expect(borders(String.raw`\u20ac77`, false)).toEqual([false, true])
  })
})

describe('a place inside an escape', () => {
  it('is moved behind it', () => {
    const view = { bytes: encodeUtf8(String.raw`ab\ncd\u00e9ef`), raw: true }
    const end = view.bytes.length
    const moved = [0, 1, 3, 4, 7, 8, 9, 10, 11, 12, 13].map((at) => skipEscape(view, at, end))
    expect(moved).toEqual([0, 1, 4, 4, 12, 12, 12, 12, 12, 12, 13])
  })

  it('is moved to the end at most, and nowhere in text without escapes', () => {
    const bytes = encodeUtf8(String.raw`\u00e9ef`)
    expect(skipEscape({ bytes, raw: true }, 1, 3)).toBe(3)
    expect(skipEscape({ bytes, raw: false }, 1, 3)).toBe(1)
  })
})
