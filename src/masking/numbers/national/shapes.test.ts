import { describe, expect, it } from 'vitest'
import { decodeUtf8, encodeUtf8 } from '../../../base/bytes.ts'
import { ENTITY_NAMES, type EntityName } from '../../entities.ts'
import type { Finding, Sink } from '../../find/finding.ts'
import { SHAPES_NEAR_WORDS, findShapes } from './find-shapes.ts'
import { detectPhilippineMobiles } from './philippine-mobiles.ts'
import { NATIONAL_SHAPES } from './shapes.ts'

interface World {
  readonly raw?: boolean
  readonly wants?: (entity: string, score: number) => boolean
}

function setUp({ raw = false, wants = () => true }: World = {}) {
  const found: Finding[] = []
  const spent: number[] = []
  const sink: Sink = {
    may: (entity, score) => wants(ENTITY_NAMES[entity] ?? '', score),
    add: (finding) => found.push(finding),
    spend: (bytes) => spent.push(bytes),
  }
  const view = (text: string) => ({ bytes: encodeUtf8(text), raw })
  const textsOf = (text: string, kind: EntityName): string[] => {
    const bytes = encodeUtf8(text)
    const ofKind = found.filter(({ entity }) => ENTITY_NAMES[entity] === kind)
    return [...new Set(ofKind.map(({ start, end }) => decodeUtf8(bytes, start, end)))]
  }
  const find = (text: string, kind: EntityName): string[] => {
    found.length = 0
    findShapes(view(text), 0, encodeUtf8(text).length, sink)
    return textsOf(text, kind)
  }
  return { sink, view, find, found, spent, textsOf }
}

describe('shapes', () => {
  it.each([
    ['uk_vehicle', 'the car LN23 HGT was seen', 'LN23 HGT'],
    ['uk_vehicle', 'plate ab12cde', 'ab12cde'],
    ['uk_vehicle', 'A123 BCD', 'A123 BCD'],
    ['uk_vehicle', 'ABC 123D', 'ABC 123D'],
    ['de_vehicle', 'Kennzeichen B-AB 1234', 'B-AB 1234'],
    ['de_vehicle', 'MÜ-X 7', 'MÜ-X 7'],
    ['de_vehicle', 'HH AB 12H', 'HH AB 12H'],
    ['tr_license_plate', '34 ABC 123 plakalı', '34 ABC 123'],
    ['tr_license_plate', '06A12345', '06A12345'],
    ['ng_vehicle', 'ABJ-123AA', 'ABJ-123AA'],
    ['de_commercial_register', 'Amtsgericht Bonn, HRB 12345', 'HRB 12345'],
    ['de_commercial_register', 'HRA Nr. 77', 'HRA Nr. 77'],
    ['uk_postcode', 'London SW1A 1AA', 'SW1A 1AA'],
    ['uk_postcode', 'm11ae', 'm11ae'],
    ['uk_postcode', 'DN55 1PT', 'DN55 1PT'],
    ['de_postcode', '53113 Bonn', '53113'],
  ] as const)('%s: in "%s" it is %s', (kind, text, value) => {
    expect(setUp().find(text, kind)).toContain(value)
  })

  it.each([
    ['uk_vehicle', 'IB12 ABC'],
    ['uk_vehicle', 'AB45 CDE'],
    ['uk_vehicle', 'AB12 CIE'],
    ['uk_vehicle', 'O123 BCD'],
    ['uk_vehicle', 'XAB12 CDE'],
    ['de_vehicle', 'BAB1234'],
    ['de_vehicle', 'B-AB 0123'],
    ['de_vehicle', 'B-AB 12345'],
    ['tr_license_plate', '82 ABC 123'],
    ['tr_license_plate', '34 ABC 12345'],
    ['ng_vehicle', 'AB-1234CD'],
    ['de_commercial_register', 'HRC 12345'],
    ['de_commercial_register', 'HRB 1234567'],
    ['uk_postcode', 'QA1 1AA'],
    ['uk_postcode', 'M1 1AI'],
    ['uk_postcode', 'ABCM11AADEF'],
    ['de_postcode', '00999'],
    ['de_postcode', '1.53113'],
    ['de_postcode', '531130'],
  ] as const)('%s: there is none in "%s"', (kind, text) => {
    expect(setUp().find(text, kind)).toEqual([])
  })

  it('do not take the letter of an escape into the value', () => {
    const { find } = setUp({ raw: true })
    expect(find(String.raw`"a\nAB12 CDE\nb"`, 'uk_vehicle')).toEqual(['AB12 CDE'])
  })

  it('in small letters need a word near them where they read like prose', () => {
    const { find, found } = setUp()
    find('she is at 10 and 12 am 30', 'de_vehicle')
    expect(found.every(({ score }) => score < 0.4)).toBe(true)
  })

  it('are never enough for the default profile by themselves', () => {
    expect(NATIONAL_SHAPES.every(({ score }) => score < 0.6)).toBe(true)
  })

  it('cost nothing where nobody wants them', () => {
    const { find, found, spent } = setUp({ wants: () => false })
    find('B-AB 1234 LN23 HGT', 'de_vehicle')
    expect([found, spent]).toEqual([[], []])
  })

  it('are looked for around their words, and in all of a text', () => {
    const { sink, view, found, textsOf } = setUp()
    const text = 'das Kennzeichen lautet B-AB 12, ja'
    const word = SHAPES_NEAR_WORDS.words.indexOf('kennzeichen')
    SHAPES_NEAR_WORDS.verify({ view: view(text), start: 4, end: 15, word }, sink)
    expect(textsOf(text, 'de_vehicle')).toEqual(['B-AB 12'])
    found.length = 0
    const run = 'Wagen M-XY 1234'
    findShapes(view(run), 0, run.length, sink)
    expect(textsOf(run, 'de_vehicle')).toEqual(['M-XY 1234'])
  })

  it('end with the text, wherever it is cut', () => {
    const { find } = setUp()
    const text = 'B-AB 1234H LN23 HGT 34 ABC 123 ABJ-123AA HRB 12345 SW1A 1AA 53113'
    for (let length = 0; length <= text.length; length++)
      for (const kind of ['de_vehicle', 'uk_postcode'] as const)
        expect(find(text.slice(0, length), kind).every((value) => text.includes(value))).toBe(true)
  })
})

function mobilesIn(text: string): string[] {
  const { sink, view, textsOf } = setUp()
  detectPhilippineMobiles({ view: view(text), start: 0, end: text.length, digits: 12, capitals: 0 }, sink)
  return textsOf(text, 'ph_mobile')
}

describe('Philippine mobile numbers', () => {
  it.each([
    '09171234567',
    '0917 123 4567',
    '0917-123-4567',
    '0 (917) 123 4567',
    '(0917) 123-4567',
    '+639171234567',
    '+63 917 123 4567',
    '+63 (0) 917 123 4567',
    '639171234567',
  ])('are found as %s', (number) => {
    expect(mobilesIn(`call ${number}.`)).toEqual([number])
  })

  it.each([
    '9171234567',
    '08171234567',
    '091712345678',
    '0917123456',
    '+649171234567',
    '1-0917-123-4567',
    '0917-123-4567-8',
    '0 9 1 7 1 2 3 4 5 6 7',
  ])('are not found in %s', (text) => {
    expect(mobilesIn(text)).toEqual([])
  })
})
