import { createSecretKey, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { ApprovalId } from '../approval/approval.ts'
import { decodeUtf8, encodeUtf8 } from '../base/bytes.ts'
import { isObject, parseJson } from '../base/json.ts'
import { seal, unseal } from '../base/sealed-box.ts'
import type { ClientRequest } from '../protocol/message.ts'
import type { Gateway, Place } from './gateway.ts'
import { unwrap, wrap } from './hold-state.ts'

const ID = 'aaaa-aaaa' as ApprovalId
const HELD = { approval: ID, round: 3 }

const placeOf = (principal: string, clientId = 'c', name = 'db') =>
  ({ principal: { id: principal, clientId }, connection: { facts: { name } } }) as unknown as Place

/** As much of a gateway and a place as states are made of. */
function setUp() {
  const key = createSecretKey(randomBytes(32))
  const now = { ms: 1_000_000 }
  const approvals = {
    keyName: 'ours',
    seal: (text: Uint8Array, of: readonly string[]) => seal(key, text, of),
    unseal: (box: Parameters<typeof unseal>[1], of: readonly string[]) => unseal(key, box, of),
  }
  const gateway = { approvals, now: { ms: () => now.ms } } as unknown as Gateway
  return { gateway, now, place: placeOf('pri_alice') }
}

function callOf(paramsText: string): ClientRequest {
  const text = `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":${paramsText}}`
  const params = parseJson(paramsText)
  if (!isObject(params)) throw new Error('no params')
  const fixed = { kind: 'request', id: '7', method: 'tools/call', era: 'modern', target: 'write' } as const
  return { ...fixed, revision: '2026-07-28', progressToken: undefined, params, bytes: encodeUtf8(text) }
}

const PARAMS = '{"name":"write", "arguments": {"n": 12345678901234567890, "sql":"a"}}'
const withState = (state: string, params = PARAMS) =>
  params.replace(/\}$/, `, "requestState": ${JSON.stringify(state)}}`)

describe('a state of ours', () => {
  it('comes back as the request that it was of, its bytes untouched', () => {
    const { gateway, place } = setUp()
    const state = wrap(callOf(PARAMS), HELD, place, gateway)
    for (const params of [withState(state), `{"requestState":${JSON.stringify(state)}, ${PARAMS.slice(1)}`]) {
      const back = unwrap(callOf(params), place, gateway)
      if ('fault' in back) throw new Error('it did not open')
      expect(back).toMatchObject({ round: 3, heldOn: ID })
      expect(back.call.params).not.toHaveProperty('requestState')
      expect(decodeUtf8(back.call.bytes)).toBe(
        decodeUtf8(callOf(PARAMS).bytes).replace(/\{"name/, params.startsWith('{"req') ? '{ "name' : '{"name'),
      )
    }
  })

  it('alone in its params leaves them empty', () => {
    const { gateway, place } = setUp()
    const state = wrap(callOf('{}'), HELD, place, gateway)
    const back = unwrap(callOf(`{ "requestState": ${JSON.stringify(state)} }`), place, gateway)
    expect('call' in back && decodeUtf8(back.call.bytes)).toContain('"params":{ }')
  })

  it('holds the state of the server, which comes out as it went in', () => {
    const { gateway, place } = setUp()
    for (const inner of ['theirs', 'with "quotes" \\ and \u2028 é 😀', '']) {
      const first = callOf(withState(inner))
      const state = wrap(first, HELD, place, gateway)
      const back = unwrap(callOf(withState(state)), place, gateway)
      expect('call' in back && parseJson(back.call.bytes)).toEqual(parseJson(first.bytes))
      expect('call' in back && back.call.params['requestState']).toBe(inner)
    }
  })

  it('of another person, client, connection or request does not open', () => {
    const { gateway, place } = setUp()
    const state = wrap(callOf(PARAMS), HELD, place, gateway)
    const others: readonly [ClientRequest, Place][] = [
      [callOf(withState(state)), placeOf('pri_eve')],
      [callOf(withState(state)), placeOf('pri_alice', 'another client')],
      [callOf(withState(state)), placeOf('pri_alice', 'c', 'prod')],
      [callOf(withState(state, PARAMS.replace('"a"', '"b"'))), place],
      [{ ...callOf(withState(state)), target: 'drop' }, place],
      [{ ...callOf(withState(state)), method: 'prompts/get' }, place],
    ]
    for (const [call, where] of others) expect(unwrap(call, where, gateway)).toHaveProperty('fault')
  })

  it('that was altered, cut or is too old does not open', () => {
    const { gateway, place, now } = setUp()
    const state = wrap(callOf(PARAMS), HELD, place, gateway)
    const middle = Math.floor(state.length / 2)
    const flipped = state.slice(0, middle) + (state[middle] === 'A' ? 'B' : 'A') + state.slice(middle + 1)
    for (const bad of [flipped, state.slice(0, -4), 'slh1.ours.', 'slh1.ours.%%%'])
      expect(unwrap(callOf(withState(bad)), place, gateway)).toHaveProperty('fault')
    now.ms += 600_000 - 1
    expect(unwrap(callOf(withState(state)), place, gateway)).not.toHaveProperty('fault')
    now.ms += 1
    expect(unwrap(callOf(withState(state)), place, gateway)).toHaveProperty('fault')
  })

  it.each(['theirs', 'slh1.another.abc', 'slh1', ''])('is not one that a server made: %s', (state) => {
    const { gateway, place } = setUp()
    const call = callOf(withState(state))
    expect(unwrap(call, place, gateway)).toEqual({ call, round: 0, heldOn: undefined })
  })

  it('is not asked for where there are no params', () => {
    const { gateway, place } = setUp()
    const call = { ...callOf('{}'), bytes: encodeUtf8('{"jsonrpc":"2.0","id":1,"method":"tools/list"}') }
    expect(unwrap(call, place, gateway)).toMatchObject({ round: 0 })
  })
})
