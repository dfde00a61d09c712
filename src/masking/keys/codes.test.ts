import { describe, expect, it } from 'vitest'
import { expectEverywhere } from '../../../test/support/masking/everywhere.ts'
import { NamedValues } from '../../../test/support/masking/named-values.ts'

const names = new NamedValues()
const values = (text: string, raw = true): string[] => [
  ...new Set(
    names
      .find(text, { raw })
      .filter(({ entity }) => entity === 'pin' || entity === 'card_verification')
      .map(({ value }) => value),
  ),
]
const card = ['4111', '1111', '1111', '1111']

describe('a code just behind its name', () => {
  it.each([
    [`Visa ${card.join('')} exp 08/27 CVV 545`, '545'],
    [`Visa ${card.join(' ')}, exp 08/27, CVC 545.`, '545'],
    [`card ${card.join('-')} security code 5453`, '5453'],
    [`${card.join('')}\n08/27\nCVV2 545`, '545'],
    ['valid thru 08/27 cvc code 545', '545'],
    ['one-time code 692901', '692901'],
    ['Your one-time code 692901 expires in 10 minutes', '692901'],
    ['use OTP 692901 to log in', '692901'],
    ['OTP 202611 is yours', '202611'],
    ['OTP: 692901', '692901'],
    ['Your OTP 692901 releases the payment', '692901'],
    ['Your verification code is 692901', '692901'],
  ])('%j', (text, value) => expectEverywhere(text, [value], values))

  it.each([
    'CVV 545',
    'cvv 3 digits',
    `${card.join('')} and CVV 3-4 digits`,
    `${card.join('')} and CVV 545.50`,
    'exp 08/27, CVV 3 or 4',
    'security code 2048 bits',
    'OTP 6 digits',
    'Erlang OTP 25',
    'Erlang/OTP 25.3',
    'OTP 2024',
    'OTP 202611 release',
    'Erlang OTP 202611 builds',
    'pin code 110001',
    'verification code 600000 ms',
    'one time code 404',
    'sms code 692901-22',
  ])('is none in %j', (text) => expect(values(JSON.stringify({ t: text }))).toEqual([]))
})
