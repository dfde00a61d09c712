import { describe, expect, it } from 'vitest'
import { Chance } from '../../../test/support/masking/random.ts'
import { splitKey } from './split-key.ts'

describe('the words of a key', () => {
  it.each([
    ['customerCardNumber2', 'customer card number'],
    ['HTTPServerURL', 'http server url'],
    ['card_number', 'card number'],
    ['x1abC', 'x c'],
    ['', ''],
    ['ABCd', 'ab cd'],
    ['Contrase\u00f1aNueva', 'contrasena nueva'],
  ])('of %s are %s', (key, words) => {
    expect(splitKey(key).join(' ')).toBe(words)
  })

  it('are the same whether the key has a letter beyond ASCII behind it or not', () => {
    const random = new Chance(11)
    for (let i = 0; i < 20_000; i++) {
      const key = Array.from({ length: random.below(12) }, () => random.pick(LETTERS)).join('')
      expect(splitKey(`${key}.\u00e9`)).toEqual([...splitKey(key), 'e'])
    }
  })
})

const LETTERS = Array.from('abzABZ019_-. $')
