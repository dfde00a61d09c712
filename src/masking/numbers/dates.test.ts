import { describe, expect, it } from 'vitest'
import { NAMED, valueFinder } from '../../../test/support/masking/values.ts'

const find = valueFinder()

describe('a date of birth', () => {
  it.each([
    ['born 12 May 1980 in X', '12 May 1980'],
    ['DOB: 05/12/1980', '05/12/1980'],
    ['geboren am 12. März 1980', '12. März 1980'],
    ['née le 3 août 1975', '3 août 1975'],
    ['date of birth is 1980-05-12', '1980-05-12'],
    ['He was born on May 12th, 1980.', 'May 12th, 1980'],
    ['nacimiento: 12 de mayo de 1980', '12 de mayo de 1980'],
    ['dob 19800512', '19800512'],
    ['1980-05-12 (date of birth)', '1980-05-12'],
    ['doğum tarihi 12.05.1980', '12.05.1980'],
    ['her birthday is (2014-01-22)', '2014-01-22'],
    ['birth: 2014-01-22 10:00:00', '2014-01-22'],
  ])('is found in %s', (text, date) => expect(find(text, 'date_of_birth')).toEqual([date]))

  it.each([
    'created 1980-05-12',
    'reborn 1980-05-12',
    'born 1980-13-45',
    '{"born":"yes","created":"1980-05-12"}',
    'Happy Birthday Beddy (2014-01-22)',
    'Birth: 2024-01-01 00:00:00.000000000 +0000',
  ])('is not in %s', (text) => expect(find(text, 'date_of_birth', NAMED)).toEqual([]))
})

describe('a date', () => {
  it.each([
    ['Today is 2021-05-21', '2021-05-21'],
    ['Today is 21.5.21', '21.5.21'],
    ['Today is 5-MAY-2021', '5-MAY-2021'],
    ['at 2024-06-05T09:15:30.500-07:00 or not', '2024-06-05T09:15:30.500-07:00'],
    ['on May 3, 2026.', 'May 3, 2026'],
  ])('is found where all dates are asked for: %s', (text, date) =>
    expect(find(text, 'date_time', NAMED)).toEqual([date]),
  )
})
