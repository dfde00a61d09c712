import { describe, expect, it } from 'vitest'
import { encodeUtf8, indexOf } from '../../base/bytes.ts'
import { makeRuleSet } from '../rule-set.ts'
import { Scanners } from '../scanners.ts'
import { KeyDenials } from './key-denials.ts'

const VALUE = '4111111111111111'
const scanner = new Scanners([]).for(makeRuleSet({ profile: 'default', side: 'results', terms: [], own: [] }))

function mayDeny(text: string): boolean {
  const bytes = encodeUtf8(text)
  const start = indexOf(bytes, encodeUtf8(VALUE))
  const words = { view: { bytes, raw: true }, hits: scanner.machine.scan(bytes).words, scanner }
  return new KeyDenials().mayDeny(words, { start, end: start + VALUE.length })
}

describe('a first look at the key before a value', () => {
  it.each([
    ['a key that says nothing', `{"card":"${VALUE}"}`],
    ['the same in JSON in JSON', String.raw`{"t":"{\"a\":1,\"card\": \"${VALUE}\"}"}`],
    ['a key that names somebody too', `{"order_card":"${VALUE}"}`],
    ['the middle of a text', `{"order_id":"paid with ${VALUE}"}`],
    ['a path in a text', `{"order_id":"/x/${VALUE}"}`],
  ])('is no denial: %s', (_, text) => {
    expect(mayDeny(text.replace('with ', 'with:x'))).toBe(false)
  })

  it.each([
    ['a key of a thing', `{"order_id":"${VALUE}"}`],
    ['the same in JSON in JSON', String.raw`{"t":"{\"a\":1,\"order_id\" : \"${VALUE}\"}"}`],
    ['a number', `{"order_id":${VALUE}}`],
    ['a list, whose key stands elsewhere', `{"order_ids":["1","${VALUE}"]}`],
    ['a number in a list', `{"order_ids":[1,${VALUE}]}`],
    ['a key with an escape', String.raw`{"order\u005fid":"${VALUE}"}`],
    ['a key that is too long to look at', `{"${'x'.repeat(60)}":"${VALUE}"}`],
  ])('may be one: %s', (_, text) => {
    expect(mayDeny(text)).toBe(true)
  })
})
