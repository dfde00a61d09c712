import { describe, expect, it } from 'vitest'
import { NAMED, valueFinder } from '../../../test/support/masking/values.ts'

const find = valueFinder()

describe('an address of a network', () => {
  it.each([
    '1.1.1.1',
    '192.168.10.254',
    '10.0.0.0/8',
    '::1',
    '::',
    '2001:db8:85a3::8a2e:370:7334',
    '2001:db8:85a3:8d3:1319:8a2e:370:7348',
    'fe80::1ff:fe23:4567:890a%eth2',
    '::ffff:192.0.2.128',
    '64:ff9b::192.0.2.33',
    '2001:db8::/32',
  ])('is found: %s', (address) => expect(find(`at ${address} now`, 'ip_address')).toContain(address))

  it('is found at every place of a message', () => {
    for (let before = 0; before < 8; before += 1)
      expect(find(`${'x'.repeat(before)}{"ip":"1.1.1.1"}`, 'ip_address')).toEqual(['1.1.1.1'])
  })

  it('is found with a port and in an address of the web', () => {
    expect(find('http://[2001:db8::1]:80/ 10.0.0.7:8080', 'ip_address')).toEqual(['2001:db8::1', '10.0.0.7'])
  })

  it.each([
    '1.2.3',
    '1.2.3.4.5',
    '256.1.1.1',
    '01.2.3.4',
    'v1.2.3.4',
    '10:20:30',
    'std::vector',
    'add::bad',
    '1:2:3:4:5:6:7:8:9',
    '1::2::3',
    'a: b',
  ])('is not %s', (text) => expect(find(text, 'ip_address', NAMED)).toEqual([]))
})

describe('an address of a network card', () => {
  it.each(['00:1A:2B:3C:4D:5E', '0d-B3-4a-6A-d9-cF', '0012.3456.789a'])('is found: %s', (address) =>
    expect(find(`mac ${address}, up`, 'mac_address')).toEqual([address]),
  )

  it.each([
    'ZZ:ZZ:ZZ:ZZ:ZZ:ZZ',
    '10:2F:33-AC-29-C3',
    '00:00:00:00:00:00',
    'ff:ff:ff:ff:ff:ff',
    '00:1A:2B:3C:4D',
    '00:1A:2B:3C:4D:5E:6F',
    'x00:1A:2B:3C:4D:5E',
  ])('is not %s', (text) => expect(find(text, 'mac_address', NAMED)).toEqual([]))
})

describe('an address of the web', () => {
  it.each([
    ['see https://www.example.com/a?b=c#d.', 'https://www.example.com/a?b=c#d'],
    [String.raw`{"t":"\"https://example.org/\""}`, 'https://example.org/'],
    [String.raw`{"t":"at\thttps://example.org"}`, 'https://example.org'],
    [String.raw`{"t":"{\"t\":\"\\nhttps://example.org\"}"}`, 'https://example.org'],
    [String.raw`{"t":"at\nexample.org"}`, 'example.org'],
    ['at www.example.org/x now', 'www.example.org/x'],
    ['my domain: example.co.il', 'example.co.il'],
    ['example.com', 'example.com'],
  ])('is found in %s', (text, url) => expect(find(text, 'url', NAMED)).toEqual([url]))

  it.each(['www.example', 'joe@example.com', '://', 'a.comb'])('is not in %s', (text) =>
    expect(find(text, 'url', NAMED)).toEqual([]),
  )
})
