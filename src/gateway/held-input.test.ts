import { describe, expect, it } from 'vitest'
import { decodeUtf8, encodeUtf8 } from '../base/bytes.ts'
import { inputKept, inputTo, requestsIn } from './held-input.ts'

const CALL = encodeUtf8(
  '{"id":1,"method":"tools/call","params":{"name":"a","arguments":{"n":1.0},"requestState":"old"}}',
)
const kept = (state = ',"requestState":"s\\u0041"') =>
  inputKept(encodeUtf8(`{"resultType":"input_required","inputRequests":{"x":{"q":1},"y":{"q":2}}${state}}`))
const update = (responses: string) => encodeUtf8(`{"params":{"taskId":"t","inputResponses":${responses}}}`)

describe('input that a server asks for in the middle', () => {
  it('is asked for under keys of its round', () => {
    expect(decodeUtf8(requestsIn(kept(), 2))).toBe('{"2.x":{"q":1},"2.y":{"q":2}}')
  })

  it('goes out with the call as it was, byte for byte, once all of it is there', () => {
    const some = inputTo({ kept: kept(), round: 1, call: CALL }, update('{"1.y":{"big":12345678901234567890}}'))
    if (some.kind !== 'some') throw new Error('all was there')
    expect(decodeUtf8(requestsIn(some.kept, 1))).toBe('{"1.x":{"q":1}}')
    // What was answered is answered.
    const all = inputTo({ kept: some.kept, round: 1, call: CALL }, update('{"1.x":{},"1.y":{"other":1}}'))
    if (all.kind !== 'all') throw new Error('some was missing')
    expect(decodeUtf8(all.call)).toBe(
      '{"id":1,"method":"tools/call","params":{"name":"a","arguments":{"n":1.0},"inputResponses":{"x":{},"y":{"big":12345678901234567890}},"requestState":"s\\u0041"}}',
    )
  })

  it('carries no state where the server gave none', () => {
    const all = inputTo({ kept: kept(''), round: 1, call: CALL }, update('{"1.x":{},"1.y":{}}'))
    expect(all.kind === 'all' && decodeUtf8(all.call)).not.toContain('requestState')
  })

  it.each(['{}', '[]', '7', '{"x":{},"y":{}}', '{"0.x":{},"2.y":{}}'])('is missing where %s is given', (responses) => {
    expect(inputTo({ kept: kept(), round: 1, call: CALL }, update(responses)).kind).toBe('some')
  })

  it('is not mistaken for what a server puts beside it', () => {
    const sly = inputKept(encodeUtf8('{"inputRequests":{"x":{}},"responses":{"x":{}},"result":{"inputRequests":{}}}'))
    expect(decodeUtf8(requestsIn(sly, 1))).toBe('{"1.x":{}}')
  })
})
