import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat, decodeUtf8, encodeUtf8 } from '../base/bytes.ts'
import { emptyEvent, type SseEvent, SseSplitter, writeEvent } from './sse.ts'

describe('an event stream', () => {
  it('is parted into fields, data and id', () => {
    expect(split('event: message\nid: 7\nretry: 10\ndata: {"a":1}\n\n')).toEqual([
      { fields: 'event: message\nid: 7\nretry: 10\n', data: '{"a":1}', id: '7' },
    ])
  })
  it.each([
    ['several data lines', 'data: a\ndata: b\ndata:\n\n', { fields: '', data: 'a\nb\n', id: undefined }],
    ['no space after the colon', 'data:a\nid:1\n\n', { fields: 'id:1\n', data: 'a', id: '1' }],
    ['only one space is dropped', 'data:  a\n\n', { fields: '', data: ' a', id: undefined }],
    ['a field without a colon', 'data\nid\n\n', { fields: 'id\n', data: '', id: '' }],
    ['other fields between data lines', 'data: a\nid: 1\ndata: b\n\n', { fields: 'id: 1\n', data: 'a\nb', id: '1' }],
    ['a comment', ': still here\n\n', { fields: ': still here\n', data: undefined, id: undefined }],
    ['a priming event', 'id: 1\nretry: 5\ndata: \n\n', { fields: 'id: 1\nretry: 5\n', data: '', id: '1' }],
    ['a field that begins like data', 'database: x\n\n', { fields: 'database: x\n', data: undefined, id: undefined }],
    ['an id with NUL, which is none', 'id: a\0b\n\n', { fields: 'id: a\0b\n', data: undefined, id: undefined }],
    ['the last of two ids', 'id: 1\nid: 2\n\n', { fields: 'id: 1\nid: 2\n', data: undefined, id: '2' }],
    ['a byte order mark', '\ufeffdata: a\n\n', { fields: '', data: 'a', id: undefined }],
    ['mixed line ends', 'id: 1\r\ndata: a\rdata: b\n\r\n', { fields: 'id: 1\r\n', data: 'a\nb', id: '1' }],
  ])('with %s is read as the standard says', (_what, text, event) => {
    expect(split(text)).toEqual([event])
  })
  it('takes a byte order mark for one only where the stream begins', () => {
    expect(split('data: a\n\n\ufeffdata: b\n\n')[1]).toEqual({
      fields: '\ufeffdata: b\n',
      data: undefined,
      id: undefined,
    })
  })
  it('drops what has no blank line at its end', () => {
    expect(split('data: a\n\ndata: b\n')).toHaveLength(1)
  })
  it('hands an event out at once, without waiting for the \\n that may follow \\r', () => {
    const splitter = new SseSplitter({ eventBytesMax: 100 })
    const [event] = splitter.push(encodeUtf8('data: a\r\n\r'))
    // The client gets the whole line end, and the \n that comes then is not a line of its own.
    expect(decodeUtf8(event?.raw ?? new Uint8Array())).toBe('data: a\r\n\r\n')
    expect(splitter.push(encodeUtf8('\n'))).toEqual([])
    expect(splitter.push(encodeUtf8('data: b\r\n\r\n')).map(show)).toEqual([{ fields: '', data: 'b', id: undefined }])
  })
})

describe('an event that is too large', () => {
  it('fails, in one chunk or in many', () => {
    expect(() => split(`data: ${'x'.repeat(200)}\n\n`, { max: 100 })).toThrow(
      expect.objectContaining({ code: 'upstream_too_large' }),
    )
    const drip = new SseSplitter({ eventBytesMax: 100 })
    expect(() => {
      for (;;) drip.push(encodeUtf8('x'))
    }).toThrow(expect.objectContaining({ code: 'upstream_too_large' }))
  })
  it('is counted for itself, not for the stream', () => {
    expect(split('data: 0123456789\n\n'.repeat(50), { max: 20 })).toHaveLength(50)
  })
})

describe('any cutting into chunks', () => {
  const line = fc.oneof(
    fc.constantFrom('data: é世😀', 'data', 'data:', 'id: 3', ': comment', 'event: message', 'retry: 1', '', ''),
    fc.string({ unit: fc.constantFrom(...Array.from('adt:i \ufeffé')) }),
  )
  const stream = (ends: readonly string[]) =>
    fc.array(fc.tuple(line, fc.constantFrom(...ends)), { maxLength: 30 }).map((lines) => lines.flat().join(''))
  const cuts = fc.array(fc.nat({ max: 400 }), { maxLength: 30 })

  it('gives the same events, whatever the line ends', () => {
    fc.assert(
      fc.property(stream(['\n', '\r\n', '\r']), cuts, (text, at) => {
        expect(split(text, { at })).toEqual(split(text))
      }),
      { numRuns: 2000 },
    )
  })
  it('gives back every byte, up to the last blank line', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('\n', '\r\n').chain((end) => stream([end])),
        cuts,
        (text, at) => {
          const raw = decodeUtf8(concat(events(text, { at }).map((event) => event.raw)))
          expect(text.startsWith(raw)).toBe(true)
          expect(split(text.slice(raw.length))).toEqual([])
        },
      ),
      { numRuns: 2000 },
    )
  })
})

describe('a hostile stream', () => {
  it.each(['\r', '\n', 'x\r', 'data\n'])('of %j alone takes time in proportion to its length', (unit) => {
    const started = performance.now()
    split(unit.repeat(200_000), { max: 10_000_000 })
    expect(performance.now() - started).toBeLessThan(5000)
  })
})

describe('a written event', () => {
  it('is read back as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from('a{}": \n')) }), (data) => {
        const [event] = events(decodeUtf8(writeEvent({ fields: encodeUtf8('id: 1\n'), data: encodeUtf8(data) })))
        expect(event === undefined ? undefined : show(event)).toEqual({ fields: 'id: 1\n', data, id: '1' })
      }),
    )
  })
  it('cannot be made to end early, or to carry fields, by what its data holds', () => {
    const data = encodeUtf8('a\r\n\r\nid: 9\rdata: b\n\nevent: c')
    expect(split(decodeUtf8(writeEvent({ fields: encodeUtf8('id: 1'), data })))).toEqual([
      { fields: 'id: 1\n', data: 'a\n\nid: 9\ndata: b\n\nevent: c', id: '1' },
    ])
  })
  it('without data has no data line', () => {
    expect(decodeUtf8(writeEvent({ fields: encodeUtf8(': hello\n'), data: undefined }))).toBe(': hello\n\n')
  })
  it('that was emptied keeps its id', () => {
    expect(split(decodeUtf8(emptyEvent(encodeUtf8('id: 4\n'))))).toEqual([{ fields: 'id: 4\n', data: '', id: '4' }])
  })
})

interface Cutting {
  readonly at?: readonly number[]
  readonly max?: number
}

function split(text: string, cutting: Cutting = {}) {
  return events(text, cutting).map(show)
}

function events(text: string, { at = [], max = 1_000_000 }: Cutting = {}): SseEvent[] {
  const splitter = new SseSplitter({ eventBytesMax: max })
  const bytes = encodeUtf8(text)
  const places = [0, ...at.filter((place) => place < bytes.length).toSorted((a, b) => a - b), bytes.length]
  return places.slice(1).flatMap((end, i) => splitter.push(bytes.subarray(places[i], end)))
}

function show({ fields, data, id }: SseEvent) {
  return { fields: decodeUtf8(fields), data: data === undefined ? undefined : decodeUtf8(data), id }
}
