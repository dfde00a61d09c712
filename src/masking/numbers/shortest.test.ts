import { expect, it } from 'vitest'
import { NUMBER_DIGITS_MIN } from '../scan/left-out-wat.ts'
import { CARD_NUMBERS } from './cards.ts'
import { NATIONAL_NUMBERS } from './national/numbers.ts'
import { PHONE_NUMBERS } from './phone-numbers.ts'
import { US_NUMBERS } from './us-numbers.ts'

it('no number has fewer digits than the first look leaves out', () => {
  const numbers = [...CARD_NUMBERS, ...US_NUMBERS, ...PHONE_NUMBERS, ...NATIONAL_NUMBERS]
  expect(numbers.length).toBeGreaterThan(50)
  expect(numbers.filter(({ digits }) => digits < NUMBER_DIGITS_MIN)).toEqual([])
})
