import { array, assert as assertAll, constantFrom, property, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeLatin1, encodeUtf8 } from '../../base/bytes.ts'
import { buildDfa, type Dfa } from './dfa.ts'
import { CHUNK_BYTES } from './machine-layout.ts'
import { ScanMachine } from './machine.ts'

type Found = readonly [end: number, word: number]

function found(bytes: Uint8Array, dfa: Dfa, machine = new ScanMachine(dfa)): Found[] {
  const hits = machine.scan(bytes).words
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
      { numRuns: 1_000 },
    )
  })

  it('finds a word at every place of a text, whatever the length and the alignment of its bytes', () => {
    const words = ['needle', 'dle', 'needle-and-a-thread']
    const dfa = buildDfa(words)
    const machine = new ScanMachine(dfa)
    for (const length of [19, 255, 256, 257, 271, 300]) {
      for (let shift = 0; shift < 4; shift += 1) {
        for (let at = 0; at + 19 <= length; at += 1) {
          const bytes = new Uint8Array(length + shift).fill(0x2e).subarray(shift)
          bytes.set(encodeUtf8('needle-and-a-thread'), at)
          expect(sorted(found(bytes, dfa, machine))).toEqual([
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
    const hits = new ScanMachine(buildDfa(['ab', 'b'])).scan(encodeUtf8('ab--'.repeat(1_000))).words
    expect(hits.length).toBe(1_000)
    for (let i = 0; i < hits.length; i += 1) expect(hits.end(i)).toBe(4 * i + 2)
    expect([0, 2, 3, 6, 3_998, 3_999].map((place) => hits.firstFrom(place))).toEqual([0, 0, 1, 1, 999, 1_000])
  })

  it('forgets the last message, also after one that is all words', () => {
    const dfa = buildDfa(['a'])
    const machine = new ScanMachine(dfa)
    const all = machine.scan(new Uint8Array(300_000).fill(0x61)).words
    expect(found(encodeUtf8('-a-'), dfa, machine)).toEqual([[2, 0]])
    expect(found(encodeUtf8('---'), dfa, machine)).toEqual([])
    expect(found(new Uint8Array(0), dfa, machine)).toEqual([])
    // What was found in one message stays as it was when the next one is looked at.
    expect([all.length, all.end(0), all.end(299_999)]).toEqual([300_000, 1, 300_000])
  })

  it('finds a word at every place around the end of a chunk, words of many bytes and of other alphabets too', () => {
    const long = 'longest'.repeat(40)
    const words = ['needle', 'dle', 'nadel-und-faden', 'игла', '针', long]
    const dfa = buildDfa(words)
    const machine = new ScanMachine(dfa)
    for (const word of ['NEEDLE', 'nadel-und-faden', 'игла', '针', long]) {
      const spelled = encodeUtf8(word)
      for (let at = CHUNK_BYTES - spelled.length - 2; at < CHUNK_BYTES + 3; at += 1) {
        const bytes = new Uint8Array(CHUNK_BYTES + 400).fill(0x2e)
        bytes.set(spelled, at)
        expect(sorted(found(bytes, dfa, machine)), `${word} at ${at}`).toEqual(naive(bytes, words))
      }
    }
  })

  it('tells bytes apart that differ in nothing but their highest bits', () => {
    const printable = Array.from({ length: 95 }, (_, i) => String.fromCharCode(0x20 + i))
    const words = [...printable, 'é', 'ü', '€', '\u007f', '\u0001'].map((letter) => `${letter}${letter}`)
    const text = words.join('') + words.map((word) => word.slice(1)).join('.')
    expect(sorted(found(encodeUtf8(text), buildDfa(words)))).toEqual(naive(encodeUtf8(text), words))
  })
})
