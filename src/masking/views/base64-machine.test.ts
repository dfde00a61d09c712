import { describe, expect, it } from 'vitest'
import { Chance } from '../../../test/support/masking/random.ts'
import { Base64Machine } from './base64-machine.ts'

const CHUNK_BYTES = 65_536

function runsIn(text: string): [number, number][] {
  const runs: [number, number][] = []
  Base64Machine.one.runs(encodeLatin1(text), ({ start, end }) => runs.push([start, end]))
  return runs
}

function encodeLatin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

function plainRunsIn(text: string): [number, number][] {
  return [...text.matchAll(/[A-Za-z0-9+/_-]{16,}/g)].map(({ index, 0: run }) => [index, index + run.length])
}

describe('runs of base64', () => {
  it('are rows of sixteen and more of all characters of its alphabets, and of no others', () => {
    for (let byte = 0; byte < 256; byte++) {
      const text = `${'a'.repeat(8)}${String.fromCharCode(byte)}${'b'.repeat(8)}`
      expect(runsIn(text)).toEqual(plainRunsIn(text))
    }
  })

  it('are found at any place and of any length', () => {
    const random = new Chance(5)
    for (let i = 0; i < 500; i++) {
      const parts = Array.from({ length: random.below(20) }, () => 'x'.repeat(random.below(90)))
      const text = parts.join(random.pick(['.', '..', ' : ']))
      expect(runsIn(text)).toEqual(plainRunsIn(text))
    }
  })

  it('go on behind what is looked at at once', () => {
    for (let before = CHUNK_BYTES - 36; before < CHUNK_BYTES + 2; before += 3)
      for (const length of [15, 16, 17, 31, 70]) {
        const text = `${'.'.repeat(before)}${'x'.repeat(length)}.${'y'.repeat(20)}`
        expect(runsIn(text)).toEqual(plainRunsIn(text))
      }
    const long = `.${'x'.repeat(3 * CHUNK_BYTES)}.${'y'.repeat(20)}`
    expect(runsIn(long)).toEqual(plainRunsIn(long))
  })
})
