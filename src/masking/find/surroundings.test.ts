import { describe, expect, it } from 'vitest'
import { Finder } from '../../../test/support/masking/finder.ts'
import { seeded, withLuhn } from '../../../test/support/masking/values.ts'

const finder = new Finder()
const found = (text: string): string[] => finder.anything(text).map(({ start, end }) => text.slice(start, end))
const inJson = (text: string): string => JSON.stringify({ text })

describe('a word near a number', () => {
  it.each([
    'my ssn is 078051123',
    'ssn: 078051123',
    'ssn 078051123, thanks',
    '078051123 (ssn)',
    'SSN:\n078051123',
    'my ssn is below\n078051123\nthanks',
    'my ssn is below\n\n  078051123.',
    'ssn|078051123',
    '| ssn | 078051123 |',
    'ssn,078051123',
    'ssn\t078051123',
    'state=open ssn=078051123',
    'my ssn number=078051123',
    'ssn078051123',
    'userSsn: 078051123',
    'Hello, my ssn, as you asked, 078051123',
  ])('says what it is: %j', (text) => {
    expect(found(text)).toContain('078051123')
    expect(found(inJson(text))).toContain('078051123')
    expect(found(inJson(inJson(text)))).toContain('078051123')
  })

  it.each([
    'no ssn given\n078051123,open,3',
    'no ssn given\nid: 078051123',
    '078051123\nssn: none',
    '| no ssn given | 078051123 |',
    '| 078051123 | ssn missing |',
    'no ssn given,078051123',
    '078051123,ssn missing',
    'no ssn given\t078051123',
    'case 078051123. The ssn is missing.',
    'title="no ssn" id=078051123 state=open',
    'state=ssn id=078051123',
    'id=078051123 title="ssn missing"',
    'ssn_required 078051123',
    'ssnVerified 078051123',
    'e5ssn1f 078051123',
    'classname 078051123',
  ])('says nothing of it from another field, line or sentence, or as a part of another word: %j', (text) => {
    expect(found(text)).toEqual([])
    expect(found(inJson(text))).toEqual([])
    expect(found(inJson(inJson(text)))).toEqual([])
  })

  it.each([
    ['a\tin := %', 'a\ttin := %', '192168140255'],
    ['hello\nhs %', 'hello\nnhs %', '9434765919'],
    ['hello\nif %', 'hello\nnif %', '12345678Z'],
  ])('does not begin with the letter of an escape: %j', (text, named, number) => {
    for (const form of [inJson, (one: string): string => inJson(inJson(one))]) {
      expect(found(form(text.replace('%', number)))).toEqual([])
      expect(found(form(named.replace('%', number)))).toEqual([number])
    }
  })

  it('says nothing of it from another member of JSON in a text', () => {
    const rows = [{ title: 'no ssn', id: '078051123', note: 'ssn missing' }]
    for (const text of [JSON.stringify(rows), JSON.stringify(rows, undefined, 2)])
      expect(found(JSON.stringify({ text }))).toEqual([])
    expect(found(JSON.stringify({ text: JSON.stringify([{ ssn: { value: '078051123' } }]) }))).toEqual(['078051123'])
  })
})

describe('a word of a column', () => {
  it.each([
    'id,steuer_id_neu,state\n17,65929970489,open\n18,65929970489,open',
    '| id | steuer_id_neu |\n|---|---|\n| 17 | 65929970489 |\n| 18 | 65929970489 |',
    ' id | steuer_id_neu \n----+---------------\n 17 | 65929970489\n 18 | 65929970489',
    'id\tsteuer_id_neu\n17\t65929970489\n18\t65929970489',
  ])('says what all its cells are: %j', (text) => {
    expect(found(text)).toEqual(['65929970489', '65929970489'])
    expect(found(inJson(text))).toEqual(['65929970489', '65929970489'])
  })

  it('says nothing of other columns, nor where it is no name', () => {
    expect(found('steuer_id_neu,id,state\nnone,65929970489,open')).toEqual([])
    expect(found('17,steuer id 4 missing,open\n18,65929970489,open')).toEqual([])
  })
})

describe('a word in a key', () => {
  it.each(['gtin', 'span_id', 'businessId', 'card_type', 'cardPresent', 'phone_required', 'cc4f0e'])(
    'says nothing as a part of another: %s',
    (key) => {
      const numbers = ['27315653929002', '5555678901234567', '4155550132', '078051123']
      for (const number of numbers) expect(found(JSON.stringify({ [key]: number }))).toEqual([])
    },
  )
})

describe('numbers of things', () => {
  const random = seeded(30)
  it.each([
    ['times in milliseconds', '1580321670962 1608142739740 1711044597293'],
    ['articles', 'EAN 5005212763571, 6905097919737, 8004201217191'],
    ['decimal fractions', '0.9394429847, 5404.206916383031, 63971.5161484'],
    ['parts', '02-2768-256 and 03-6966-359'],
    ['versions', '142.139.222.43'],
    ['orders', 'order 252-0043131-6705664'],
    ['ids of rows', '00265155-8370-4839-9d72-ac26b2fba278'],
    ['articles of shops', 'B0S5NZDGSM | 87172140'],
    ['parcels', '9400 6390 3193 9493 7717 21'],
    ['accounts of clouds', 'arn:aws:sns:us-east-1:639688770928:metrics'],
    ['articles in cases', withLuhn(random, '56', 14)],
    ['messages of networks', withLuhn(random, '38', 19)],
    ['forms of two letters and seven digits', 'AB1234563'],
    ['fields beside each other', 'state=password_reset tracking_number=1Z8F2KQ90347716253'],
    ['letters in ids', 'USFGVZ,YDOBQ51,2021-08-12,dob17,AOBORN5'],
  ])('are left alone: %s', (_, text) => {
    expect(found(text)).toEqual([])
    expect(found(inJson(text))).toEqual([])
  })

  it('are no header of a table of rows', () => {
    const rows = [
      ['17', 'cc4f0e21aa'],
      ['18', 'e40561906d745671'],
    ]
    expect(found(JSON.stringify({ rows }))).toEqual([])
  })
})
