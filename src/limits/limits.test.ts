import { describe, expect, it } from 'vitest'
import { ANN, BOB, limit, openLimits } from '../../test/support/limits.ts'

describe('a limit on calls', () => {
  const limits = [limit({ calls: 60, per: '1m', burst: 3 })]

  it('lets a burst pass, then one for each that flows back, and says when that is', () => {
    using world = openLimits()
    expect(world.passes(limits, ANN, 5)).toBe(3)
    expect(world.limits.take(limits, ANN, world.at(0))).toEqual({
      kind: 'exhausted',
      rule: 'rule',
      spec: limits[0]?.spec,
      retryAfterMs: 1000,
    })
    expect(world.passes(limits, ANN, 1, 999)).toBe(0)
    expect(world.passes(limits, ANN, 5, 1000)).toBe(1)
    expect(world.passes(limits, ANN, 5, 3000)).toBe(2)
  })

  it('is apart for each identity', () => {
    using world = openLimits()
    expect(world.passes(limits, ANN, 5)).toBe(3)
    expect(world.passes(limits, BOB, 5)).toBe(3)
  })

  it('is shared by all connections unless they are counted apart', () => {
    using world = openLimits()
    const apart = [limit({ calls: 60, per: '1m', burst: 3, by: ['identity', 'connection'] }, { rule: 'other' })]
    expect(world.passes(limits, ANN, 5)).toBe(3)
    expect(world.passes(limits, { ...ANN, connection: 'dev-db' }, 5)).toBe(0)
    expect(world.passes(apart, ANN, 5)).toBe(3)
    expect(world.passes(apart, { ...ANN, connection: 'dev-db' }, 5)).toBe(3)
  })

  it('cannot be met under names that look like others when they stand side by side', () => {
    using world = openLimits()
    const both = [limit({ calls: 1, per: '1d', by: ['tool', 'client'] })]
    expect(world.passes(both, { ...ANN, tool: 'a" client="b', client: 'c' }, 2)).toBe(1)
    expect(world.passes(both, { ...ANN, tool: 'a', client: 'b" client="c' }, 2)).toBe(1)
  })

  it('of another place in the rule, or another rule, is another limit', () => {
    using world = openLimits()
    expect(world.passes(limits, ANN, 5)).toBe(3)
    expect(world.passes([limit({ calls: 60, per: '1m', burst: 3 }, { index: 1 })], ANN, 5)).toBe(3)
    expect(world.passes([limit({ calls: 60, per: '1m', burst: 3 }, { rule: 'other' })], ANN, 5)).toBe(3)
  })
})

describe('a limit on bytes of results', () => {
  const limits = [limit({ result_bytes: 1000, per: '10s' })]

  it('is charged when bytes went out, and lets nothing pass while it is in debt', () => {
    using world = openLimits()
    const { lease } = world.take(limits, ANN)
    lease.bytes(999, world.at(0))
    lease.bytes(501, world.at(0))
    expect(world.limits.take(limits, ANN, world.at(0))).toMatchObject({ kind: 'exhausted', retryAfterMs: 5010 })
    expect(world.passes(limits, ANN, 1, 5009)).toBe(0)
    expect(world.passes(limits, ANN, 1, 5010)).toBe(1)
    expect(world.passes(limits, BOB, 1)).toBe(1)
  })

  it('also counts what a stream sends after its request is over', () => {
    using world = openLimits()
    const { lease } = world.take(limits, ANN)
    lease.end()
    lease.bytes(1000, world.at(0))
    expect(world.passes(limits, ANN, 1)).toBe(0)
  })

  it.each([-1, Number.NaN, Infinity])('takes no %d bytes', (n) => {
    using world = openLimits()
    expect(() => world.take(limits, ANN).lease.bytes(n, world.at(0))).toThrow('assertion failed')
    expect(world.passes(limits, ANN, 1)).toBe(1)
  })
})

describe('a limit on what runs at the same time', () => {
  const limits = [limit({ concurrent: 2 })]

  it('has room again when a call is over, however often that is said', () => {
    using world = openLimits()
    const first = world.take(limits, ANN).lease
    world.take(limits, ANN)
    expect(world.limits.take(limits, ANN, world.at(0))).toMatchObject({ kind: 'exhausted', retryAfterMs: 1000 })
    first.end()
    first.end()
    expect(world.passes(limits, ANN, 5)).toBe(1)
    expect(world.passes(limits, BOB, 5)).toBe(2)
  })

  it('knows after a restart that nothing runs', () => {
    using world = openLimits()
    expect(world.passes(limits, ANN, 5)).toBe(2)
    world.restart(0)
    expect(world.passes(limits, ANN, 5)).toBe(2)
  })
})

describe('a limit that is not in force yet', () => {
  it('stops nothing', () => {
    using world = openLimits()
    expect(world.passes([limit({ masked_entities: 1, per: '1d' })], ANN, 10)).toBe(10)
  })
})

describe('several limits', () => {
  it('are all taken from, or none', () => {
    using world = openLimits()
    const minute = limit({ calls: 10, per: '1m' })
    const day = limit({ calls: 4, per: '1d' }, { index: 1 })
    const running = limit({ concurrent: 9 }, { index: 2 })
    expect(world.passes([minute, day, running], ANN, 20)).toBe(4)
    expect(world.passes([minute], ANN, 20)).toBe(6)
    expect(world.passes([running], ANN, 20)).toBe(5)
  })

  it('without room are answered with the longest wait, in whatever order they stand', () => {
    using world = openLimits()
    const limits = [limit({ calls: 1, per: '1m' }), limit({ calls: 1, per: '1h' }, { index: 1 })]
    world.take(limits, ANN)
    const found = [limits, limits.toReversed()].map((order) => world.limits.take(order, ANN, world.at(0)))
    expect(found).toEqual([found[0], found[0]])
    expect(found[0]).toMatchObject({ retryAfterMs: 3_600_000, spec: limits[1]?.spec })
  })

  it('with the same wait are answered with the same one, in whatever order they stand', () => {
    using world = openLimits()
    const limits = ['a', 'b'].map((rule) => limit({ calls: 1, per: '1m' }, { rule }))
    world.take(limits, ANN)
    const found = [limits, limits.toReversed()].map((order) => world.limits.take(order, ANN, world.at(0)))
    expect(found).toMatchObject([{ rule: 'a' }, { rule: 'a' }])
  })
})
