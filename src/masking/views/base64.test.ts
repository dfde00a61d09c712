import { assert, nat, property, string, tuple } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeUtf8, encodeUtf8, toBase64, toBase64Url } from '../../base/bytes.ts'
import { Base64Reader, decodeBase64Run } from './base64.ts'

const TEXT = 'name,mail\nJoe Doe,joe@example.com\nZoë,zoe@example.com and some more text'

describe('a run of base64', () => {
  it.each([
    ['padded', toBase64(encodeUtf8(TEXT))],
    ['for URLs', toBase64Url(encodeUtf8(TEXT))],
    ['with line ends', lines(toBase64(encodeUtf8(TEXT.repeat(3))), '\n')],
    ['with escaped line ends', lines(toBase64(encodeUtf8(TEXT.repeat(3))), '\\n')],
    ['with line ends escaped twice', lines(toBase64(encodeUtf8(TEXT.repeat(3))), '\\\\r\\\\n')],
    ['with escaped slashes', toBase64(encodeUtf8(`${TEXT}???>>>???`)).replaceAll('/', '\\/')],
  ])('is read %s, to its end', (_, run) => {
    const bytes = encodeUtf8(`"${run}" and more`)
    const found = decodeBase64Run(bytes, 1, endOfLine(bytes))
    expect(decodeUtf8(found?.bytes ?? encodeUtf8(''))).toContain('joe@example.com')
    expect(found).toMatchObject({ start: 1, end: 1 + run.length })
  })

  it('of any text is read, whatever stands before it in the run', () => {
    const any = tuple(string({ minLength: 40, maxLength: 200, unit: 'grapheme' }), nat(3))
    assert(
      property(any, ([text, before]) => {
        const printable = text.replaceAll(/\p{Cc}/gu, ' ')
        const bytes = encodeUtf8(`${'/'.repeat(before)}${toBase64(encodeUtf8(printable)).replaceAll('=', '')}`)
        expect(decodeUtf8(decodeBase64Run(bytes, 0, bytes.length)?.bytes ?? encodeUtf8(''))).toContain(
          printable.slice(2),
        )
      }),
      { seed: 11, numRuns: 200 },
    )
  })

  it('of bytes, of digests, and of paths is no text', () => {
    let state = 1
    const noise = Uint8Array.from({ length: 4_000 }, () => (state = Math.imul(state, 1_103_515_245) + 12_345) >>> 24)
    expect(read(toBase64(noise))).toBeUndefined()
    expect(read('9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08')).toBeUndefined()
    expect(read('usr/local/lib/node_modules/some-package/dist/deep/er/index')).toBeUndefined()
  })

  it('that is short is none', () => {
    expect(read(toBase64(encodeUtf8('joe@example.com')))).toBeUndefined()
  })

  it('longer than the limit is read so far', () => {
    const run = toBase64(encodeUtf8(TEXT.repeat(6_000)))
    const found = read(run)
    expect(found?.end).toBeGreaterThan(262_000)
    expect(found?.bytes.length).toBeGreaterThan(196_000)
  })
})

function read(run: string) {
  return decodeBase64Run(encodeUtf8(run), 0, run.length)
}

function lines(text: string, end: string): string {
  return text.match(/.{1,76}/g)?.join(end) ?? ''
}

/** Where a scan for the alphabet alone stops. */
function endOfLine(bytes: Uint8Array): number {
  let end = 1
  while (/[A-Za-z0-9+/_-]/.test(String.fromCharCode(bytes[end] ?? 0))) end++
  return end
}

describe('lines of base64 that follow each other', () => {
  const noise = toBase64(Uint8Array.from({ length: 48 }, (_, i) => 128 + ((i * 7) % 64)))

  it('are read together, and once', () => {
    expect(readLines([line('name: Joe Doe'), line('mail: joe@example.com'), line('end')])).toEqual([
      [0, expect.stringMatching(/Joe.*joe@.*end/s)],
      [0, expect.stringMatching(/Joe.*joe@/s)],
    ])
  })

  it('are read one by one where together they are no text', () => {
    expect(readLines([line('name: Joe Doe'), noise, noise, noise, line('mail: joe@example.com')])).toEqual([
      [0, expect.stringContaining('Joe Doe')],
      [4, expect.stringContaining('joe@example.com')],
    ])
  })

  it('are read without a word below them, too', () => {
    const texts = readLines([line('mail: joe@example.com'), 'redacted'])
    expect(texts.map(([, text]) => text)).toContainEqual(expect.stringMatching(/^mail: joe@example.com\.+$/))
  })
})

/** Each text with the number of the line that it begins in. */
function readLines(all: readonly string[]): [line: number, text: string][] {
  const bytes = encodeUtf8(all.join('\n'))
  const reader = new Base64Reader(bytes)
  let start = 0
  return all.flatMap((run, i) => {
    const texts = reader.read(start, start + run.length)
    start += run.length + 1
    return texts.map((text): [number, string] => [i, decodeUtf8(text.bytes)])
  })
}

function line(text: string): string {
  return toBase64(encodeUtf8(text.padEnd(48, '.')))
}
