import { describe, expect, it } from 'vitest'
import { BufferBudget } from './buffer-budget.ts'

describe('the memory of all calls', () => {
  it('lets reading go on within the budget', () => {
    const { open, budget } = setUp({ bytesMax: 100 })
    expect(open().take(60)).toBe(true)
    expect(open().take(40)).toBe(true)
    expect(budget.heldBytes).toBe(100)
  })

  it('beyond it only the largest unfinished reply may go on', () => {
    const { open } = setUp({ bytesMax: 100 })
    const [large, small] = [open(), open()]
    expect(large.take(90)).toBe(true)
    expect(small.take(20)).toBe(false)
    expect(large.take(500)).toBe(true)
  })

  it('while something finished will be given back, nobody goes beyond it', async () => {
    const { open, resumed } = setUp({ bytesMax: 100 })
    const [finished, large] = [open('finished'), open('large')]
    finished.take(50)
    finished.settle(true)
    expect(large.take(80)).toBe(false)
    await Promise.resolve()
    expect(resumed).toEqual([])
    finished.close()
    await Promise.resolve()
    expect(resumed).toEqual(['large'])
  })

  it('the last to wait is never forgotten: whoever becomes the largest goes on', async () => {
    const { open, resumed } = setUp({ bytesMax: 100 })
    const shares = ['a', 'b', 'c'].map((name) => open(name))
    for (const share of shares) share.take(90)
    const [a, b] = shares
    a?.settle(true)
    await Promise.resolve()
    expect(resumed).toEqual([])
    a?.close()
    await Promise.resolve()
    expect(resumed).toEqual(['b'])
    b?.close()
    await Promise.resolve()
    expect(resumed).toEqual(['b', 'c'])
  })

  it('wakes no more than there is room for, and never from within another call', async () => {
    const { open, resumed } = setUp({ bytesMax: 200_000 })
    const first = open('first')
    first.take(250_000)
    first.settle(true)
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) open(name).take(10)
    first.close()
    expect(resumed).toEqual([])
    await Promise.resolve()
    expect(resumed).toEqual(['a', 'b', 'c', 'd'])
  })

  it('gives back what a share holds, once, however often it is closed', () => {
    const { open, budget } = setUp({ bytesMax: 100 })
    const share = open()
    share.take(70)
    share.give(1000)
    share.take(30)
    share.close()
    share.close()
    expect(budget.heldBytes).toBe(0)
  })
})

function setUp(options: { bytesMax: number }) {
  const budget = new BufferBudget(options.bytesMax)
  const resumed: string[] = []
  return { budget, resumed, open: (name = '') => budget.open(() => resumed.push(name)) }
}
