import { assert as assertAll, constantFrom, oneof, property, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeLatin1, encodeUtf8, toBase64 } from '../../base/bytes.ts'
import { scanBase64Runs } from './base64-runs.ts'
import { buildDfa } from './dfa.ts'
import { ScanMachine } from './machine.ts'

const machine = new ScanMachine(buildDfa([]))

type Found = readonly [start: number, end: number]

function found(bytes: Uint8Array, { raw = true } = {}): Found[] {
  const list: Found[] = []
  scanBase64Runs({ bytes, raw }, machine.scan(bytes).base64, (start, end) => list.push([start, end]))
  return list
}

function byRegex(bytes: Uint8Array): Found[] {
  return [...decodeLatin1(bytes).matchAll(/(?:[A-Za-z0-9+/_-]|\\{1,8}(?=\/)){40,}={0,2}/g)]
    .map((match): Found => [match.index, match.index + match[0].length])
    .filter(([start, end]) => end - start >= 40)
}

describe('the scan for base64', () => {
  it('finds what a regular expression finds', () => {
    const unit = oneof(
      { weight: 60, arbitrary: constantFrom('A', 'b', '7', '+', '/', '-', '_', String.raw`\/`) },
      { weight: 2, arbitrary: constantFrom('=', ' ', '"', '€', '\\') },
    )
    assertAll(
      property(string({ unit, maxLength: 400 }), (text) => {
        const bytes = encodeUtf8(text)
        expect(found(bytes, { raw: false })).toEqual(byRegex(bytes))
      }),
      { numRuns: 3_000 },
    )
  })

  it('finds forty bytes at every alignment, and not thirty-nine', () => {
    for (let before = 0; before < 100; before += 1) {
      const text = (length: number): Uint8Array => encodeUtf8(`${' '.repeat(before)}${'Q'.repeat(length)}= `)
      expect(found(text(40))).toEqual([[before, before + 41]])
      expect(found(text(39))).toEqual([])
    }
  })

  it('takes escaped slashes of any level for slashes, and the padding to the run', () => {
    const base64 = toBase64(new Uint8Array(40).fill(0xff))
    for (const slash of ['/', String.raw`\/`, String.raw`\\/`, String.raw`\\\\/`]) {
      const text = base64.replaceAll('/', slash)
      expect(found(encodeUtf8(`"${text}"`))).toEqual([[1, text.length + 1]])
    }
  })

  it('leaves the letter of an escape before the run out', () => {
    const run = 'Q'.repeat(40)
    expect(found(encodeUtf8(String.raw`"\n${run}"`))).toEqual([[3, 43]])
    expect(found(encodeUtf8(String.raw`"\u00e9${run}"`))).toEqual([[7, 47]])
    expect(found(encodeUtf8(String.raw`"\n${run.slice(1)}"`))).toEqual([])
    expect(found(encodeUtf8(String.raw`"\n${run}"`), { raw: false })).toEqual([[2, 43]])
  })

  it('reads very many backslashes without end', () => {
    expect(found(new Uint8Array(262_144).fill(0x5c))).toEqual([])
    expect(found(new Uint8Array(262_144).fill(0x2f))).toEqual([[0, 262_144]])
  })
})
