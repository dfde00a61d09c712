import { expect, it } from 'vitest'
import { CARD, setUpCarry as setUp } from '../../test/support/carry-world.ts'
import { Receipt } from '../audit/log.ts'
import { entryIndex } from '../base/ids.ts'
import { Unmasked } from '../masking/masked.ts'
import { release } from './release.ts'

it('an unmasked reply cannot be released, by type or at run time', () => {
  const world = setUp({ groups: [] })
  const raw = new TextEncoder().encode(CARD)
  const receipt = Receipt.issue('outcome', entryIndex(0))
  const head = { status: 200, headers: [] }
  // @ts-expect-error plain bytes are not Masked
  expect(() => release(raw, receipt, world.exchange, head)).toThrow(TypeError)
  // @ts-expect-error nor is an Unmasked value
  expect(() => release(new Unmasked(raw), receipt, world.exchange, head)).toThrow(TypeError)
  expect(world.exchange.answers).toEqual([])
  expect(`${String(new Unmasked(CARD))}${JSON.stringify({ raw: new Unmasked(CARD) })}`).not.toContain(CARD)
})

it('a masked reply cannot be released on the receipt of an auth record or on a look-alike', () => {
  const world = setUp({ groups: [] })
  const head = { status: 200, headers: [] }
  const fake = { kind: 'outcome', index: entryIndex(0) } as unknown as Receipt<'outcome'>
  expect(() => release(world.masked('x'), fake, world.exchange, head)).toThrow(TypeError)
  // @ts-expect-error this record lets nothing out
  void (() => release(world.masked('x'), Receipt.issue('auth', entryIndex(0)), world.exchange, head))
  expect(world.exchange.answers).toEqual([])
})
