import { describe, expect, it } from 'vitest'
import { Chance } from '../../../test/support/masking/random.ts'
import { encodeUtf8 } from '../../base/bytes.ts'
import { entityId } from '../entities.ts'
import { isOfKind, isOfKindInDigits, LOOK_MAX } from './demands.ts'
import type { KeyKind } from './dictionary.ts'

const DEMANDS = ['any', 'opaque', 'pin', 'digits', 'long-digits', 'card', 'phone', 'postcode', 'date', 'name'] as const
const ALPHABETS = ['0123456789', '0123456789 ().+-', ' ().+-', '0123456789x', '4é']

function kindOf(demand: KeyKind['demand']): KeyKind {
  return { entity: entityId('phone'), word: 'x', rule: 'key.x', demand, plural: false, isSecret: false }
}

describe('a value in digits', () => {
  it('is judged by its bytes as by its text, or is left to its text', () => {
    const random = new Chance(3)
    let told = 0
    for (let i = 0; i < 20_000; i++) {
      const alphabet = Array.from(random.pick(ALPHABETS))
      const text = Array.from({ length: random.below(random.pick([4, 12, 24])) }, () => random.pick(alphabet)).join('')
      const kind = kindOf(random.pick(DEMANDS))
      const bytes = encodeUtf8(`"${text}"`)
      const answer = isOfKindInDigits(kind, bytes, { start: 1, end: bytes.length - 1 })
      if (answer === undefined) continue
      told++
      expect(answer, `${kind.demand} of ${text}`).toBe(isOfKind(kind, text, 'string'))
    }
    expect(told).toBeGreaterThan(2_000)
  })

  it('is looked at as far as its text would be', () => {
    const bytes = encodeUtf8(`${'1'.repeat(LOOK_MAX)}a`)
    expect(isOfKindInDigits(kindOf('card'), bytes, { start: 0, end: bytes.length })).toBe(true)
    expect(isOfKindInDigits(kindOf('card'), bytes, { start: 1, end: bytes.length })).toBeUndefined()
  })
})

describe('a URL under a key such as DATABASE_URL', () => {
  const kind = kindOf('opaque')
  it.each(['${DB_PASSWORD}', '<password>', '%DB_PASSWORD%', '{{ password }}', '****'])(
    'is none where its password is %s',
    (password) => expect(isOfKind(kind, `postgres://shop:${password}@db:5432/shop`, 'string')).toBe(false),
  )

  it.each([
    ['postgres://shop:', 'plum-44', '@db:5432/shop'],
    ['postgres://shop:', 'password', '@db/shop'],
    ['redis://:', 'plum-44', '@cache'],
    ['mongodb://shop:', '${DB_PASSWORD}@db1,ops:plum-44', '@db2/shop'],
    ['postgres://shop:${DB_PASSWORD}', '@db/shop?', 'sslkey=plum-44'],
  ])('is one with a password in it: %s%s%s', (...parts) => {
    expect(isOfKind(kind, parts.join(''), 'string')).toBe(true)
  })
})
