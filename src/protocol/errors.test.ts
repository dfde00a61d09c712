import { describe, expect, it } from 'vitest'
import { decodeUtf8 } from '../base/bytes.ts'
import { parseJson } from '../base/json.ts'
import { errorReply, faultReply, OUR_CODES, toolRefusal } from './errors.ts'

describe('an error of the gateway', () => {
  it('has the id exactly as the request spelled it', () => {
    expect(decodeUtf8(errorReply('12345678901234567890', -1, 'no', { a: 1 }))).toBe(
      '{"jsonrpc":"2.0","id":12345678901234567890,"error":{"code":-1,"message":"no","data":{"a":1}}}',
    )
    expect(decodeUtf8(errorReply(undefined, -1, 'a "quoted" word'))).toBe(
      '{"jsonrpc":"2.0","id":null,"error":{"code":-1,"message":"a \\"quoted\\" word"}}',
    )
  })
  it('has a code outside of the range that JSON-RPC keeps for itself', () => {
    for (const code of Object.values(OUR_CODES)) expect(code < -32768 || code > -32000).toBe(true)
  })
  it('is not sent for a notification', () => {
    const fault = { kind: 'fault', reason: 'unknown_method', code: -32601, message: 'x', id: undefined } as const
    expect(faultReply({ ...fault, status: 202 })).toBeUndefined()
    expect(faultReply({ ...fault, status: 200 })).toBeInstanceOf(Uint8Array)
  })
})

describe('a refused tool', () => {
  it('is a result that the model reads, in the form of its era', () => {
    const result = { content: [{ type: 'text', text: 'No.' }], isError: true }
    expect(parseJson(toolRefusal('1', 'legacy', 'No.'))).toEqual({ jsonrpc: '2.0', id: 1, result })
    expect(parseJson(toolRefusal('"a"', 'modern', 'No.'))).toEqual({
      jsonrpc: '2.0',
      id: 'a',
      result: { resultType: 'complete', ...result },
    })
  })
})
