import { isDeepStrictEqual } from 'node:util'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../base/bytes.ts'
import { canonicalText } from './canonical-text.ts'
import { accessHash, callHash, type CallBinding, requestHash } from './request-hash.ts'

const canonical = (json: string) => canonicalText(encodeUtf8(json))

describe('the text that a request is known by', () => {
  it.each([
    ['white space between tokens', '{ "a" : [ 1 , 2 ] }', '{"a":[1,2]}'],
    ['the order of keys', '{"b":1,"a":{"d":1,"c":2}}', '{"a":{"c":2,"d":1},"b":1}'],
    ['escapes', '{"\\u0061":"\\u00e9\\/\\n"}', '{"a":"é/\\n"}'],
    ['white space around it', ' \n[true] ', '[true]'],
    ['nothing at all', '{}', '{}'],
  ])('does not know %s', (_, spelt, text) => {
    expect(canonical(spelt)).toBe(text)
  })

  it.each([
    ['white space in a string', '{"sql":"a b"}', '{"sql":"a  b"}'],
    ['the digits of a number', '{"n":12345678901234567890}', '{"n":12345678901234567000}'],
    ['how a number is written', '{"n":1}', '{"n":1.0}'],
    ['the order of a list', '[1,2]', '[2,1]'],
    ['a text from a number', '{"n":"1"}', '{"n":1}'],
    ['null from nothing', '{"n":null}', '{}'],
    ['how a letter is composed', '{"n":"\\u00e9"}', '{"n":"e\\u0301"}'],
    ['a quote from the end of a text', '{"a":"1","b":"2"}', '{"a":"1\\",\\"b\\":\\"2"}'],
  ])('tells %s', (_, one, other) => {
    expect(canonical(one)).not.toBe(canonical(other))
  })

  it('is the same for all that mean the same, and no other', () => {
    fc.assert(
      fc.property(fc.json(), fc.json(), fc.integer({ min: 0, max: 4 }), (one, other, indent) => {
        const spelt = JSON.stringify(JSON.parse(one), undefined, indent)
        expect(canonical(spelt)).toBe(canonical(JSON.stringify(JSON.parse(one))))
        expect(JSON.parse(canonical(one))).toEqual(JSON.parse(one))
        const alike = canonical(one) === canonical(other)
        expect(alike && !sameValue(one, other)).toBe(false)
      }),
    )
  })

  it('is not made of what nests too deeply', () => {
    expect(() => canonical('['.repeat(300) + ']'.repeat(300))).toThrow('nested too deeply')
  })
})

describe('the hash', () => {
  const binding: CallBinding = {
    tenant: '',
    principal: 'pri_1',
    client: 'c',
    connection: 'db',
    method: 'tools/call',
    target: 'write',
    upstream: 'u',
  }
  const params = [{ key: 'arguments', bytes: encodeUtf8('{"sql":"x"}') }]

  it.each(Object.keys(binding))('is another one where %s is', (key) => {
    expect(callHash({ ...binding, [key]: 'other' }, params)).not.toBe(callHash(binding, params))
  })

  it('does not run one part into the next', () => {
    const moved = { ...binding, connection: 'd', method: 'btools/call' }
    expect(callHash(moved, params)).not.toBe(callHash(binding, params))
  })

  it('is of a definition, of a session and a login, and of rules in any order', () => {
    expect(requestHash('a', 'b')).not.toBe(requestHash('a', 'c'))
    const of = { ...binding, session: 'ses_1', login: 'here' } as const
    const rules = [
      { rule: 'a', digest: '1' },
      { rule: 'b', digest: '2' },
    ]
    expect(accessHash(of, rules.toReversed())).toBe(accessHash(of, rules))
    for (const other of [
      { session: 'ses_2' },
      { login: 'elsewhere' },
      { login: undefined },
      { client: 'another' },
    ] as const)
      expect(accessHash({ ...of, ...other }, rules)).not.toBe(accessHash(of, rules))
    expect(accessHash(of, [{ rule: 'a', digest: '2' }])).not.toBe(accessHash(of, [{ rule: 'a', digest: '1' }]))
  })
})

function sameValue(one: string, other: string): boolean {
  return isDeepStrictEqual(JSON.parse(one), JSON.parse(other))
}
