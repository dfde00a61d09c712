import { describe, expect, it } from 'vitest'
import { decodeUtf8, encodeUtf8 } from '../base/bytes.ts'
import { eventWithReceipt, findReceipt, messageWithReceipt } from './receipt-place.ts'

const RECEIPT = '{"v":1,"seq":7}'

describe('a receipt in a message', () => {
  it.each([
    ['a result without _meta', '{"jsonrpc":"2.0","id":1,"result":{"content":[]}}'],
    ['an empty result', '{"jsonrpc":"2.0","id":1,"result":{}}'],
    ['a result with an empty _meta', '{"jsonrpc":"2.0","id":1,"result":{"_meta":{},"content":[]}}'],
    ['a result with a full _meta', '{"id":1,"result":{"content":[],"_meta":{"a/b":{"c":1}}}}'],
    ['a notification', '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progress":1}}'],
    ['a request of the server', '{"jsonrpc":"2.0","id":9,"method":"sampling/createMessage","params":{"n":1e3}}'],
    ['what is written with room', ' { "id" : 1 ,\n "result" : { "x" : 1.0 , "_meta" : { "y" : 2 } } }\n'],
    ['an empty _meta with room in it', '{"id":1,"result":{ "_meta" : { } , "x" : 1 }}'],
  ])('stands in _meta of %s, and taken out again leaves every byte', (_, text) => {
    const message = encodeUtf8(text)
    const written = messageWithReceipt(message, RECEIPT)
    const parsed = JSON.parse(decodeUtf8(written))
    expect((parsed.result ?? parsed.params)['_meta']['sallyport/receipt']).toEqual({ v: 1, seq: 7 })
    delete (parsed.result ?? parsed.params)['_meta']['sallyport/receipt']
    const before = JSON.parse(text)
    expect({ _meta: {}, ...(before.result ?? before.params) }).toEqual(parsed.result ?? parsed.params)
    const found = findReceipt(written)
    expect(decodeUtf8(found?.receipt ?? message)).toBe(RECEIPT)
    expect(found?.without.map((bytes) => decodeUtf8(bytes))).toContain(text)
  })

  it.each([
    ['an error', '{"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"no"}}'],
    ['a message without params', '{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}'],
    ['a _meta that is no object', '{"id":1,"result":{"_meta":null}}'],
    ['a result that is no object', '{"id":1,"result":7}'],
    ['one that holds a receipt of somebody else', '{"id":1,"result":{"_meta":{"sallyport/receipt":{}}}}'],
    ['no message', '[]'],
  ])('has no place in %s, which stays as it is', (_, text) => {
    const message = encodeUtf8(text)
    expect(messageWithReceipt(message, RECEIPT)).toBe(message)
  })

  it.each([
    ['a member before _meta', (text: string) => text.replace('"_meta":', '"isError":true,"_meta":')],
    ['a member before the receipt', (text: string) => text.replace('"sallyport/', '"forged":1,"sallyport/')],
    ['a member behind it in _meta', (text: string) => text.replace(`${RECEIPT}}`, `${RECEIPT},"forged":1}`)],
  ])('with %s that was put there is never taken out as if nothing had been', (_, forge) => {
    for (const text of ['{"id":1,"result":{"content":[]}}', '{"id":1,"result":{"_meta":{"y":2},"content":[]}}']) {
      const written = decodeUtf8(messageWithReceipt(encodeUtf8(text), RECEIPT))
      const forged = forge(written)
      if (forged === written) continue
      const found = findReceipt(encodeUtf8(forged))
      expect(decodeUtf8(found?.receipt ?? new Uint8Array(0))).toBe(RECEIPT)
      expect(found?.without.map((bytes) => decodeUtf8(bytes))).not.toContain(text)
    }
  })

  it('goes into the data of an event and leaves its other lines; an event without a message stays as it is', () => {
    const event = eventWithReceipt(encodeUtf8('id: 4\nevent: message\ndata: {"result":\ndata: {"a":1}}\n\n'), RECEIPT)
    expect(decodeUtf8(event)).toBe(
      `id: 4\nevent: message\ndata: {"result":\ndata: {"_meta":{"sallyport/receipt":${RECEIPT}},"a":1}}\n\n`,
    )
    for (const other of ['id: 5\ndata: \n\n', ': alive\n\n', 'id: 6\ndata: {"error":{}}\n\n'])
      expect(decodeUtf8(eventWithReceipt(encodeUtf8(other), RECEIPT))).toBe(other)
  })
})
