import { array, assert, constantFrom, nat, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../../base/bytes.ts'
import { findFurther } from './propagate.ts'

describe('a known value is found', () => {
  it.each([
    ['as it is', 'Anna Smith', '{"a":"Anna Smith","b":"by Anna Smith."}', ['Anna Smith', 'Anna Smith']],
    ['in JSON in JSON', 'Anna', '{"t":"{\\"n\\":\\"Anna\\"}"}', ['Anna']],
    ['after an escape', 'Anna', '{"t":"a\\nAnna\\tb"}', ['Anna']],
    ['after an escape of an escape', 'nobody', '{"t":"\\\\nobody"}', ['nobody']],
    ['in escapes of ASCII', 'Anna', '{"t":"\\u0041nna"}', ['\\u0041nna']],
    ['in escapes of an escape', 'Anna', '{"t":"\\\\u0041nna"}', ['\\\\u0041nna']],
    [
      'in escapes of what is beyond ASCII',
      'Zoë Müller',
      '{"a":"Zo\\u00eb M\\u00fcller","b":"Zoë Müller"}',
      ['Zo\\u00eb M\\u00fcller', 'Zoë Müller'],
    ],
    [
      'with quotes',
      'say "hi" now',
      '{"a":"say \\"hi\\" now","t":"{\\"x\\":\\"say \\\\\\"hi\\\\\\" now\\"}"}',
      ['say \\"hi\\" now', 'say \\\\\\"hi\\\\\\" now'],
    ],
    ['with slashes', '/srv/x', '{"a":"\\/srv\\/x","b":"/srv/x"}', ['\\/srv\\/x', '/srv/x']],
    ['percent-encoded', 'joe@x.de', '{"u":"?m=joe%40x.de"}', ['joe%40x.de']],
    ['percent-encoded twice', 'joe@x.de', '{"u":"?m=joe%2540x.de"}', ['joe%2540x.de']],
    ['as HTML', "O'Brien", '{"h":"O&#39;Brien"}', ['O&#39;Brien']],
    ['as a number', '12345', '{"a":12345,"b":[12345]}', ['12345', '12345']],
    ['without separators', '4111-1111', '{"a":"41111111"}', ['41111111']],
    ['beside Chinese', 'Anna', '{"t":"客户Anna。"}', ['Anna']],
    ['that is short, and one byte from the end', 'Anna', '"Anna"', ['Anna']],
    ['in a path', 'anna', '{"p":"C:\\\\anna\\\\x"}', ['anna']],
  ])('%s', (_, value, message, expected) => {
    expect(textsIn(message, [value])).toEqual(expected)
  })
})

describe('a known value is not found', () => {
  it.each([
    ['inside a longer word', 'Anna', '{"a":"Annapolis Hanna Anna_x xAnna"}'],
    ['inside a longer number', '12345', '{"a":123456,"b":912345,"c":"a12345"}'],
    ['inside a fraction', '12345', '{"a":12345.5,"b":0.12345}'],
    ['where it is a common word', 'password', '{"password":"x"}'],
    ['where it is a small number', '2024', '{"year":2024}'],
    ['where it is short', 'Bob', '{"a":"Bob"}'],
    ['where it is only signs', '-----', '{"a":"-----"}'],
    ['where its first letter is one of an escape', 'nanna', '{"a":"x\\nanna"}'],
    ['over the end of a string', 'a","b', '{"x":["a","b"]}'],
  ])('%s', (_, value, message) => {
    expect(textsIn(message, [value])).toEqual([])
  })
})

describe('a search for many values', () => {
  it('finds what a search for each alone finds, the longest of what begins together', () => {
    const word = constantFrom('Anna', 'Annabel', 'Smith', 'x1', '12345', '1234567', 'Größe', 'joe@x.de', '日本', 'a')
    const gap = constantFrom(' ', ', ', '-', '', '"', '\n', ' é', '。')
    const text = array(
      word.chain((one) => gap.map((sign) => one + sign)),
      { maxLength: 40 },
    ).map((parts) => parts.join(''))
    const values = array(
      array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(' ')),
      { maxLength: 30 },
    )
    assert(
      property(text, values, nat(3), (message, list, offset) => {
        const padded = encodeUtf8('#'.repeat(offset) + message)
        const places = findFurther(padded.subarray(offset), list, { isJson: false })
        const expected = naive(message, list)
        expect(places?.map(({ start, end }) => [start, end])).toEqual(expected)
      }),
      { seed: 5, numRuns: 2_000 },
    )
  })

  it('says which value stands where', () => {
    const values = Array.from({ length: 3_000 }, (_, i) => `customer-${i * 7}-${i}`)
    const message = encodeUtf8(JSON.stringify(values.toReversed()))
    expect(findFurther(message, values)?.map(({ index }) => index)).toEqual(values.map((_, i) => 2_999 - i))
  })

  it('for none finds none', () => {
    expect(findFurther(encodeUtf8('{}'), [])).toEqual([])
  })
})

function textsIn(message: string, values: readonly string[]): string[] {
  const bytes = encodeUtf8(message)
  return (findFurther(bytes, values) ?? []).map(({ start, end }) =>
    new TextDecoder().decode(bytes.subarray(start, end)),
  )
}

/** Every place by `indexOf`, in bytes; the first, then the longest, none over another. */
function naive(message: string, values: readonly string[]): number[][] {
  const places: { start: number; end: number }[] = []
  const digits = values.filter((value) => /^\d[\d ]*\d$/.test(value)).map((value) => value.replaceAll(' ', ''))
  for (const value of [...values, ...digits].filter((one) => one.length >= 4))
    for (let at = message.indexOf(value); at >= 0; at = message.indexOf(value, at + 1))
      if (isWhole(message, at, at + value.length)) places.push({ start: at, end: at + value.length })
  const kept: { start: number; end: number }[] = []
  for (const place of places.toSorted((a, b) => a.start - b.start || b.end - a.end))
    if (place.start >= (kept.at(-1)?.end ?? 0)) kept.push(place)
  const byteAt = (index: number) => encodeUtf8(message.slice(0, index)).length
  return kept.map(({ start, end }) => [byteAt(start), byteAt(end)])
}

function isWhole(message: string, start: number, end: number): boolean {
  const joinsBefore = isWord(message[start]) && isWord(message[start - 1])
  const joinsAfter = isWord(message[end - 1]) && isWord(message[end])
  return !joinsBefore && !joinsAfter
}

/** Chinese and Japanese letters part words; those of other scripts do not. */
function isWord(character: string | undefined): boolean {
  return character !== undefined && /[\wÀ-ɏ]/.test(character)
}
