import { describe, expect, it } from 'vitest'
import { NAMED, inGroups, seeded, someDigits, valueFinder, withLuhn } from '../../../test/support/masking/values.ts'
import { checkDea, checkMbi } from './us-codes.ts'
import { checkAba, checkItin, checkNpi, checkSsn } from './us-numbers.ts'

const find = valueFinder()
const digitsOf = (text: string): Uint8Array => Uint8Array.from(text, Number)
const codeOf = (text: string): Uint8Array => new TextEncoder().encode(text)

describe('a social security number', () => {
  it.each(['-', ' ', '.'])('is found with "%s" between its groups', (separator) => {
    const number = inGroups('078051123', [3, 2, 4], separator)
    expect(find(`abc ${number} abc`, 'us_ssn')).toEqual([number])
  })

  it('without separators needs a word near it or right before it', () => {
    expect(find('078051123', 'us_ssn', NAMED)).toEqual([])
    for (const text of ['SSN 078051123', 'ssn078051123', 'ssn_078051123', 'his social security number is 078051123'])
      expect(find(text, 'us_ssn')).toEqual(['078051123'])
  })

  it.each([
    '000-12-3456',
    '666-12-3456',
    '900-12-3456',
    '123-00-4567',
    '123-45-0000',
    '111-11-1111',
    '078-05.1123',
    '1078-05-1123',
    '078-05-11234',
    '1.078.05.1123',
  ])('is not %s', (text) => expect(find(text, 'us_ssn', NAMED)).toEqual([]))

  it('that nobody can have is one with a wrong digit where a word says so', () => {
    expect(find('SSN: 987-65-4321', 'us_ssn')).toEqual(['987-65-4321'])
    expect(checkSsn(digitsOf('987654321'))).toBe('failed')
  })

  it('is not a part of a UUID or of a longer id', () => {
    for (const text of ['a-078-05-1123-44', '12-078-05-1123', 'deadbeef-078-05-1123-9'])
      expect(find(text, 'us_ssn')).toEqual([])
  })
})

describe("a taxpayer's number", () => {
  it.each(['50', '65', '70', '88', '90', '92', '94', '99'])('with the group %s is found', (group) => {
    expect(find(`911-${group}-1234`, 'us_itin')).toEqual([`911-${group}-1234`])
  })

  it.each(['49', '66', '69', '89', '93'])('with the group %s is none', (group) => {
    expect(checkItin(digitsOf(`911${group}1234`))).toBe('failed')
    expect(find(`911-${group}-1234`, 'us_itin', NAMED)).toEqual([])
  })

  it('masks what looks like a social security number that nobody has', () => {
    expect(find('987-65-4321', ['us_ssn', 'us_itin'])).toEqual(['987-65-4321'])
  })
})

describe("a provider's number", () => {
  it('passes its check, and none with one digit changed does', () => {
    const number = withLuhn(seeded(1), '808401', 15).slice(5)
    expect(find(number, 'us_npi', NAMED)).toEqual([number])
    expect(find(`NPI: ${inGroups(number, [4, 3, 3], '-')}`, 'us_npi')).toHaveLength(1)
    for (let at = 1; at < 10; at += 1) {
      const changed = number.slice(0, at) + String((Number(number[at]) + 1) % 10) + number.slice(at + 1)
      expect(checkNpi(digitsOf(changed))).toBe('failed')
    }
  })
})

describe("a bank's routing number", () => {
  it('passes its check, and none with one digit changed does', () => {
    expect(find('121000358', 'us_aba', NAMED)).toEqual(['121000358'])
    expect(find('routing 1210-0035-8', 'us_aba')).toEqual(['1210-0035-8'])
    for (let at = 2; at < 9; at += 1) {
      const changed = '121000358'.slice(0, at) + String((Number('121000358'[at]) + 1) % 10) + '121000358'.slice(at + 1)
      expect(checkAba(digitsOf(changed))).toBe('failed')
    }
    expect(checkAba(digitsOf('421042111'))).toBeUndefined()
  })
})

describe('a number of the Drug Enforcement Administration', () => {
  it('is found by its check digit where a word stands near it, or where it is named', () => {
    const random = seeded(2)
    for (let i = 0; i < 50; i += 1) {
      const d = someDigits(random, 6)
      const sum = Number(d[0]) + Number(d[2]) + Number(d[4]) + 2 * (Number(d[1]) + Number(d[3]) + Number(d[5]))
      const number = `AB${d}${sum % 10}`
      expect(find(`DEA ${number}`, 'us_dea')).toEqual([number])
      expect(find(number, 'us_dea', NAMED)).toEqual([number])
      expect(find(number, 'us_dea')).toEqual([])
      expect(checkDea(codeOf(`AB${d}${(sum + 1) % 10}`))).toBe('failed')
    }
  })
})

describe("a Medicare beneficiary's number", () => {
  it('is found with its dashes, and without them where it is named', () => {
    expect(find('1EG4-TE5-MK73', 'us_mbi')).toEqual(['1EG4-TE5-MK73'])
    expect(find('1EG4TE5MK73', 'us_mbi')).toEqual([])
    expect(find('1EG4TE5MK73', 'us_mbi', NAMED)).toEqual(['1EG4TE5MK73'])
  })

  it.each(['1SG4TE5MK73', '1EG4TE5OK73', '1BG4TE5MK73', '0EG4TE5MK73', '1EG4TE5MK7A'])('is not %s', (text) => {
    expect(checkMbi(codeOf(text))).toBeUndefined()
  })
})

describe('a number that looks like any other', () => {
  it.each([
    ['us_passport', 'passport no. 012345678', '012345678'],
    ['us_passport', 'passport A12345678', 'A12345678'],
    ['us_driver_license', "driver's license D1234567", 'D1234567'],
    ['us_bank_account', 'bank account number 12345678901', '12345678901'],
  ] as const)('%s needs a word near it', (entity, text, value) => {
    expect(find(text, entity)).toEqual([value])
    expect(find(value, entity, NAMED)).toEqual([])
  })
})
