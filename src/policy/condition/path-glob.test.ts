import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { uriGlob } from '../glob.ts'
import { pathGlob } from './path-glob.ts'

const letters = fc.constantFrom('a', 'b', '/', '*', '**', '.', 'ä')
const globs = fc.array(letters, { maxLength: 45 }).map((parts) => parts.join(''))
const texts = fc.array(fc.constantFrom('a', 'b', '/', '.', 'ä'), { maxLength: 40 }).map((parts) => parts.join(''))

it('answers as the globs of resources do', () => {
  fc.assert(
    fc.property(globs, texts, (glob, text) => {
      expect(pathGlob(glob)(text)).toBe(uriGlob(glob)(text))
    }),
    { numRuns: 5_000 },
  )
})

it('is fast on what makes backtracking slow', () => {
  const test = pathGlob('**a**a**a**a**b')
  const started = performance.now()
  expect(test('a'.repeat(100_000))).toBe(false)
  expect(performance.now() - started).toBeLessThan(1_000)
})
