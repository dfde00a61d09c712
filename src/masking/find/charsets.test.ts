import { describe, expect, it } from 'vitest'
import { openMasker, seenOf } from '../../../test/support/masking/passages.ts'
import {
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

  it('may have colours for a terminal in it', () => {
    const { bytes } = shown('text/plain', toBase64(encodeUtf8(log('a@b.example'))))
    expect(decodeUtf8(bytes)).toBe(log(/sur_email_\w{18}/.exec(decodeUtf8(bytes))?.[0] ?? 'none'))
  })

  it('is none where control characters are anywhere in what is no UTF-8, or half a character', () => {
    const codes = String.fromCharCode(...Array.from({ length: 256 }, (_, code) => code))
    const page = encodeLatin1(`%PDF-1.4 ä ${'x'.repeat(600)} a@b.example ${codes.repeat(8)}`)
    const half = encodeUtf16('\ufeffa@b.example \ud800', 'le')
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
