import { expect, it } from 'vitest'
import { encodeUtf8 } from '../base/bytes.ts'
import { type JsonObject, type JsonValue, stringifyJson } from '../base/json.ts'
import { detectAgain } from './bundle-detect.ts'

const LISTED = { connection: 'billing', name: 'token', kind: 'header', since: '2026-11-01T10:00:00.000000Z' }

async function foundIn(credentials: readonly JsonValue[], more: JsonObject = {}): Promise<number> {
  const change = { what: 'start', policy: 'p-1', connections: ['billing'], credentials: [...credentials], ...more }
  const bytes = encodeUtf8(stringifyJson({ ts: LISTED.since, dir: 'gw', change }))
  return (await detectAgain([{ seq: 0, part: 'envelope', salt: new Uint8Array(32), bytes }])).found
}

it('a list of credentials by their names tells no secret, and one that is in it is told', async () => {
  expect(await foundIn([LISTED, { ...LISTED, name: 'key', kind: 'oauth' }])).toBe(0)
  const secret = ['gh', 'p_', 'x7Kd93hQz0Lm4Rt8Vb2N', 'c6Wy1Ps5Fj0GaUeT'].join('')
  expect(await foundIn([{ ...LISTED, name: secret }])).toBe(1)
  expect(await foundIn([LISTED], { listed: [secret] })).toBeGreaterThan(0)
  expect(await foundIn(['Rk9xTq27Wm4z'])).toBeGreaterThan(0)
  expect(await foundIn([{ ...LISTED, value: 'Rk9xTq27Wm4z' }])).toBeGreaterThan(0)
})
