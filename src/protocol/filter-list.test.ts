import { describe, expect, it } from 'vitest'
import { decodeUtf8, encodeUtf8 } from '../base/bytes.ts'
import { filterList, knownVersionsOnly, privateCache } from './filter-list.ts'

const LIST =
  '{"jsonrpc":"2.0","id":1,"result":{"extra":1.0, "tools": [ {"name":"a","n":12345678901234567890} , {"name":"b","s":"],}\\""},\n{"name":"c","x":[{}]} ],"nextCursor":"z"}}'

describe('a filtered list', () => {
  it('is the very same bytes when nothing is left out', () => {
    const bytes = encodeUtf8(LIST)
    expect(filterList(bytes, 'tools/list', () => true)).toEqual({ bytes, leftOut: 0 })
    expect(filterList(bytes, 'tools/list', () => true).bytes).toBe(bytes)
    expect(filterList(bytes, 'tools/call', () => false).bytes).toBe(bytes)
    expect(filterList(bytes, 'prompts/list', () => false).bytes).toBe(bytes)
  })
  it('keeps the order, the digits and everything around', () => {
    const { bytes, leftOut } = filterList(encodeUtf8(LIST), 'tools/list', (name) => name !== 'b')
    expect(leftOut).toBe(1)
    expect(decodeUtf8(bytes)).toBe(
      '{"jsonrpc":"2.0","id":1,"result":{"extra":1.0, "tools": [{"name":"a","n":12345678901234567890},{"name":"c","x":[{}]}],"nextCursor":"z"}}',
    )
  })
  it('may be empty', () => {
    expect(decodeUtf8(filterList(encodeUtf8(LIST), 'tools/list', () => false).bytes)).toContain('"tools": [],')
  })
  it('hands the item to whoever decides', () => {
    const seen: unknown[] = []
    filterList(encodeUtf8(LIST), 'tools/list', (key, item) => seen.push([key, item['x']]) > 0)
    expect(seen).toEqual([
      ['a', undefined],
      ['b', undefined],
      ['c', [{}]],
    ])
  })
  it.each(['7', 'null', '{}', '{"name":7}', '{"Name":"a","name":"b"}', '{"Name":"a"}'])(
    'leaves out %s, which names nothing',
    (item) => {
      const bytes = encodeUtf8(`{"jsonrpc":"2.0","id":1,"result":{"tools":[${item}]}}`)
      expect(decodeUtf8(filterList(bytes, 'tools/list', () => true).bytes)).toContain('"tools":[]')
    },
  )
  it('goes by the key of its kind', () => {
    const bytes = encodeUtf8('{"jsonrpc":"2.0","id":1,"result":{"resourceTemplates":[{"name":"n","uriTemplate":"u"}]}}')
    expect(filterList(bytes, 'resources/templates/list', (key) => key === 'u').leftOut).toBe(0)
    expect(filterList(bytes, 'resources/templates/list', (key) => key === 'n').leftOut).toBe(1)
  })
})

describe('the cache fields of a result that depends on who asks', () => {
  it.each([
    ['{"ttlMs":3600000,"cacheScope":"public"}', '{"ttlMs":60000,"cacheScope":"private"}'],
    ['{"ttlMs":1e9,"cacheScope":"PUBLIC"}', '{"ttlMs":60000,"cacheScope":"private"}'],
    ['{"cacheScope":7,"ttlMs":0}', '{"cacheScope":"private","ttlMs":0}'],
  ])('%s become %s', (before, after) => {
    expect(decodeUtf8(privateCache(encodeUtf8(reply(before))))).toBe(reply(after))
  })
  it('stay as they are where they are private and short, or not there', () => {
    for (const result of ['{"ttlMs":5000,"cacheScope":"private"}', '{}', '{"x":{"cacheScope":"public"}}']) {
      const bytes = encodeUtf8(`{"jsonrpc":"2.0","id":1,"result":${result}}`)
      expect(privateCache(bytes)).toBe(bytes)
    }
  })
})

describe('the versions of a server', () => {
  it('are those that the gateway can judge', () => {
    expect(decodeUtf8(knownVersionsOnly(encodeUtf8(discover('["2027-01-01","2026-07-28", 7]'))))).toBe(
      discover('["2026-07-28"]'),
    )
    const known = encodeUtf8(discover('["2026-07-28","2025-11-25"]'))
    expect(knownVersionsOnly(known)).toBe(known)
  })
})

function reply(result: string): string {
  return `{"jsonrpc":"2.0","id":1,"result":${result}}`
}

function discover(versions: string): string {
  return reply(`{"supportedVersions":${versions},"capabilities":{}}`)
}
