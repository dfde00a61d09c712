import { describe, expect, it } from 'vitest'
import { cpuMs } from '../../../test/support/cpu-time.ts'
import { encodeUtf8, toBase64 } from '../../base/bytes.ts'
import { decodeBase64Run } from './base64.ts'
import { decodedViews } from './decode.ts'
import { findLeftOver } from './left-over.ts'
import { nextUnicodeMark } from './marks.ts'
import { findFurther } from './propagate.ts'

const BYTES = 262_144
/** Of processor time, for four looks at once and code that is not compiled yet; the bar for one look is one. */
const MS_PER_KIB_MAX = 4

const UNITS: readonly (readonly [name: string, unit: string])[] = [
  ['escapes of ASCII', '\\u0041'],
  ['escapes of escapes', '\\\\u0041'],
  ['percent signs', '%40'],
  ['percent signs of percent signs', '%2540'],
  ['references of HTML', '&#64;'],
  ['references of references', '&amp;#64;'],
  ['zero-width spaces', 'a\u200b'],
  ['only zero-width spaces', '\u200b'],
  ['backslashes', '\\'],
  ['quotes', '\\"'],
  ['slashes', '\\\\\\\\/'],
  ['wide digits', '４'],
  ['digits of mathematics', '𝟗'],
  ['look-alikes', 'a\u0430'],
  ['letters in escapes', '\\u00fc'],
  ['one letter', 'a'],
  ['words of one letter', 'a '],
  ['the value but its end', 'a a a a a a a a a a a a a a a a '],
  ['lines of base64', `${'QUJD'.repeat(19)}\\n`],
  ['base64', 'QUJD'],
]

describe('256 KiB made to be slow', () => {
  it.each(UNITS)('of %s cost time in proportion', (_, unit) => {
    const text = unit.repeat(Math.ceil(BYTES / encodeUtf8(unit).length))
    const bytes = encodeUtf8(text)
    const values = [
      `${'a '.repeat(200)}b`,
      ...Array.from({ length: 2_000 }, (__, i) => `a a a a ${i}`),
      'AAAA',
      '@@@@@@',
    ]
    let views: ReturnType<typeof decodedViews> = []
    const ms = cpuMs(() => {
      for (let at = nextUnicodeMark(bytes, 0), n = 0; at >= 0 && n < BYTES; n++) at = nextUnicodeMark(bytes, at + 1)
      views = decodedViews(bytes)
      decodeBase64Run(bytes, 0, bytes.length)
      findFurther(bytes, values)
      findLeftOver(bytes, values)
    })
    expect(views.reduce((sum, view) => sum + view.bytes.length, 0)).toBeLessThan(bytes.length * 12)
    expect(ms).toBeLessThan((MS_PER_KIB_MAX * BYTES) / 1_024)
  })

  it('of base64 of base64 is read once', () => {
    const inner = toBase64(encodeUtf8('joe@example.com, and more text. '.repeat(4_000)))
    const bytes = encodeUtf8(toBase64(encodeUtf8(inner)))
    expect(decodeBase64Run(bytes, 0, bytes.length)?.bytes.length).toBeGreaterThan(120_000)
  })

  it('to make the search walk on for ever are given up, and nothing is said to be absent', () => {
    const values = Array.from({ length: 40 }, (_, i) => `${'a '.repeat(4_000)}${i}`)
    const bytes = encodeUtf8('a '.repeat(BYTES / 2))
    expect(findFurther(bytes, values)).toBeUndefined()
    expect(findLeftOver(bytes, values)).toBe(-1)
  })
})
