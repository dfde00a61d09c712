import { describe, expect, it } from 'vitest'
import { Running, SESSIONS_MAX } from './running.ts'

const HALF = SESSIONS_MAX / 2

describe('the last records of sessions', () => {
  it('are remembered for those that were used last, and for no more than the most', () => {
    const running = new Running()
    for (let i = 0; i < 3 * SESSIONS_MAX; i++) {
      note(running, `s${i}`, i)
      // One that goes on all the time, and one that did not since the beginning.
      if (i % 1000 === 0) note(running, 'busy', i)
    }
    const known = Array.from({ length: 3 * SESSIONS_MAX }, (_, i) => running.prevOf(`s${i}`)).filter(Boolean)
    expect(known.length).toBeGreaterThanOrEqual(HALF)
    expect(known.length).toBeLessThanOrEqual(SESSIONS_MAX)
    expect(running.prevOf(`s${3 * SESSIONS_MAX - HALF + 1000}`)).toEqual(leafOf(3 * SESSIONS_MAX - HALF + 1000))
    expect(running.prevOf('busy')).toEqual(leafOf(3 * SESSIONS_MAX - 1000))
    expect(running.prevOf('s0')).toBeUndefined()
  })

  it('are forgotten with the end of the session, however long ago it was used', () => {
    const running = new Running()
    note(running, 'old', 1)
    for (let i = 0; i < HALF; i++) note(running, `s${i}`, i)
    expect(running.prevOf('old')).toEqual(leafOf(1))
    note(running, 'old', 2)
    note(running, 'new', 3)
    running.note({ kind: 'session.end', seq: 4, session: 'old', leaf: leafOf(4), of: undefined })
    running.note({ kind: 'session.end', seq: 5, session: 'new', leaf: leafOf(5), of: undefined })
    running.note({ kind: 'session.end', seq: 6, session: 's1', leaf: leafOf(6), of: undefined })
    expect([running.prevOf('old'), running.prevOf('new'), running.prevOf('s1')]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })

  it('may be overwritten by whoever noted them', () => {
    const running = new Running()
    const leaf = leafOf(7)
    running.note({ kind: 'part', seq: 0, session: 's', leaf, of: undefined })
    leaf.fill(0)
    expect(running.prevOf('s')).toEqual(leafOf(7))
  })
})

function note(running: Running, session: string, seq: number): void {
  running.note({ kind: 'part', seq, session, leaf: leafOf(seq), of: undefined })
}

function leafOf(seq: number): Uint8Array {
  const leaf = new Uint8Array(32)
  new DataView(leaf.buffer).setUint32(0, seq)
  return leaf
}
