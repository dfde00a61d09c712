import { describe, expect, it } from 'vitest'
import {
  NAMED,
  inGroups,
  seeded,
  someDigits,
  valueFinder,
  withLuhn,
  withOneDigitChanged,
} from '../../../test/support/masking/values.ts'
import { checkCard } from './cards.ts'

const find = valueFinder()
const ISSUERS = [
  { name: 'Visa', first: ['4'], lengths: [16, 19] },
  { name: 'Mastercard', first: ['51', '55', '2221', '2720'], lengths: [16] },
  { name: 'American Express', first: ['34', '37'], lengths: [15] },
  { name: 'Diners Club', first: ['300', '305', '3095', '36', '38', '39'], lengths: [14, 16] },
  { name: 'JCB', first: ['3528', '3589'], lengths: [16] },
  { name: 'Discover', first: ['6011', '644', '649', '65'], lengths: [16, 19] },
  { name: 'UnionPay', first: ['62', '81'], lengths: [16, 19] },
  { name: 'Maestro', first: ['50', '56', '69'], lengths: [16, 19] },
]

describe('a card number', () => {
  it.each(ISSUERS)('of $name is found without a word near it', ({ first, lengths }) => {
    const random = seeded(1)
    for (const start of first)
      for (const length of lengths) {
        const number = withLuhn(random, start, length)
        expect(find(`paid with ${number}.`, 'credit_card')).toEqual([number])
      }
  })

  it.each([' ', '-', '.'])('is found in groups with "%s" between them', (separator) => {
    const random = seeded(2)
    const written = [
      inGroups(withLuhn(random, '4', 16), [4, 4, 4, 4], separator),
      inGroups(withLuhn(random, '37', 15), [4, 6, 5], separator),
      inGroups(withLuhn(random, '36', 14), [4, 6, 4], separator),
      inGroups(withLuhn(random, '4', 19), [4, 4, 4, 4, 3], separator),
    ]
    for (const number of written) expect(find(`x ${number} 12/27 123`, 'credit_card')).toEqual([number])
  })

  it('is none with any one digit changed, nor with its first digits of no issuer', () => {
    const number = withLuhn(seeded(3), '4', 16)
    for (const changed of withOneDigitChanged(number)) expect(find(changed, 'credit_card')).toEqual([])
    expect(checkCard(Uint8Array.from(withLuhn(seeded(4), '9', 16), Number), 16)).toBeUndefined()
  })

  it('of a length that articles and orders have too needs a word near it, or to be named', () => {
    const random = seeded(5)
    const numbers = [
      ['50', 12],
      ['4', 13],
      ['56', 14],
      ['1', 15],
      ['36', 19],
      ['3528', 19],
    ] as const
    for (const number of numbers.map(([first, length]) => withLuhn(random, first, length))) {
      expect(find(`no ${number}`, 'credit_card')).toEqual([])
      expect(find(`card number ${number}`, 'credit_card')).toEqual([number])
      expect(find(number, 'credit_card', NAMED)).toEqual([number])
    }
  })

  it('is one with a wrong digit where a word says that it is a card', () => {
    expect(find('my credit card account is 1234-5678-1234-5678', 'credit_card')).toEqual(['1234-5678-1234-5678'])
    expect(find('1234-5678-1234-5678', 'credit_card', NAMED)).toEqual([])
  })

  it.each([
    ['after an escape', String.raw`{"t":"a\n%\nb"}`],
    ['after an escape one level down', String.raw`{"t":"{\"a\":\"x\\n%\\n\"}"}`],
    ['glued to a word of its kind', '{"t":"card_%"}'],
    ['glued to a word of its kind in a key', '{"customerCard%":1}'],
    ['as a negative number', '{"x":-%}'],
    ['as a number with a fraction', '{"x":%.0}'],
    ['in a list of values', '1,%,2026-01-01'],
    ['after a time', '2026-08-01T10:00:00Z % ok'],
    ['after a date', '2026-08-01 % ok'],
    ['after letters that are written without spaces', '卡号%。'],
    ['emphasised', 'pay _%_ now'],
    ['after a hundred groups', `${'12 '.repeat(100)}%`],
    ['after a hundred groups with dashes', `${'12-'.repeat(100)}%`],
  ])('is found %s', (_, text) => {
    const number = withLuhn(seeded(6), '4', 16)
    expect(find(text.replace('%', number), 'credit_card')).toEqual([number])
  })

  it('in groups is found after a hundred groups', () => {
    const number = inGroups(withLuhn(seeded(7), '4', 16), [4, 4, 4, 4], ' ')
    expect(find(`${'1 '.repeat(100)}${number}`, 'credit_card')).toEqual([number])
  })

  it('in two groups has no point between them, for that is a fraction', () => {
    const number = withLuhn(seeded(10), '4', 16)
    expect(find(inGroups(number, [4, 12], '.'), 'credit_card')).toEqual([])
    expect(find(inGroups(number, [4, 12], ' '), 'credit_card')).toHaveLength(1)
  })

  it('in groups of six and ten is none where the ten are a time in seconds', () => {
    const random = seeded(13)
    const timed = ['1739683421', '2041234567'].map((time) => {
      const body = `59797${time}`
      return Array.from({ length: 10 }, (_, digit) => `${body.slice(0, 5)}${digit}${time}`)
    })
    for (const number of timed.flat()) expect(find(inGroups(number, [6, 10], ' '), 'credit_card')).toEqual([])
    const written = inGroups(withLuhn(random, '5555553', 16), [6, 10], ' ')
    expect(find(written, 'credit_card')).toEqual([written])
  })

  it('of fourteen digits that is the number of an article too needs a word near it', () => {
    const random = seeded(12)
    const cards = Array.from({ length: 200 }, () => withLuhn(random, '36', 14))
    const articles = cards.filter((card) => isArticle(card))
    expect(articles.length).toBeGreaterThan(5)
    for (const number of articles) {
      expect(find(`no ${number}`, 'credit_card')).toEqual([])
      expect(find(`card ${number}`, 'credit_card')).toEqual([number])
    }
    for (const number of cards.filter((card) => !isArticle(card)))
      expect(find(`no ${number}`, 'credit_card')).toEqual([number])
  })

  it('is none in the middle of the number of a parcel', () => {
    const number = withLuhn(seeded(11), '4', 16)
    const written = inGroups(`9400${number}87`, [4, 4, 4, 4, 4, 2], ' ')
    expect(find(written, 'credit_card')).toEqual([])
    expect(find(written.replace('9400', '2024'), 'credit_card')).toHaveLength(1)
  })

  it('is not found inside a longer word, a longer number or a fraction', () => {
    const number = withLuhn(seeded(8), '4', 16)
    for (const text of [
      `a${number}`,
      `${number}a`,
      `x_${number}`,
      `0.${number}`,
      `+1${someDigits(seeded(9), 3)}${number}`,
    ])
      expect(find(text, 'credit_card')).toEqual([])
  })
})

/** GS1: weights 3 and 1 from the left of fourteen digits. */
function isArticle(number: string): boolean {
  return Array.from(number, Number).reduce((sum, digit, i) => sum + digit * (i % 2 === 0 ? 3 : 1), 0) % 10 === 0
}
