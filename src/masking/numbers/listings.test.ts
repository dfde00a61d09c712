import { describe, expect, it } from 'vitest'
import { inGroups, seeded, valueFinder, withLuhn } from '../../../test/support/masking/values.ts'

const find = valueFinder()
const CARD = inGroups(withLuhn(seeded(3), '4', 16), [4, 4, 4, 4], ' ')
const PHONE = '01 23 45 67 89'
const AADHAAR = '8597 0000 0085'
const inJson = (text: string): string => JSON.stringify({ text })
const found = (text: string): string[] => find(inJson(text), ['credit_card', 'in_aadhaar', 'phone'])

describe('numbers in what programs list', () => {
  it.each([
    `${CARD} 597a 0000`,
    `5978\n597a ${CARD}\n5976`,
    `5971 5972 5973 ${CARD} 5974 5975`,
    `00003320: 0700 0000 ${CARD} 0000 0000`,
    `0001be90: ${CARD}00 6972`,
    `cc04 ${AADHAAR} 0000 0000`,
    `ed0f ${AADHAAR}`,
    '[.4301.0020.0011.0001][.0000.0037.0002]',
    '[4300.0020.0011.0002]',
    '[.2007.0021.0002]',
    '393459 597971 1739683421.0000000000',
    `10db0:\t${PHONE}        \tadd`,
    `\t4c 8d ${PHONE}\tlea`,
    `\n8b ${PHONE}`,
    `01 01 ff  ${PHONE}   |.0|`,
    `00000170   ${PHONE}  a3 81`,
    `<Buffer ${PHONE}>`,
    'Nov 26 23:09 00348573 x',
    'EC\t-0210-07950\tAmerica/Guayaquil',
  ])('are none: %j', (text) => expect(found(text)).toEqual([]))

  it.each([
    [CARD, CARD],
    [`card ${CARD} 1227 123`, CARD],
    [`0001: ${CARD}`, CARD],
    [`A001: ${CARD}`, CARD],
    [`1a2b  ${CARD}`, CARD],
    [`cafe ${CARD} each`, CARD],
    [`${CARD}  ${CARD.replaceAll(' ', '-')}`, CARD],
    [`2024 ${CARD} 87`, CARD],
    [`${CARD}\t${AADHAAR}`, AADHAAR],
    [`id ${AADHAAR}`, AADHAAR],
    [`| 17 | ${AADHAAR} |`, AADHAAR],
    [`de ${PHONE} ou`, PHONE],
    [`A1: ${PHONE}`, PHONE],
    ['-0171-2345678', '0171-2345678'],
    ['- 0210-07950', '0210-07950'],
    ['at 23:09, 09 00348573', '09 00348573'],
  ])('are found elsewhere: %j', (text, number) => expect(found(text)).toContain(number))
})
