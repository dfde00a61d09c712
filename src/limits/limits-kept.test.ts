import { describe, expect, it } from 'vitest'
import { ANN, limit, openLimits } from '../../test/support/limits.ts'
import type { LimitSubject } from './limits.ts'

describe('after a restart', () => {
  const limits = [limit({ calls: 60, per: '1h', burst: 4 }), limit({ result_bytes: 100, per: '1h' }, { index: 1 })]

  it('what was saved is still used, and flows back as if nothing had been', () => {
    using world = openLimits()
    world.take(limits, ANN).lease.bytes(150, world.at(0))
    world.limits.flush(world.at(10))
    world.restart(10)
    expect(world.passes(limits.slice(1), ANN, 1, 1_836_000 - 1)).toBe(0)
    expect(world.passes(limits.slice(1), ANN, 1, 1_836_000)).toBe(1)
    world.restart(10)
    expect(world.passes(limits.slice(0, 1), ANN, 9, 10)).toBe(3)
  })

  it('what was taken since the last flush is lost, and no more', () => {
    using world = openLimits()
    world.take(limits, ANN)
    world.limits.flush(world.at(0))
    expect(world.passes(limits.slice(0, 1), ANN, 2)).toBe(2)
    world.restart(0)
    expect(world.passes(limits.slice(0, 1), ANN, 9)).toBe(3)
  })

  it('with a clock that was set back, as much is missing as was', () => {
    using world = openLimits()
    expect(world.passes(limits.slice(0, 1), ANN, 9)).toBe(4)
    world.limits.close(world.at(0))
    world.restart(-86_400_000)
    expect(world.passes(limits.slice(0, 1), ANN, 9, -86_400_000)).toBe(0)
    expect(world.passes(limits.slice(0, 1), ANN, 9, -86_400_000 + 60_000)).toBe(1)
  })

  it('under a tighter limit, nothing is granted anew', () => {
    using world = openLimits()
    expect(world.passes(limits.slice(0, 1), ANN, 3)).toBe(3)
    world.limits.close(world.at(0))
    world.restart(0)
    expect(world.passes([limit({ calls: 60, per: '1h', burst: 3 })], ANN, 9)).toBe(0)
  })
})

describe('a clock that is set', () => {
  const limits = [limit({ calls: 60, per: '1m', burst: 3 })]

  it('back, gives nothing back and blocks nobody', () => {
    using world = openLimits()
    expect(world.passes(limits, ANN, 9)).toBe(3)
    expect(world.passes(limits, ANN, 9, -3_600_000)).toBe(0)
    expect(world.passes(limits, ANN, 9, -3_600_000 + 1000)).toBe(1)
  })

  it('forward, fills up and no more', () => {
    using world = openLimits()
    expect(world.passes(limits, ANN, 9)).toBe(3)
    expect(world.passes(limits, ANN, 9, 1e12)).toBe(3)
  })

  it('never, but read before a wait, does not go back and forth', () => {
    using world = openLimits()
    expect(world.passes(limits, ANN, 9, 5000)).toBe(3)
    for (let i = 0; i < 100; i++) expect(world.passes(limits, ANN, 1, i % 2 === 0 ? 0 : 5000)).toBe(0)
  })
})

describe('a changed policy', () => {
  const before = limit({ calls: 100, per: '1h' })

  it.each([
    { what: 'the same limit goes on', after: { calls: 100, per: '1h' }, left: 40 },
    { what: 'a larger limit leaves used what was used', after: { calls: 150, per: '1h' }, left: 90 },
    { what: 'a smaller limit leaves used what was used', after: { calls: 70, per: '1h' }, left: 10 },
    { what: 'a much smaller limit is used up', after: { calls: 10, per: '1h' }, left: 0 },
    { what: 'a faster limit leaves used what was used', after: { calls: 100, per: '1m' }, left: 40 },
    { what: 'a limit of another kind starts anew', after: { concurrent: 5 }, left: 5 },
  ])('$what', ({ after, left }) => {
    using world = openLimits()
    expect(world.passes([before], ANN, 60)).toBe(60)
    expect(world.passes([limit(after)], ANN, 200)).toBe(left)
  })

  it('to a much smaller limit makes nobody wait longer than that limit does', () => {
    using world = openLimits()
    expect(world.passes([before], ANN, 100)).toBe(100)
    const after = [limit({ calls: 10, per: '1m' })]
    expect(world.limits.take(after, ANN, world.at(0))).toMatchObject({ retryAfterMs: 6000 })
  })

  it('keeps a debt, also one that a call under the old policy makes', () => {
    using world = openLimits()
    const old = [limit({ result_bytes: 1000, per: '1000s' })]
    const now = [limit({ result_bytes: 10, per: '10s' })]
    const { lease } = world.take(old, ANN)
    lease.bytes(1005, world.at(0))
    expect(world.limits.take(now, ANN, world.at(0))).toMatchObject({ retryAfterMs: 6000 })
    lease.bytes(100, world.at(0))
    expect(world.limits.take(now, ANN, world.at(0))).toMatchObject({ retryAfterMs: 106_000 })
  })
})

describe('memory', () => {
  const limits = [limit({ calls: 2, per: '1m', by: ['identity', 'tool'] })]

  it('holds nobody who has everything back', () => {
    using world = openLimits()
    for (let i = 0; i < 100; i++) world.take(limits, tool(i))
    world.limits.flush(world.at(0))
    expect([world.limits.size, world.rows()]).toEqual([100, 100])
    world.limits.flush(world.at(30_000))
    expect(world.limits.size).toBe(0)
    world.take(limits, tool('another'), 30_000)
    world.limits.flush(world.at(30_000))
    expect([world.limits.size, world.rows()]).toEqual([1, 1])
  })

  it('that is full forgets nobody: newcomers share what one would have', () => {
    using world = openLimits({ bucketsMax: 10 })
    for (let i = 0; i < 10; i++) expect(world.passes(limits, tool(i), 2)).toBe(2)
    let passed = 0
    for (let i = 0; i < 500; i++) passed += world.passes(limits, tool(`made up ${i}`), 1)
    expect(passed).toBe(2)
    for (let i = 0; i < 10; i++) expect(world.passes(limits, tool(i), 1)).toBe(0)
    expect(world.limits.size).toBe(11)
  })

  it('with a place again starts newcomers from what they shared', () => {
    using world = openLimits({ bucketsMax: 1 })
    world.take([limit({ calls: 2, per: '1m' }, { rule: 'other' })], ANN)
    expect(world.passes(limits, tool('a'), 9)).toBe(2)
    world.limits.flush(world.at(0))
    world.limits.flush(world.at(30_000))
    world.limits.flush(world.at(30_001))
    expect(world.limits.size).toBe(1)
    world.restart(30_001, { bucketsMax: 50 })
    expect(world.passes(limits, tool('a'), 9, 30_001)).toBe(1)
  })

  it('that is looked through in need keeps what the store does not know yet', () => {
    using world = openLimits({ bucketsMax: 1 })
    world.take([limit({ calls: 1, per: '1h' })], ANN)
    world.limits.flush(world.at(0))
    expect(world.passes([limit({ calls: 1000, per: '1s' })], ANN, 1)).toBe(1)
    world.take(limits, tool('another'), 2000)
    world.limits.close(world.at(2000))
    expect(world.keys().filter((key) => key.endsWith('identity=pri_ann'))).toEqual([])
  })

  it('is not filled by long names', () => {
    using world = openLimits()
    expect(world.passes(limits, tool('x'.repeat(1_000_000)), 1)).toBe(1)
    world.limits.flush(world.at(0))
    expect(world.keys().map((key) => key.length < 400)).toEqual([true])
  })

  it('saves in pieces, and everything at the end', () => {
    using world = openLimits()
    for (let i = 0; i < 4500; i++) world.take(limits, tool(i))
    expect(world.limits.flush(world.at(0))).toBe(2500)
    expect(world.rows()).toBe(2000)
    world.limits.close(world.at(0))
    expect(world.rows()).toBe(4500)
  })
})

describe('a store that fails', () => {
  it('makes flush fail, and what was taken is saved by a later one', () => {
    using world = openLimits()
    const limits = [limit({ calls: 3, per: '1h' })]
    world.take(limits, ANN)
    world.control.database.exec('ALTER TABLE limit_bucket RENAME TO elsewhere')
    expect(() => world.limits.flush(world.at(0))).toThrow(/limit_bucket/)
    world.control.database.exec('ALTER TABLE elsewhere RENAME TO limit_bucket')
    world.limits.flush(world.at(0))
    world.restart(0)
    expect(world.passes(limits, ANN, 9)).toBe(2)
  })
})

function tool(name: string | number): LimitSubject {
  return { ...ANN, tool: String(name) }
}
