import { array, assert, constantFrom, integer, nat, property, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeUtf8, encodeUtf8 } from '../../base/bytes.ts'
import { foldOf } from './characters.ts'
import { decodedViews } from './decode.ts'

/** A character as the message has it, and what it is read as. */
interface Piece {
  readonly raw: string
  readonly read: string
}

const plain = 'abc019@.-+ {'.split('').map((raw) => ({ raw, read: raw }))
const escapes: Piece[] = [
  { raw: '\\"', read: '"' },
  { raw: '\\n', read: '\n' },
  { raw: '\\\\', read: '\\' },
  { raw: '\\/', read: '/' },
  { raw: '\\u0040', read: '@' },
  { raw: '\\u0034', read: '4' },
  { raw: '\\uFF11', read: '1' },
  { raw: '\\u200b', read: '' },
  { raw: '\\u00fc', read: 'ü' },
  { raw: '\\ud83d\\ude00', read: '😀' },
]
const folded: Piece[] = [
  { raw: '４', read: '4' },
  { raw: 'Ａ', read: 'A' },
  { raw: '＠', read: '@' },
  { raw: '٣', read: '3' },
  { raw: '\u2011', read: '-' },
  { raw: '\u00a0', read: ' ' },
  { raw: '\u200b', read: '' },
  { raw: '\u00ad', read: '' },
  { raw: '𝟗', read: '9' },
  { raw: 'ü', read: 'ü' },
  { raw: 'Ж', read: 'Ж' },
]
const web: Piece[] = [
  { raw: '%40', read: '@' },
  { raw: '%2d', read: '-' },
  { raw: '&#64;', read: '@' },
  { raw: '&#x34;', read: '4' },
  { raw: '&commat;', read: '@' },
  { raw: '&nbsp;', read: ' ' },
  { raw: '%E2%80%8B', read: '' },
]

describe('a view of a text', () => {
  it.each([
    ['its escapes', escapes, '\\u0041'],
    ['other alphabets', folded, '４'],
    ['both', [...escapes, ...folded], '\\u0041'],
  ])('reads %s, and every place in it is the whole of what it was written in', (_, special, mark) => {
    assert(
      property(
        array(constantFrom(...plain, ...special), { minLength: 1, maxLength: 40 }),
        nat(),
        nat(),
        (pieces, a, b) => {
          // One piece that is a mark wherever it stands.
          expectExact([{ raw: mark, read: mark === '４' ? '4' : 'A' }, ...pieces], a, b)
        },
      ),
      { seed: 7, numRuns: 400 },
    )
  })

  it('reads percent signs and references of HTML likewise', () => {
    assert(
      property(array(constantFrom(...plain, ...folded, ...web), { maxLength: 40 }), nat(), nat(), (pieces, a, b) => {
        expectExact([{ raw: '%41', read: 'A' }, ...pieces], a, b)
      }),
      { seed: 8, numRuns: 400 },
    )
  })

  it('of JSON in JSON in JSON leads back through all of it', () => {
    assert(
      property(integer({ min: 1, max: 3 }), string({ maxLength: 20 }), (levels, around) => {
        let raw = '\\u0040'
        for (let i = 1; i < levels; i++) raw = wrapped(raw)
        let before = around.replaceAll(/[^a-z ]/g, '')
        before += '"'
        for (let i = 0; i < levels; i++) before = wrapped(before)
        const text = `${before}joe${raw}example.com`
        const found = decodedViews(encodeUtf8(text)).flatMap((view) => {
          const at = decodeUtf8(view.bytes).indexOf('joe@example.com')
          return at < 0 ? [] : [view.sourceSpan(at, at + 15)]
        })
        expect(found[0]).toEqual({ start: before.length, end: text.length })
      }),
      { seed: 9, numRuns: 100 },
    )
  })

  it.each([
    ['joe\\u0040example.com', 'joe@example.com'],
    ['joe%40example.com', 'joe@example.com'],
    ['joe%2540example.com', 'joe@example.com'],
    ['joe&#64;example&period;com', 'joe@example.com'],
    ['joe&amp;#64;example.com', 'joe@example.com'],
    ['joe@exa\u200bmple.com', 'joe@example.com'],
    ['joe＠example．com', 'joe@example.com'],
    ['４１１１ １１１１ １１１１ １１１１', '4111 1111 1111 1111'],
    ['4111%201111%201111%201111', '4111 1111 1111 1111'],
    ['٤١١١', '4111'],
    ['४१११', '4111'],
    ['078\u201105\u20111123', '078-05-1123'],
    ['4111\u00a01111', '4111 1111'],
    ['https:\\/\\/u:pw@host', 'https://u:pw@host'],
    ['m\\u00fcller@example.com', 'müller@example.com'],
  ])('%s reads as %s', (raw, read) => {
    expect(decodedViews(encodeUtf8(raw)).map((view) => decodeUtf8(view.bytes))).toContain(read)
  })

  it('of look-alikes is for secrets only', () => {
    const views = decodedViews(encodeUtf8('р\u0430ssword=x and gh\u0440_abc'))
    expect(views.map((view) => [decodeUtf8(view.bytes), view.onlySecrets])).toEqual([['password=x and ghp_abc', true]])
  })

  it('finds in a long text what stands near a mark, and leads back to the very place', () => {
    const text = `${'é prose\\n'.repeat(4_000)}joe\\u0040example.com${' more'.repeat(4_000)} ann%40example.com`
    const raw = encodeUtf8(text)
    const found = new Set<string>()
    let size = 0
    for (const view of decodedViews(raw)) {
      size += view.bytes.length
      for (const address of ['joe@example.com', 'ann@example.com']) {
        const at = decodeUtf8(view.bytes).indexOf(address)
        if (at < 0) continue
        const byteAt = encodeUtf8(decodeUtf8(view.bytes).slice(0, at)).length
        const { start, end } = view.sourceSpan(byteAt, byteAt + address.length)
        found.add(decodeUtf8(raw, start, end))
      }
    }
    expect(found).toEqual(new Set(['joe\\u0040example.com', 'ann%40example.com']))
    expect(size).toBeLessThan(20_000)
  })

  it.each([
    'plain text, 4111 1111 1111 1111, joe@example.com',
    'a\\nb\\t\\"c\\" C:\\\\temp',
    'Größe, naïve, œuvre: „schön“',
    'Привет, мир. Это обычный текст — без знаков.',
    '这是普通的中文文本，没有数字。全角标点：不算。',
    'これは普通の日本語の文章です。',
    '👩‍💻 ❤️ emoji',
    'l’été\u00a0: «très bien\u00a0!» — non',
    '\\u041f\\u0440\\u0438\\u0432\\u0435\\u0442 \\u2014 gr\\u00fc\\u00dfe',
    '100% sure & happy; a&b=c',
  ])('there is none of prose: %s', (text) => {
    expect(decodedViews(encodeUtf8(text))).toEqual([])
  })

  it('is not made for kinds that nobody asks for', () => {
    const none = { escapes: false, web: false, lookAlikes: false }
    expect(decodedViews(encodeUtf8('a\\u0040b %40 \u0440assword'), none)).toEqual([])
  })
})

describe('characters', () => {
  it('of every script that are decimal digits are read as 0 to 9', () => {
    const codes = Array.from({ length: 0x20000 - 0x80 }, (_, i) => i + 0x80)
    const digits = codes.filter((code) => /\p{Nd}/u.test(String.fromCodePoint(code)))
    const read = codes.filter((code) => /[0-9]/.test(String.fromCharCode(foldOf(code))))
    expect(read).toEqual(digits)
    // They come in tens, from zero on.
    expect(read.map((code) => foldOf(code) - 0x30)).toEqual(read.map((_, i) => i % 10))
  })

  it('of full width are read as ASCII', () => {
    for (let code = 0x21; code < 0x7f; code++) expect(foldOf(code + 0xfee0)).toBe(code)
  })
})

/** As the content of a JSON string. */
function wrapped(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}

/** The view is what all pieces read as; a part of it stands in the pieces that it is read from. */
function expectExact(pieces: readonly Piece[], a: number, b: number): void {
  const raw = pieces.map((piece) => piece.raw).join('')
  const read = encodeUtf8(pieces.map((piece) => piece.read).join(''))
  const view = decodedViews(encodeUtf8(raw)).find(({ bytes }) => decodeUtf8(bytes) === decodeUtf8(read))
  const start = a % read.length
  const end = start + 1 + (b % (read.length - start))
  const owners: { readonly from: number; readonly to: number }[] = []
  let from = 0
  for (const piece of pieces) {
    const to = from + encodeUtf8(piece.raw).length
    for (let i = 0; i < encodeUtf8(piece.read).length; i++) owners.push({ from, to })
    from = to
  }
  expect(view?.sourceSpan(start, end)).toEqual({ start: owners[start]?.from, end: owners[end - 1]?.to })
}
