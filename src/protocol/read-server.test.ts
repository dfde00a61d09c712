import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../base/bytes.ts'
import { readServerMessage } from './read-server.ts'

const LIMITS = { depthMax: 64, keysPerObjectMax: 1000, keysMax: 20_000 }

describe('a reply', () => {
  it('is read with its result', () => {
    expect(read('{"jsonrpc":"2.0","id":1,"result":{"content":[],"extra":1},"more":true}')).toEqual({
      kind: 'reply',
      id: '1',
      failed: false,
      toolError: false,
      result: { content: [], extra: 1 },
    })
  })
  it.each([
    ['1', '1'],
    ['"1"', '"1"'],
    ['12345678901234567890', '12345678901234567890'],
    ['-5', '-5'],
    ['"a\\/b"', '"a/b"'],
    ['"\\u0061"', '"a"'],
  ])('keeps the id %s as %s', (written, id) => {
    expect(read(`{"jsonrpc":"2.0","id":${written},"result":{}}`)).toMatchObject({ kind: 'reply', id })
  })
  it('says that a tool failed, only where the result says so itself', () => {
    expect(read('{"jsonrpc":"2.0","id":1,"result":{"isError":true}}')).toMatchObject({ toolError: true })
    expect(read('{"jsonrpc":"2.0","id":1,"result":{"isError":false,"x":{"isError":true}}}')).toMatchObject({
      toolError: false,
    })
  })
  it.each(['"id":null,', '', '"id":3,'])('that is an error may have the id %j', (id) => {
    const found = read(`{"jsonrpc":"2.0",${id}"error":{"code":-32000,"message":"no","hint":1}}`)
    expect(found).toMatchObject({
      kind: 'reply',
      failed: true,
      result: undefined,
      id: id === '"id":3,' ? '3' : undefined,
    })
  })
})

describe('a request or notification of a server', () => {
  it('is read with its params', () => {
    expect(read('{"jsonrpc":"2.0","id":"s1","method":"roots/list"}')).toEqual({
      kind: 'request',
      id: '"s1"',
      method: 'roots/list',
      params: {},
    })
    expect(read('{"jsonrpc":"2.0","method":"notifications/progress","params":{"progress":1}}')).toEqual({
      kind: 'notification',
      method: 'notifications/progress',
      params: { progress: 1 },
    })
  })
  it.each([
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"x"}}',
    '{"jsonrpc":"2.0","id":1,"method":"notifications/progress"}',
    '{"jsonrpc":"2.0","method":"roots/list"}',
    '{"jsonrpc":"2.0","method":"notifications/vendor/thing"}',
  ])('is told apart when no server sends that: %s', (text) => {
    expect(read(text)).toMatchObject({ kind: 'fault', reason: 'unknown_method' })
  })
})

describe('a message that is refused', () => {
  it.each([
    ['no JSON', '{"jsonrpc"', 'parse'],
    ['an array', '[]', 'invalid_request'],
    ['JSON-RPC 1.0', '{"jsonrpc":"1.0","id":1,"result":{}}', 'invalid_request'],
    ['result and error', '{"jsonrpc":"2.0","id":1,"result":{},"error":{}}', 'invalid_request'],
    ['neither', '{"jsonrpc":"2.0","id":1}', 'invalid_request'],
    ['an array as result', '{"jsonrpc":"2.0","id":1,"result":[]}', 'invalid_request'],
    ['a result to nobody', '{"jsonrpc":"2.0","id":null,"result":{}}', 'invalid_request'],
    ['a float id', '{"jsonrpc":"2.0","id":1.0,"result":{}}', 'invalid_request'],
    ['two results', '{"jsonrpc":"2.0","id":1,"result":{},"result":{"a":1}}', 'duplicate_key'],
    ['a result and its twin', '{"jsonrpc":"2.0","id":1,"result":{},"Result":{"a":1}}', 'look_alike_key'],
    ['two lists', '{"jsonrpc":"2.0","id":1,"result":{"tools":[],"Tools":[{"name":"x"}]}}', 'look_alike_key'],
  ])('%s', (_what, text, reason) => {
    expect(read(text)).toMatchObject({ kind: 'fault', reason })
  })
})

function read(text: string) {
  return readServerMessage(encodeUtf8(text), LIMITS)
}
