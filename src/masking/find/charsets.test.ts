import { describe, expect, it } from 'vitest'
import { openMasker, seenOf } from '../../../test/support/masking/passages.ts'
import {
  concat,
  decodeLatin1,
  decodeUtf16,
  decodeUtf8,
  encodeLatin1,
  encodeUtf16,
  encodeUtf8,
  readBase64,
  toBase64,
} from '../../base/bytes.ts'

const CSV = 'name;mail\nJürgen Groß;juergen@example.com\n'
const MASKED = /^name;mail\nJürgen Groß;sur_email_\w{18}\n$/

const log = (mail: string) => `\u001b[31mfailed\u001b[0m for ${mail}\f\n`

function shown(mimeType: string, blob: string) {
  using world = openMasker()
  const result = { contents: [{ uri: 'a:b', mimeType, blob }] }
  const [seen] = seenOf(world.passage({ method: 'resources/read', tool: undefined }), [
    JSON.stringify({ jsonrpc: '2.0', id: 1, result }),
  ])
  const text: string = JSON.parse(seen?.text ?? '').result.contents[0].blob
  return { blob: text, bytes: readBase64(text), notInspected: seen?.evidence?.notInspected ?? [] }
}

describe('a text in base64', () => {
  it.each([
    ['UTF-8', encodeUtf8(CSV), decodeUtf8],
    ['Latin-1', encodeLatin1(CSV), decodeLatin1],
    ['UTF-16 with a mark', encodeUtf16(`\ufeff${CSV}`, 'le'), (bytes: Uint8Array) => decodeUtf16(bytes, 'le').slice(1)],
    [
      'UTF-16BE with a mark',
      encodeUtf16(`\ufeff${CSV}`, 'be'),
      (bytes: Uint8Array) => decodeUtf16(bytes, 'be').slice(1),
    ],
  ])('is masked and written back as it came: %s', (_, bytes, read) => {
    for (const type of ['text/csv', 'application/octet-stream']) {
      const { blob, bytes: out, notInspected } = shown(type, toBase64(bytes))
      expect(read(out)).toMatch(MASKED)
      expect(toBase64(out)).toBe(blob)
      expect(notInspected).toEqual([])
    }
  })

  it('is UTF-16 without a mark where its type says so', () => {
    const type = 'text/csv; charset=utf-16'
    expect(decodeUtf16(shown(type, toBase64(encodeUtf16(CSV, 'le'))).bytes, 'le')).toMatch(MASKED)
    expect(decodeUtf16(shown(`${type}BE`, toBase64(encodeUtf16(CSV, 'be'))).bytes, 'be')).toMatch(MASKED)
  })

  it.each([
    ['without padding', (text: string) => text.replaceAll('=', '')],
    ['in the alphabet of URLs', (text: string) => text.replaceAll('+', '-').replaceAll('/', '_')],
    ['in lines', (text: string) => text.replaceAll(/.{8}/g, '$&\n')],
  ])('is read %s, however short it is', (_, write) => {
    const { blob, bytes } = shown('text/plain', write(toBase64(encodeUtf8('??>a@b.example ??'))))
    expect(decodeUtf8(bytes)).toMatch(/^\?\?>sur_email_\w+ \?\?$/)
    expect(toBase64(bytes)).toBe(blob)
  })

  it.each(['utf-16', 'utf-16le', 'UTF-16BE'])('is none in %s where its bytes are not', (charset) => {
    const { bytes } = shown(`text/csv; charset=${charset}`, toBase64(encodeUtf8(CSV)))
    expect(decodeUtf8(bytes)).toMatch(MASKED)
  })

  it('is read behind the beginning of a URL, which stays', () => {
    for (const before of ['data:text/csv;base64,', 'DATA:;base64,']) {
      const { blob } = shown('text/csv', `${before}${toBase64(encodeUtf8(CSV))}`)
      expect(blob.slice(0, before.length)).toBe(before)
      expect(decodeUtf8(readBase64(blob.slice(before.length)))).toMatch(MASKED)
    }
  })

  it('may have colours for a terminal in it', () => {
    const { bytes } = shown('text/plain', toBase64(encodeUtf8(log('a@b.example'))))
    expect(decodeUtf8(bytes)).toBe(log(/sur_email_\w{18}/.exec(decodeUtf8(bytes))?.[0] ?? 'none'))
  })

  it.each([
    ['a byte that no character has', encodeUtf8(CSV), Uint8Array.of(0xff, 0xc3, 0x28)],
    ['a few control characters', encodeUtf8(CSV), Uint8Array.of(0, 0xff)],
    ['a few of them far behind', encodeUtf8(CSV.repeat(30)), Uint8Array.of(0, 0xff, 1)],
  ])('with %s is masked, and all of the rest is as it was', (_, text, broken) => {
    const bytes = concat([text, broken, encodeUtf8(CSV)])
    for (const type of ['text/csv', 'image/png']) {
      const { blob, bytes: out, notInspected } = shown(type, toBase64(bytes))
      expect(toBase64(out)).toBe(blob)
      expect(notInspected).toEqual([])
      const stand = /sur_email_\w{18}/.exec(decodeLatin1(out))?.[0] ?? 'none'
      expect(decodeLatin1(out)).toBe(decodeLatin1(bytes).replaceAll('juergen@example.com', stand))
    }
  })

  it('in UTF-16 that is cut, or has half a character, is masked', () => {
    const half = encodeUtf16(`\ufeff${CSV}\ud800 and ${CSV}`, 'le')
    const { blob, bytes } = shown('text/csv', toBase64(half))
    expect(toBase64(bytes)).toBe(blob)
    expect(decodeUtf16(bytes, 'le')).toMatch(
      /^\ufeffname;mail\nJürgen Groß;sur_email_\w{18}\n\ufffd and name;mail\nJürgen/,
    )
    expect(decodeUtf16(bytes, 'le')).not.toContain('juergen@example.com')
    const odd = shown('text/csv', toBase64(concat([encodeUtf16(`\ufeff${CSV}`, 'le'), Uint8Array.of(0x41)])))
    expect(decodeUtf16(odd.bytes, 'le').slice(1)).toMatch(MASKED)
    const clean = toBase64(encodeUtf16('\ufeffname \ud800', 'le'))
    expect(shown('text/csv', clean).blob).toBe(clean)
  })

  it.each([
    ['padding in its middle', `${toBase64(encodeUtf8(`${CSV}a`))}${toBase64(encodeUtf8(CSV))}`],
    ['too much padding', `${toBase64(encodeUtf8(CSV)).replace(/=*$/, '')}===`],
    ['one character too many', `${toBase64(encodeUtf8(`${CSV}ab`)).replace(/=*$/, '')}A`],
    ['a character that is none of base64', toBase64(encodeUtf8(CSV)).replace(/^.{11}/, '$&!')],
    ['padding before it', `=${toBase64(encodeUtf8(CSV))}`],
    ['an equals sign where no padding is', toBase64(encodeUtf8(CSV)).replace(/^.{13}/, '$&=')],
    ['its first characters missing', toBase64(encodeUtf8(CSV.repeat(3))).slice(2)],
  ])('with %s comes as base64 again, without the value', (_, written) => {
    const { blob, bytes } = shown('text/csv', written)
    expect(toBase64(bytes)).toBe(blob)
    expect(decodeLatin1(bytes)).toMatch(/sur_email_\w{18}/)
    expect(decodeLatin1(bytes)).not.toContain('juergen@')
  })

  it('that is no base64 but text is masked as it stands', () => {
    const stand = /^name;mail\nJürgen Groß;sur_email_\w{18}\n/
    expect(shown('text/csv', CSV).blob).toMatch(stand)
    const late = `${'QUJD'.repeat(200)} ${CSV}`
    expect(decodeLatin1(shown('image/png', late).bytes)).toMatch(/^sur_email_\w{18}$/)
  })

  it('is none where control characters are all over what is no UTF-8, or halves of characters', () => {
    const codes = String.fromCharCode(...Array.from({ length: 256 }, (_, code) => code))
    const page = encodeLatin1(`%PDF-1.4 ä ${'x'.repeat(600)} a@b.example ${codes.repeat(8)}`)
    const half = encodeUtf16(`\ufeffa@b.example ${'\ud800'.repeat(9)}`, 'le')
    for (const bytes of [page, half]) {
      const { blob, notInspected } = shown('application/pdf', toBase64(bytes))
      expect(blob).toBe(toBase64(bytes))
      expect(notInspected).toEqual(['application/pdf'])
    }
  })
})

describe('what is no text, where a connection lets nothing through that cannot be searched,', () => {
  it('is withheld, and the client learns what it was', () => {
    using world = openMasker({ terms: { binary: 'block' } })
    const blob = toBase64(new Uint8Array(64))
    const result = { contents: [{ uri: 'a:b', mimeType: 'image/png', blob }] }
    const send = () => seenOf(world.passage(), [JSON.stringify({ jsonrpc: '2.0', id: 1, result })])
    expect(send).toThrow(/^The reply was withheld: it holds content that cannot be searched, such as a picture/)
  })
})
