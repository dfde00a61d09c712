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
