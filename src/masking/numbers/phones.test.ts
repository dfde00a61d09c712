import { describe, expect, it } from 'vitest'
import { NAMED, valueFinder } from '../../../test/support/masking/values.ts'

const find = valueFinder()

describe('a phone number', () => {
  it.each([
    '+14155550132',
    '+1 415 555 0132',
    '+1 (415) 555-0132',
    '+44 20 7946 0958',
    '+44 (20) 7123 4567',
    '+44 (0)20 7946 0958',
    '+4915112345678',
    '+49 30 1234567',
    '+33 6 12 34 56 78',
    '+34 612 345 678',
    '+39 06 678 4343',
    '+31 6 12345678',
    '+55 11 98456 5666',
    '+91 98765 43210',
    '+61 412 345 678',
    '+81 90-1234-5678',
    '+90 532 123 45 67',
    '+48 601 234 567',
    '+46 70 123 45 67',
    '+351 912 345 678',
    '+971 50 123 4567',
    '0049 30 123456',
  ])('with a country is found: %s', (number) => expect(find(`call ${number}, please`, 'phone')).toEqual([number]))

  it.each([
    '(415) 555-0132',
    '(415)555-0132',
    '415-555-0132',
    '415.555.0132',
    '1-800-555-0199',
    '91-415-555-0132',
    '020 7946 0958',
    '0161 496 0000',
    '07700 900123',
    '030 1234567',
    '0171-2345678',
    '089/123456',
    '(030) 123456',
    '01 23 45 67 89',
    '06.12.34.56.78',
    '06 6982 0000',
    '020-1234567',
    '06-12345678',
    '(11) 91234-5678',
    '(02) 9876 5432',
    '0412 345 678',
    '03-1234-5678',
    '090-1234-5678',
    '0532 123 45 67',
    '(0532) 123 45 67',
    '0 532 123 45 67',
    '532.123.45.67',
    '070-123 45 67',
    '08-123 456 78',
    '8 (495) 123-45-67',
    '138 1234 5678',
    '044 668 18 00',
  ])('in the groups of its country is found: %s', (number) => expect(find(`at ${number}.`, 'phone')).toEqual([number]))

  it('in digits only needs a word near it, or its kind named', () => {
    expect(find('13812345678', 'phone')).toEqual([])
    expect(find('13812345678', 'phone', NAMED)).toEqual(['13812345678'])
    expect(find('Handy 01712345678', 'phone')).toEqual(['01712345678'])
    expect(find('phone: 5551234', 'phone')).toEqual(['5551234'])
  })

  it.each([
    ['0069 0307 0300', '0049 30 123456'],
    ['[.42DA.0020.0011.0002]', '0049.30.123456'],
    ['0022752   22056264', '0049   30 123456'],
    ['0049632 3343405056   4294967234', '0049302 3343405   12'],
    ['+3217-06446', '+4930-654321'],
    ['+394606-0860929', '+394606-986092'],
    ['+12.345678901', '+1.415.555.0132'],
    ['+35236450.6', '+35236450.'],
    ['+0130 1989', '+30 2101989123'],
  ])('that looks like %s needs a word near it, and like %s it does not', (doubtful, plain) => {
    expect(find(`x ${doubtful} y`, 'phone')).toEqual([])
    expect(find(`x ${plain} y`, 'phone')).toHaveLength(1)
  })

  it('of a fraction or in groups of four is found beside a word', () => {
    expect(find('Phone: +1.4155550132', 'phone')).toEqual(['+1.4155550132'])
    expect(find('Fax 0049 3012 3456', 'phone')).toEqual(['0049 3012 3456'])
  })

  it('is no longitude behind a tabulator', () => {
    expect(find(String.raw`BR\t+0249-06040\tAmerica`, 'phone')).toEqual([])
    expect(find(String.raw`BR\t+49 249 06040\tAmerica`, 'phone')).toHaveLength(1)
  })

  it('stops before an extension', () => expect(find('415-555-0132x123', 'phone')).toEqual([]))

  it.each([
    '2026-08-01 10:00:00',
    '01.02.2026 12:30',
    '01/02/2026',
    '978-3-16-148410-0',
    '0-306-40615-2',
    '10.0.0.12',
    'v1.12.345.6789',
    '12-3456789',
    '07963-1647',
    '00:1A:2B:3C:4D:5E',
    '1,234,567.89',
    '+00:00',
    '2026-08-01T10:00:00+0200',
    '550e8400-e29b-41d4-a716-446655440000',
    '078-05-1123',
    '40.712776, -74.005974',
    '921 006 2897 70 6262',
    '(2024) 123-4567',
    'a+14155550132',
  ])('is not %s', (text) => expect(find(text, 'phone')).toEqual([]))

  it.each(['+3710024656 bytes', '+3710024656 B/s', '+3710024656 rows', '+3710024656MB'])('is no %s', (text) =>
    expect(find(text, 'phone')).toEqual([]),
  )

  it.each([
    '+3710024656',
    '+3710024656 B',
    '+3710024656 by day',
    '+3710024656 bytes-to-go',
    '+3710024656 requests a callback',
    '+3710024656 records a message',
    '+3710024656 hits us',
    '+3710024656 line 2',
  ])('is in %s', (text) => expect(find(text, 'phone')).toEqual(['+3710024656']))
})
