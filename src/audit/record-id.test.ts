import { describe, expect, it } from 'vitest'
import { recordId } from './record-id.ts'

describe('the id of a record', () => {
  it('is a UUIDv7 of its time', () => {
    const random = Uint8Array.of(0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f)
    // RFC 9562, appendix A.6: 0x017F22E279B0 milliseconds.
    expect(recordId(0x017f22e279b0 * 1000 + 999, random)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f')
  })
})
