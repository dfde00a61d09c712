import { describe, expect, it } from 'vitest'
import { cpuMs } from '../../test/support/cpu-time.ts'
import { encodeUtf8, toBase64, toHex } from '../base/bytes.ts'
import { credentialHide } from './credential-echo.ts'

const PLAIN = 'made-up-9fK2LmQ8xZ7pR4sT'

describe('hostile messages', () => {
  it.each([
    { what: 'unicode escapes', unit: '\\u0041' },
    { what: 'percent signs', unit: '%25' },
    { what: 'backslashes', unit: '\\\\' },
    { what: 'almost the credential', unit: PLAIN.slice(0, -1) },
    { what: 'the credential again and again', unit: PLAIN },
    { what: 'almost its hexadecimal', unit: toHex(encodeUtf8(PLAIN)).slice(0, -1) },
    { what: 'pairs of its hexadecimal digits', unit: toHex(encodeUtf8(PLAIN)).slice(0, 8) },
    { what: 'the beginning of its base64', unit: toBase64(encodeUtf8(PLAIN)).slice(0, 12) },
  ])('cost time in proportion to their length: $what', ({ unit }) => {
    const hide = credentialHide([PLAIN])
    const measure = (bytes: number) => {
      const raw = encodeUtf8(`{"t":"${unit.repeat(bytes / unit.length)}"}`)
      return cpuMs(() => hide.bytes(raw))
    }
    measure(256 * 1024)
    const small = Math.min(measure(512 * 1024), measure(512 * 1024))
    const large = Math.min(measure(4 * 1024 * 1024), measure(4 * 1024 * 1024))
    // Eight times the bytes; a quadratic search would cost sixty-four times as much.
    expect(large).toBeLessThan(small * 32 + 50)
  })
})
