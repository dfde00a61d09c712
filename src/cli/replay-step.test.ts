import { describe, expect, it } from 'vitest'
import { madeCall, madeSession } from '../../test/support/recorded-session.ts'
import { placeAfter } from './replay-step.ts'

describe('a key in a replay', () => {
  it.each([
    ['space', 0, 1],
    ['left', 0, 0],
    ['right', 3, 3],
    ['n', 0, 1],
    ['n', 1, 3],
    ['p', 3, 1],
    ['p', 1, 1],
    ['m', 3, 3],
    ['d', 0, 0],
    ['home', 3, 0],
    ['end', 0, 3],
    ['x', 2, 2],
    ['toString', 2, 2],
  ])('%s at %i leads to %i', async (name, from, to) => {
    const { events } = await madeSession([...madeCall(0), ...madeCall(2)])
    expect(placeAfter({ name }, from, events)).toBe(to)
  })

  it.each([{ name: 'q' }, { name: 'escape' }, { name: 'c', ctrl: true }])('%j leads out', async (key) => {
    expect(placeAfter(key, 0, [])).toBeUndefined()
  })
})
