import { describe, expect, it } from 'vitest'
import { expectEverywhere } from '../../../test/support/masking/everywhere.ts'
import { secretFinder, textsOf } from '../../../test/support/masking/secret-finder.ts'

const find = secretFinder()
const values = (text: string, raw: boolean): string[] => textsOf(text, find(text, { raw }))

describe('a code before what says that it is one', () => {
  it.each([
    ['692901 is your Example verification code', '692901'],
    ['Hello,\n692901 is your one-time code. It is valid for 10 minutes.', '692901'],
    ['G-692901 is your Example verification code.', '692901'],
    ['<#> 692-901 is your login code', '692-901'],
    ['Use 4821 as your one-time password', '4821'],
    ['692901 is your OTP', '692901'],
  ])('%j', (text, value) => expectEverywhere(text, [value], values))

  it.each([
    '8080 is your port',
    '2024 is your year to learn about verification codes',
    'v1.6929 is your access code version',
    'the order 692901 is your responsibility',
    '692901 is your order number',
    'What is your verification code?',
  ])('is none in %j', (text) => expect(values(text, false)).toEqual([]))
})
