import { describe, expect, it } from 'vitest'
import {
  type Random,
  seeded,
  someDigits,
  valueFinder,
  withOneDigitChanged,
} from '../../../test/support/masking/values.ts'
import { IBAN_LENGTHS } from './iban-lengths.ts'

const find = valueFinder()

/** Check digits over any account, from the definition in ISO 13616. */
function iban(random: Random, country: string, letters = 0): string {
  const bank = Array.from({ length: letters }, () => String.fromCharCode(65 + random(26))).join('')
  const account = bank + someDigits(random, (IBAN_LENGTHS[country] ?? 0) - 4 - letters)
  const digits = Array.from(`${account}${country}00`, (character) => parseInt(character, 36)).join('')
  return country + String(98n - (BigInt(digits) % 97n)).padStart(2, '0') + account
}

function fours(text: string, separator: string): string {
  return (text.match(/.{1,4}/g) ?? []).join(separator)
}

describe('an IBAN', () => {
  it('of every country is found in either case and in groups of four', () => {
    const random = seeded(1)
    for (const country of Object.keys(IBAN_LENGTHS))
      for (const letters of [0, 4]) {
        const number = iban(random, country, letters)
        const written = [number, fours(number, ' '), fours(number, '-')]
        // In small letters the digits after the bank's letters must be enough for a run.
        if (letters === 0) written.push(number.toLowerCase(), fours(number.toLowerCase(), ' '))
        for (const text of written) expect(find(`to ${text}, today`, 'iban')).toEqual([text])
      }
  })

  it('of Switzerland is found where its account is all letters', () => {
    const account = '60221CBFSXXCCIZSZ'
    const digits = Array.from(`${account}CH00`, (character) => parseInt(character, 36)).join('')
    const number = `CH${String(98n - (BigInt(digits) % 97n)).padStart(2, '0')}${account}`
    expect(find(`to ${number}, today`, 'iban')).toEqual([number])
  })

  it('is none with any one digit changed, nor with one digit more or less', () => {
    const number = iban(seeded(2), 'DE')
    for (const changed of withOneDigitChanged(number)) expect(find(changed, 'iban')).toEqual([])
    expect(find(`${number}0`, 'iban')).toEqual([])
    expect(find(number.slice(0, -1), 'iban')).toEqual([])
  })

  it('with a wrong digit is one where a word says so', () => {
    const number = iban(seeded(3), 'FR')
    const wrong = number.slice(0, -1) + String((Number(number.at(-1)) + 1) % 10)
    expect(find(`iban: ${wrong}`, 'iban')).toEqual([wrong])
  })

  it.each([
    ['an escape', String.raw`a\n%\nb`],
    ['its own name', 'IBAN%'],
    ['its own name and an underscore', 'iban_%'],
    ['a word in capitals', 'PAY TO % NOW 2026'],
    ['the code of a bank', 'IBAN: % BIC: COBADEFFXXX'],
  ])('is found next to %s', (_, text) => {
    const number = iban(seeded(4), 'GB', 4)
    expect(find(text.replace('%', number), 'iban')).toEqual([number])
  })

  it('in small letters without spaces is found', () => {
    expect(find('de89370400440532013000', 'iban')).toEqual(['de89370400440532013000'])
    expect(find('an gb29 nwbk 6016 1331 9268 19.', 'iban')).toEqual(['gb29 nwbk 6016 1331 9268 19'])
  })
})
