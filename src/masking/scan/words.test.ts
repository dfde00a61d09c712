import { array, assert as assertAll, constantFrom, property, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeLatin1, encodeUtf8 } from '../../base/bytes.ts'
import { buildDfa, type Dfa } from './dfa.ts'
import { WordHits } from './word-hits.ts'
import { scanWords } from './words.ts'

type Found = readonly [end: number, word: number]

function found(bytes: Uint8Array, dfa: Dfa, hits = new WordHits()): Found[] {
  scanWords(bytes, dfa, hits)
  const list: Found[] = []
  for (let i = 0; i < hits.length; i += 1)
    for (const word of dfa.hits[hits.state(i) - dfa.firstHit] ?? []) list.push([hits.end(i), word])
  return list
}

/** What a search for each word at each place finds. */
function naive(bytes: Uint8Array, words: readonly string[]): Found[] {
  const text = fold(decodeLatin1(bytes))
  const spelled = words.map((word) => fold(decodeLatin1(encodeUtf8(word))))
  const list: Found[] = []
  for (const [word, spelling] of spelled.entries())
    for (let at = text.indexOf(spelling); at >= 0; at = text.indexOf(spelling, at + 1))
      list.push([at + spelling.length, word])
  return sorted(list)
}

function fold(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
}

function sorted(list: readonly Found[]): Found[] {
  return list.toSorted(([endA, wordA], [endB, wordB]) => endA - endB || wordA - wordB)
}

/** Few letters, so that words overlap and stand inside one another. */
const letters = constantFrom('a', 'b', 'A', '_', 'é')
const someWords = array(string({ unit: letters, minLength: 1, maxLength: 9 }), { maxLength: 12 })

describe('the scan for words', () => {
  it('finds what a search for every word at every place finds, in texts of all lengths', () => {
    assertAll(
      property(someWords, string({ unit: letters, maxLength: 1_500 }), (words, text) => {
        const bytes = encodeUtf8(text)
        expect(sorted(found(bytes, buildDfa(words)))).toEqual(naive(bytes, words))
      }),
      { numRuns: 2_000 },
    )
  })

  it('finds a word at every place of a text, whatever the length and the alignment of its bytes', () => {
    const words = ['needle', 'dle', 'needle-and-a-thread']
    const dfa = buildDfa(words)
    const hits = new WordHits()
    for (const length of [19, 255, 256, 257, 271, 300]) {
      for (let shift = 0; shift < 4; shift += 1) {
        for (let at = 0; at + 19 <= length; at += 1) {
          const bytes = new Uint8Array(length + shift).fill(0x2e).subarray(shift)
          bytes.set(encodeUtf8('needle-and-a-thread'), at)
          expect(sorted(found(bytes, dfa, hits))).toEqual([
            [at + 6, 0],
            [at + 6, 1],
            [at + 19, 2],
          ])
        }
      }
    }
  })

  it('finds words that are longer than a quarter of the text', () => {
    const word = 'x'.repeat(200) + 'y'
    const bytes = encodeUtf8(`-${'x'.repeat(120)}${word}-`)
    expect(found(bytes, buildDfa([word]))).toEqual([[322, 0]])
  })

  it('reports places in order, and finds the first one from a place on', () => {
    const hits = new WordHits()
    const dfa = buildDfa(['ab', 'b'])
    scanWords(encodeUtf8('ab--'.repeat(1_000)), dfa, hits)
    expect(hits.length).toBe(1_000)
    for (let i = 0; i < hits.length; i += 1) expect(hits.end(i)).toBe(4 * i + 2)
    expect([0, 2, 3, 6, 3_998, 3_999].map((place) => hits.firstFrom(place))).toEqual([0, 0, 1, 1, 999, 1_000])
  })

  it('forgets the last message, also after one that is all words', () => {
    const hits = new WordHits()
    const dfa = buildDfa(['a'])
    expect(found(new Uint8Array(300_000).fill(0x61), dfa, hits)).toHaveLength(300_000)
    expect(found(encodeUtf8('-a-'), dfa, hits)).toEqual([[2, 0]])
    expect(found(encodeUtf8('---'), dfa, hits)).toEqual([])
    expect(found(new Uint8Array(0), dfa, hits)).toEqual([])
  })
})
