import { Buffer } from 'node:buffer'
import { createSecretKey } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../base/bytes.ts'
import { HOUR_MS } from '../base/units.ts'
import { requestDigest, Sealer, type SealPlace } from './sealing.ts'

const NOW = 1_790_000_000_000
const CURSOR = encodeUtf8('{\\"after\\":\\"joe@example.com\\"}')
const PLACE: SealPlace = {
  tenant: 't',
  principal: 'pri_alice',
  client: 'desk',
  connection: 'crm',
  upstream: 'crm',
  method: 'tools/list',
  field: 'cursor',
}

describe('a cursor that a client gets', () => {
  it('comes back to the server byte for byte, and says nothing on its way', () => {
    const sealer = setUp()
    const text = sealer.seal(CURSOR, PLACE, NOW)
    expect(text).toMatch(/^sl1\.[A-Za-z0-9_-]+$/)
    expect(Buffer.from(text.slice(4), 'base64url').toString('latin1')).not.toContain('joe')
    expect(sealer.open(text, PLACE, NOW + HOUR_MS)).toEqual(CURSOR)
  })

  it('comes back whatever its bytes are', () => {
    const sealer = setUp()
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(Buffer.from(sealer.open(sealer.seal(bytes, PLACE, NOW), PLACE, NOW) ?? [1])).toEqual(Buffer.from(bytes))
      }),
    )
  })

  it('never looks the same twice', () => {
    const sealer = setUp()
    expect(sealer.seal(CURSOR, PLACE, NOW)).not.toBe(sealer.seal(CURSOR, PLACE, NOW))
  })

  it.each([
    ['tenant', 'u'],
    ['principal', 'pri_bob'],
    ['client', 'other'],
    ['connection', 'erp'],
    ['upstream', 'erp'],
    ['method', 'resources/list'],
    ['field', 'requestState'],
    ['request', 'x'],
  ])('is refused with another %s', (part, other) => {
    const sealer = setUp()
    expect(sealer.open(sealer.seal(CURSOR, PLACE, NOW), { ...PLACE, [part]: other }, NOW)).toBeUndefined()
  })

  it('is refused with any bit changed, cut, or made up', () => {
    const sealer = setUp()
    const bytes = Buffer.from(sealer.seal(CURSOR, PLACE, NOW).slice(4), 'base64url')
    for (let i = 0; i < bytes.length; i += 1) {
      const damaged = Buffer.from(bytes)
      damaged[i] = (damaged[i] ?? 0) ^ 1
      expect(sealer.open(`sl1.${damaged.toString('base64url')}`, PLACE, NOW)).toBeUndefined()
    }
    for (const text of ['', 'sl1.', 'sl1.AAAA', 'sl1.not base64', 'page2', `sl2.${bytes.toString('base64url')}`])
      expect(sealer.open(text, PLACE, NOW)).toBeUndefined()
  })

  it('is good for eight hours to the millisecond', () => {
    const sealer = setUp()
    const text = sealer.seal(CURSOR, PLACE, NOW)
    expect(sealer.open(text, PLACE, NOW + 8 * HOUR_MS - 1)).toEqual(CURSOR)
    expect(sealer.open(text, PLACE, NOW + 8 * HOUR_MS)).toBeUndefined()
  })
})

describe('the state of a request', () => {
  it('is good for an hour', () => {
    const [sealer, place] = [setUp(), stateOf('pay', '{"to":"joe"}')]
    const text = sealer.seal(CURSOR, place, NOW)
    expect(sealer.open(text, place, NOW + HOUR_MS - 1)).toEqual(CURSOR)
    expect(sealer.open(text, place, NOW + HOUR_MS)).toBeUndefined()
  })

  it('is refused with other arguments, or for another tool', () => {
    const sealer = setUp()
    const text = sealer.seal(CURSOR, stateOf('pay', '{"to":"joe"}'), NOW)
    expect(sealer.open(text, stateOf('pay', '{"to":"eve"}'), NOW)).toBeUndefined()
    expect(sealer.open(text, stateOf('"pay"', '{"to":"joe"}'), NOW)).toBeUndefined()
    expect(requestDigest('a', encodeUtf8('"b'))).not.toBe(requestDigest('a"', encodeUtf8('b')))
  })
})

describe('the keys of seals', () => {
  it('change with time, and what was sealed just before a change opens for its whole life', () => {
    const sealer = setUp()
    const start = Math.ceil(NOW / (8 * HOUR_MS)) * 8 * HOUR_MS
    for (const before of [1, HOUR_MS, 8 * HOUR_MS - 1]) {
      const text = sealer.seal(CURSOR, PLACE, start - before)
      expect(setUp().open(text, PLACE, start - before + 8 * HOUR_MS - 1)).toEqual(CURSOR)
    }
  })

  it('of another node whose clock is ahead are known', () => {
    const start = Math.ceil(NOW / (8 * HOUR_MS)) * 8 * HOUR_MS
    expect(setUp().open(setUp().seal(CURSOR, PLACE, start), PLACE, start - 1)).toEqual(CURSOR)
  })

  it('hang on the root key; the one before it opens as long as it is named', () => {
    const text = setUp(1).seal(CURSOR, PLACE, NOW)
    expect(setUp(2).open(text, PLACE, NOW)).toBeUndefined()
    expect(setUp(2, 1).open(text, PLACE, NOW)).toEqual(CURSOR)
    expect(setUp(1).open(setUp(2, 1).seal(CURSOR, PLACE, NOW), PLACE, NOW)).toBeUndefined()
  })
})

function stateOf(name: string, args: string): SealPlace {
  return { ...PLACE, method: 'tools/call', field: 'requestState', request: requestDigest(name, encodeUtf8(args)) }
}

function setUp(key = 1, previous?: number): Sealer {
  return new Sealer(rootOf(key), previous === undefined ? undefined : rootOf(previous))
}

function rootOf(byte: number) {
  return { key: createSecretKey(new Uint8Array(32).fill(byte)), id: `k${byte}` }
}
