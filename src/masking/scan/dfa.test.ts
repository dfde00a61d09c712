import { describe, expect, it } from 'vitest'
import { GatewayError } from '../../base/assert.ts'
import { encodeUtf8 } from '../../base/bytes.ts'
import { buildDfa, type Dfa, DFA_STATES_MAX, nextAt } from './dfa.ts'

function wordsAfter(dfa: Dfa, text: string): readonly number[] {
  let state = 0
  for (const byte of encodeUtf8(text)) {
    const next = dfa.next[nextAt(dfa, state, dfa.columns[byte] ?? 0)] ?? 0
    state = next >> 1
    expect(next & 1).toBe(state >= dfa.firstHit ? 1 : 0)
  }
  const words = dfa.hits[state - dfa.firstHit] ?? []
  expect(state >= dfa.firstHit).toBe(words.length > 0)
  return words
}

function longWord(length: number, first: string): string {
  return first + 'x'.repeat(length - 1)
}

describe('the automaton', () => {
  it('names all words that end at a place, the longest first', () => {
    const dfa = buildDfa(['he', 'she', 'hers', 'e', 'he'])
    expect(wordsAfter(dfa, 'ushe')).toEqual([1, 0, 4, 3])
    expect(wordsAfter(dfa, 'ushers')).toEqual([2])
    expect(wordsAfter(dfa, 'ush')).toEqual([])
  })

  it('takes ASCII letters in either case, in words and in texts', () => {
    const dfa = buildDfa(['AKIA', 'bearer '])
    expect(wordsAfter(dfa, 'xAkIa')).toEqual([0])
    expect(wordsAfter(dfa, 'BEARER ')).toEqual([1])
  })

  it('takes other letters as they are written', () => {
    const dfa = buildDfa(['пароль', 'Ä'])
    expect(wordsAfter(dfa, 'мой пароль')).toEqual([0])
    expect(wordsAfter(dfa, 'ПАРОЛЬ')).toEqual([])
    expect(wordsAfter(dfa, 'Ä')).toEqual([1])
    expect(wordsAfter(dfa, 'ä')).toEqual([])
  })

  it('finds nothing where there are no words', () => {
    const dfa = buildDfa([])
    expect(wordsAfter(dfa, 'anything')).toEqual([])
    expect(dfa.overlap).toBe(0)
  })

  it('knows its longest word in bytes', () => {
    expect(buildDfa(['abc', '€€', 'de']).overlap).toBe(6)
  })

  it('holds as many states as its limit allows, and refuses one more as a mistake of the configuration', () => {
    const half = DFA_STATES_MAX / 2
    const full = buildDfa([longWord(half, 'a'), longWord(half - 1, 'b')])
    expect(full.states).toBe(DFA_STATES_MAX)
    expect(wordsAfter(full, longWord(half, 'a'))).toEqual([0])
    let caught: unknown
    try {
      buildDfa([longWord(half, 'a'), longWord(half, 'b')])
    } catch (error) {
      caught = error
    }
    expect(caught).toBeInstanceOf(GatewayError)
    expect(caught).toMatchObject({ code: 'config_invalid', message: expect.stringContaining('32768 states') })
  })

  it('takes an empty word for the bug it is', () => {
    expect(() => buildDfa(['a', ''])).toThrow('assertion failed')
  })
})
