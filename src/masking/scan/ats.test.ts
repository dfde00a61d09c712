import { describe, expect, it } from 'vitest'
import { decodeUtf8, encodeUtf8 } from '../../base/bytes.ts'
import { scanAts } from './ats.ts'

function found(text: string): string[] {
  const bytes = encodeUtf8(text)
  const list: string[] = []
  scanAts(bytes, ({ start, at, end }) => {
    expect(bytes[at]).toBe(0x40)
    list.push(decodeUtf8(bytes, start, end))
  })
  return list
}

describe('the scan for at signs', () => {
  it.each([
    ['mail "joe.bloggs+x@mail.example.com", please', ['joe.bloggs+x@mail.example.com']],
    ['joe@localhost', ['joe@localhost']],
    ['Write to joe@example.com. Or to ann@example.org!', ['joe@example.com', 'ann@example.org']],
    ['jürgen@müller.example', ['jürgen@müller.example']],
    ['a@b@c', ['a@b', 'b@c']],
    ['<joe@example.com>', ['joe@example.com']],
  ])('finds in %s', (text, wanted) => {
    expect(found(text)).toEqual(wanted)
  })

  it.each(['@', 'joe@', '@example.com', 'joe@ example.com', 'joe@...', 'nothing', ''])(
    'finds nothing in %j',
    (text) => {
      expect(found(text)).toEqual([])
    },
  )

  it('leaves an escape before the address whole', () => {
    expect(found(String.raw`a\njoe@example.com`)).toEqual(['joe@example.com'])
    expect(found(String.raw`a\\\\njoe@example.com`)).toEqual(['joe@example.com'])
    expect(found(String.raw`\u003cjoe@example.com`)).toEqual(['joe@example.com'])
    expect(found(String.raw`\n@example.com`)).toEqual([])
    expect(found(String.raw`\u0041@example.com`)).toEqual([])
  })

  it('takes a letter after a backslash for a letter where no escape is written so', () => {
    expect(found(String.raw`C:\\joe@example.com`)).toEqual(['joe@example.com'])
  })

  it('looks at 64 bytes before the sign and 255 after it, and never begins inside an escape', () => {
    expect(found(`${'a'.repeat(100)}@${'b'.repeat(300)}`)).toEqual([`${'a'.repeat(64)}@${'b'.repeat(255)}`])
    for (let letters = 56; letters < 66; letters += 1)
      expect(found(`${String.raw`\u00e9`}${'a'.repeat(letters)}@b.co`)).toEqual([
        `${'a'.repeat(Math.min(letters, 64))}@b.co`,
      ])
  })

  it('reports every one of very many signs', () => {
    expect(found('a@'.repeat(20_000))).toHaveLength(19_999)
    expect(found('@'.repeat(20_000))).toEqual([])
  })
})
