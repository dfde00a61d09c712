import { describe, expect, it } from 'vitest'
import { Chance } from '../../../test/support/masking/random.ts'
import { textsOf } from './searchable.ts'

describe('texts that values are searched by', () => {
  it('are numbers without their separators too', () => {
    expect(textsOf(['+1 (202) 555-0100'], 4).map(({ text }) => text)).toEqual(['+1 (202) 555-0100', '12025550100'])
  })

  it('are what regular expressions say of any value', () => {
    const random = new Chance(11)
    const letters = Array.from('0123456789  +-.()/%"\\é٣aZ_\n')
    for (let i = 0; i < 2_000; i++) {
      const value = Array.from({ length: random.below(12) }, () => random.pick(letters)).join('')
      expect(textsOf([value], 4).map(({ text }) => text)).toEqual(plainTextsOf(value))
    }
  })
})

function plainTextsOf(value: string): string[] {
  const isWord = /^[a-z]/i.test(value)
  const isMeaningless = /^[-+]?\d{1,4}(?:\.\d*)?$/.test(value) || !/[\p{L}\p{N}]/u.test(value)
  if (value.length < 4 || (!isWord && isMeaningless)) return []
  const digits = /^[+(]?\d[\d ()/.+-]*\d\)?$/.test(value) ? value.replaceAll(/\D/g, '') : ''
  return digits.length >= 5 && digits.length < value.length ? [value, digits] : [value]
}
