import { array, assert as assertAll, constantFrom, oneof, property, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeLatin1, encodeUtf8 } from '../../base/bytes.ts'
import { buildDfa } from './dfa.ts'
import { ScanMachine } from './machine.ts'
import { CHUNK_BYTES } from './machine-layout.ts'
import type { Rows } from './rows.ts'

type Found = readonly [start: number, end: number, digits: number, capitals: number]

const machine = new ScanMachine(buildDfa([]))

function listed(rows: Rows): Found[] {
  return Array.from({ length: rows.length }, (_, i) => [rows.start(i), rows.end(i), rows.digits(i), rows.capitals(i)])
}

function found(bytes: Uint8Array): Found[] {
  return listed(machine.scan(bytes, true).numbers)
}

function matches(bytes: Uint8Array, regex: RegExp): Found[] {
  return [...decodeLatin1(bytes).matchAll(regex)].map(({ index, 0: text }): Found => {
    const capitals = text.replaceAll(/[^A-Z]/g, '').length
    return [index, index + text.length, text.replaceAll(/\D/g, '').length, capitals]
  })
}

function byRegex(bytes: Uint8Array): Found[] {
  return matches(bytes, /[0-9 .()/\-+A-Z]{7,}/g).filter(([, , digits]) => digits >= 4)
}

describe('the scan for rows of digits', () => {
  it('finds what a regular expression finds', () => {
    const unit = constantFrom('1', '7', ' ', '-', 'A', '.', 'x', '"', '€')
    assertAll(
      property(string({ unit, maxLength: 400, size: 'max' }), (text) => {
        const bytes = encodeUtf8(text)
        expect(found(bytes)).toEqual(byRegex(bytes))
      }),
      { numRuns: 3_000 },
    )
  })

  it.each(['1.1.1.1', '4111 1111 1111 1111', 'DE89370400440532013000', '(212) 555-0100', '+1-1111'])(
    'finds %s at every alignment, between small letters and at both ends',
    (number) => {
      for (let before = 0; before < 30; before += 1) {
        for (let after = 0; after < 9; after += 1) {
          const bytes = encodeUtf8('x'.repeat(before) + number + 'x'.repeat(after))
          const digits = number.replaceAll(/\D/g, '').length
          const capitals = number.replaceAll(/[^A-Z]/g, '').length
          expect(found(bytes)).toEqual([[before, before + number.length, digits, capitals]])
        }
      }
    },
  )

  it('begins after the letter of an escape', () => {
    const text = String.raw`"a\n4111111111111111\t4111111111111111"`
    expect(found(encodeUtf8(text))).toEqual([
      [4, 20, 16, 0],
      [22, 38, 16, 0],
    ])
  })

  it('leaves fewer than seven bytes and fewer than four digits', () => {
    expect(found(encodeUtf8('x123456x 1 2 3 x------------123x'))).toEqual([])
  })

  it('reports a run that is as long as the message once', () => {
    const bytes = new Uint8Array(262_144).fill(0x31)
    expect(found(bytes)).toEqual([[0, 262_144, 262_144, 0]])
  })

  it('finds a row at every place around the end of a chunk, those that are no number until they go on there too', () => {
    for (const row of ['1.1.1.1', 'ABC 4111', '-'.repeat(90) + '1234', '1234' + ' '.repeat(100), 'A'.repeat(200)])
      for (let at = CHUNK_BYTES - row.length - 70; at < CHUNK_BYTES + 3; at += 1) {
        const bytes = new Uint8Array(CHUNK_BYTES + 400).fill(0x78)
        bytes.set(encodeUtf8(row), at)
        expect(found(bytes), `${row} at ${at}`).toEqual(byRegex(bytes))
      }
  })

  it('finds rows of several chunks, also those that turn out to be none', () => {
    for (const before of [0, 5, CHUNK_BYTES - 3])
      for (const [size, digits] of [
        [3 * CHUNK_BYTES, 3],
        [3 * CHUNK_BYTES, 4],
        [2 * CHUNK_BYTES - before, 4],
      ] as const) {
        const text = `${'x'.repeat(before)}${' '.repeat(size)}${'1'.repeat(digits)}x 1234567 x${'x'.repeat(500)}`
        expect(found(encodeUtf8(text))).toEqual(byRegex(encodeUtf8(text)))
      }
  })
})

const IN_ROW = String.raw`0-9 .()/\-+A-Z`
const DATE = String.raw`[12]\d{3}-\d\d-\d\d[T ]\d\d`
const HOUR = new RegExp(`(?<![0-9][${IN_ROW}]*)${DATE}(?![${IN_ROW}])`, 'g')
const SECONDS = new RegExp(
  String.raw`(?<=(?<!\d)${DATE}:\d\d:)\d\d(?!\d|\.\d{10})(?:\.\d*(?!\d)|(?!\.))Z?(?![0-9A-Za-z\x80-\xff])`,
  'g',
)
const UUID = /(?<![0-9A-Za-z\x80-\xff])[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}(?![0-9A-Za-z\x80-\xff])/g

const crossed = (text: string): string => 'x'.repeat(text.length)

/** The same without times, and without UUIDs that have a small letter. */
function withoutTimesAndIds(bytes: Uint8Array): Uint8Array {
  const text = decodeLatin1(bytes).replaceAll(UUID, (id) => (/[a-f]/.test(id) ? crossed(id) : id))
  return encodeLatin1(text.replaceAll(SECONDS, crossed).replaceAll(HOUR, crossed))
}

function encodeLatin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

function left(bytes: Uint8Array): Found[] {
  return listed(machine.scan(bytes).numbers)
}

/** Fewer than seven digits, without letters that touch them, are nothing; the last row of a chunk may go on. */
function isLong(bytes: Uint8Array): (row: Found) => boolean {
  const is = (pattern: RegExp, from: number): boolean => pattern.test(decodeLatin1(bytes.subarray(from, from + 2)))
  return ([start, end, digits, capitals]) =>
    digits >= 7 ||
    capitals > 0 ||
    is(/^[a-z][\dA-Z -]/, start - 1) ||
    is(/^[\dA-Z -][a-z]/, end - 1) ||
    end === bytes.length
}

describe('what is left out of rows of numbers', () => {
  const piece = oneof(
    {
      weight: 4,
      arbitrary: constantFrom('2026-08-01T10:42:07.087Z', '1999-12-31 23:59:60', '2026-08-01T10', ':16.0871234567'),
    },
    {
      weight: 4,
      arbitrary: constantFrom('9291626f-1141-4f00-8123-0123456789ab', '0292d267-1141-4000-8123-012345678901'),
    },
    {
      weight: 2,
      arbitrary: constantFrom('12345678-1234-4123-8123-012345678901', '0292D267-1141-4000-8123-01234567890A'),
    },
    { weight: 9, arbitrary: constantFrom(' ', '"', '/', '.', '(', ':', '-', '.', 'x', 'f', 'Z', '\\n', '€', '+02:00') },
    { weight: 4, arbitrary: constantFrom('4111 1111 1111 1111', '1234', '12', '7', '+1 202 555 0188', 'AB 12') },
    { weight: 2, arbitrary: string({ unit: constantFrom('1', '0', '-', ':', 'T', 'a', ' '), maxLength: 12 }) },
  )
  const texts = array(piece, { maxLength: 14, size: 'max' }).map((pieces) =>
    encodeUtf8(`${'x'.repeat(40)} ${pieces.join('')}"`),
  )

  it('are times as in ISO 8601 and pieces of UUIDs, and nothing beside them', () => {
    assertAll(
      property(texts, (bytes) => {
        expect(left(bytes)).toEqual(byRegex(withoutTimesAndIds(bytes)).filter(isLong(bytes)))
      }),
      { numRuns: 5_000 },
    )
  })

  it('is nothing for whoever wants every row', () => {
    assertAll(
      property(texts, (bytes) => {
        expect(found(bytes)).toEqual(byRegex(bytes))
      }),
      { numRuns: 1_000 },
    )
  })

  it('is the same around the end of a chunk, but for what it cuts', () => {
    const text = 'x 2026-08-01T10:42:07.087Z 4111 1111 9291626f-1141-4f00-8123-0123456789ab 1234567 x'
    for (let at = CHUNK_BYTES - text.length - 140; at < CHUNK_BYTES + 3; at += 1) {
      const bytes = new Uint8Array(CHUNK_BYTES + 400).fill(0x78)
      bytes.set(encodeUtf8(text), at)
      const rows = left(bytes)
      const covers = ([start, end]: Found): boolean => rows.some((row) => row[0] <= start && end <= row[1])
      expect(byRegex(withoutTimesAndIds(bytes)).filter(isLong(bytes)).every(covers), `at ${at}`).toBe(true)
      expect(rows.every(([start, end]) => byRegex(bytes).some((row) => row[0] <= start && end <= row[1]))).toBe(true)
    }
  })
})

const LONG_WORD = /[0-9A-Za-z\x80-\xff]{26,}/g
const MAYBE_BASE64 = /[0-9A-Za-z+/_\-\\]{40,}/g

/** Their digits are not counted. */
function places(rows: readonly Found[]): readonly (readonly number[])[] {
  return rows.map(([start, end]) => [start, end])
}

/** Long hexadecimal words in small letters that neither begin nor end the text. */
const DIGEST = /(?<=[^0-9A-Za-z\x80-\xff])[0-9a-f]{35,}(?=[^0-9A-Za-z\x80-\xff])/g

/** Those that no number, and that no base64, goes on beside. */
const APART = new RegExp(String.raw`(?<![ .()/\-+])${DIGEST.source}(?![ .()/\-+])`, 'g')
const ALONE = new RegExp(String.raw`(?<![+/_\-\\])${DIGEST.source}(?![+/_\-]|\\[^"])`, 'g')

function erase(bytes: Uint8Array, what: RegExp): Uint8Array {
  return encodeLatin1(decodeLatin1(bytes).replaceAll(what, (one) => '#'.repeat(one.length)))
}

describe('digests', () => {
  const digest = constantFrom('0123456789abcdef0123456789abcdef012', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934c')
  const almost = constantFrom('0123456789abcdef0123456789abcdef01', 'E3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934c')
  const beside = constantFrom(
    ' ',
    '"',
    '/',
    '-',
    '_',
    ':',
    '4111 1111 1111 1111',
    'g',
    'Z',
    '€',
    'f',
    '7',
    '\\n',
    '\\"',
  )
  const piece = oneof(
    { weight: 3, arbitrary: digest },
    { weight: 1, arbitrary: almost },
    { weight: 5, arbitrary: beside },
  )
  const texts = array(piece, { maxLength: 16, size: 'max' }).map((pieces) =>
    encodeUtf8(`${'x'.repeat(40)} ${pieces.join('')}"`),
  )

  it('are in no rows, and what stands beside them is', () => {
    assertAll(
      property(texts, (bytes) => {
        const erased = erase(bytes, DIGEST)
        const { numbers, longWords, base64 } = machine.scan(bytes)
        expect(places(listed(longWords))).toEqual(places(matches(erased, LONG_WORD)))
        expect(places(listed(base64))).toEqual(places(matches(erase(bytes, ALONE), MAYBE_BASE64)))
        expect(listed(numbers)).toEqual(byRegex(erase(bytes, APART)).filter(isLong(bytes)))
      }),
      { numRuns: 3_000 },
    )
  })

  it('that a chunk cuts are told, and whole ones behind it are not', () => {
    const text = `x ${'0123456789abcdef'.repeat(4)} x`
    for (let at = CHUNK_BYTES - text.length - 70; at < CHUNK_BYTES + 3; at += 1) {
      const bytes = new Uint8Array(CHUNK_BYTES + 400).fill(0x20)
      bytes.set(encodeUtf8(text), at)
      const rows = [...listed(machine.scan(bytes).longWords)]
      const isCut = at + 66 >= CHUNK_BYTES && at + 2 + 26 <= CHUNK_BYTES
      expect(rows.length > 0, `${at}`).toBe(isCut)
    }
  })
})

describe('the scans for long words and for base64', () => {
  it('find what a regular expression finds', () => {
    const unit = oneof(
      { weight: 80, arbitrary: constantFrom('a', 'Z', '7', 'q', '0') },
      { weight: 8, arbitrary: constantFrom('+', '/', '_', '\\', '-') },
      { weight: 2, arbitrary: constantFrom('=', ' ', '"', '€', '[', '@', '`', '{', ':') },
    )
    assertAll(
      property(string({ unit, maxLength: 600, size: 'max' }), (text) => {
        const bytes = encodeUtf8(text)
        const { longWords, base64 } = machine.scan(bytes, true)
        expect(places(listed(longWords))).toEqual(places(matches(bytes, LONG_WORD)))
        expect(places(listed(base64))).toEqual(places(matches(bytes, MAYBE_BASE64)))
      }),
      { numRuns: 2_000 },
    )
  })

  it('knows what every byte belongs to', () => {
    for (let byte = 0; byte < 256; byte += 1) {
      const bytes = new Uint8Array(64).fill(byte)
      const { numbers, longWords, base64 } = machine.scan(Uint8Array.of(...bytes, ...encodeUtf8('1234')), true)
      const character = decodeLatin1(Uint8Array.of(byte))
      expect(numbers.start(0) === 0 && numbers.length === 1, `${byte}`).toBe(/[0-9 .()/\-+A-Z]/.test(character))
      expect(longWords.length).toBe(/[0-9A-Za-z\x80-\xff]/.test(character) ? 1 : 0)
      expect(base64.length).toBe(/[0-9A-Za-z+/_\-\\]/.test(character) ? 1 : 0)
    }
  })
})
