import { array, assert, infiniteStream, integer, property, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat, decodeUtf8, encodeUtf8 } from '../base/bytes.ts'
import { asLine, LineSplitter } from './lines.ts'

describe('the lines of a process', () => {
  it('are the same wherever its output is cut', () => {
    assert(
      property(
        array(
          string().filter((text) => !/[\r\n]/.test(text)),
          { maxLength: 8 },
        ),
        infiniteStream(integer({ min: 1, max: 9 })),
        (texts, sizes) => {
          const output = concat([...texts.map((text) => encodeUtf8(`${text}\n`)), encodeUtf8('unfinished')])
          const splitter = new LineSplitter({ lineBytesMax: 1000 })
          const lines: string[] = []
          for (let at = 0; at < output.length;) {
            const size = sizes.next().value
            for (const line of splitter.push(output.slice(at, at + size))) lines.push(decodeUtf8(line))
            at += size
          }
          expect(lines).toEqual(texts.filter((text) => text !== ''))
        },
      ),
    )
  })

  it('may end as on Windows', () => {
    const lines = new LineSplitter({ lineBytesMax: 100 }).push(encodeUtf8('a\r\n\r\nb\r\n'))
    expect(lines.map((line) => decodeUtf8(line))).toEqual(['a', 'b'])
  })

  it('are refused beyond the limit, finished or not', () => {
    const splitter = new LineSplitter({ lineBytesMax: 5 })
    expect(splitter.push(encodeUtf8('12345\n12'))).toHaveLength(1)
    expect(() => splitter.push(encodeUtf8('3456'))).toThrow(expect.objectContaining({ code: 'upstream_too_large' }))
  })
})

describe('a message for a process', () => {
  it('is one line, and says the same', () => {
    const text = '{\n  "a": "x\\n",\r\n  "b": [1,\n2]\n}'
    const line = decodeUtf8(asLine(encodeUtf8(text)))
    expect(line.indexOf('\n')).toBe(line.length - 1)
    expect(JSON.parse(line)).toEqual(JSON.parse(text))
  })

  it('that is one line already keeps its bytes', () => {
    expect(decodeUtf8(asLine(encodeUtf8('{"a":1.0}')))).toBe('{"a":1.0}\n')
  })
})
