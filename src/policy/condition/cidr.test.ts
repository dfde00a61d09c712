import { describe, expect, it } from 'vitest'
import { isInNetwork, parseNetwork } from './cidr.ts'

function isIn(address: string, cidr: string): boolean | undefined {
  const network = parseNetwork(cidr)
  if (typeof network === 'string') throw new Error(network)
  return isInNetwork(address, network)
}

describe('an address is in a network', () => {
  it.each([
    ['192.168.1.1', '192.168.0.0/16', true],
    ['192.169.1.1', '192.168.0.0/16', false],
    ['8.8.8.8', '0.0.0.0/0', true],
    ['10.0.0.5', '10.0.0.5/32', true],
    ['10.0.0.6', '10.0.0.5/32', false],
    ['::1', '::1/128', true],
    ['2001:db8::1', '2001:db8::/32', true],
    ['2001:db9::1', '2001:db8::/32', false],
    ['fe80::1%eth0', 'fe80::/10', true],
    ['::ffff:10.1.2.3', '10.0.0.0/8', true],
    ['::ffff:a01:203', '10.0.0.0/8', true],
    ['10.1.2.3', '::/0', false],
    ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8/128', true],
  ])('%s in %s: %s', (address, cidr, expected) => {
    expect(isIn(address, cidr)).toBe(expected)
  })

  it.each([
    '',
    'localhost',
    '10.1.2',
    '10.1.2.3.4',
    '256.1.1.1',
    '010.1.1.1',
    '10.1.1.1 ',
    ':::',
    '1::2::3',
    '12345::',
    '1.2.3.4::',
    '::1.2.3.4:1',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8::',
    'a'.repeat(200),
  ])('"%s" is no address', (text) => {
    expect(isIn(text, '10.0.0.0/8')).toBeUndefined()
  })

  it.each([
    '',
    '10.0.0.0',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '10.0.0.1/8',
    'fd00::/129',
    'x/8',
  ])('"%s" is no network', (text) => {
    expect(parseNetwork(text)).toEqual(expect.any(String))
  })
})
