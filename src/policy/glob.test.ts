import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nameGlob } from '../base/name-glob.ts'
import { nameGlobCovers, uriGlob, uriGlobCovers } from './glob.ts'

const letters = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 10 })
const globs = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*', '*'), maxLength: 8 })

describe('globs', () => {
  it('fit what the plain definition says they fit', () => {
    const holds = fc.property(globs, letters, (glob, text) => {
      return (
        nameGlob(glob)(text) === reference(glob, text, 'name') && uriGlob(glob)(text) === reference(glob, text, 'uri')
      )
    })
    expect(() => fc.assert(holds, { numRuns: 5000 })).not.toThrow()
  })

  it('cover another glob only where they fit all that it fits', () => {
    const holds = fc.property(globs, globs, letters, (wide, narrow, text) => {
      const names = !nameGlobCovers(wide, narrow) || !nameGlob(narrow)(text) || nameGlob(wide)(text)
      const uris = !uriGlobCovers(wide, narrow) || !uriGlob(narrow)(text) || uriGlob(wide)(text)
      return names && uris
    })
    expect(() => fc.assert(holds, { numRuns: 5000 })).not.toThrow()
  })

  it.each([
    { wide: '*', narrow: 'get_*', covers: true },
    { wide: 'get_*', narrow: 'get_a', covers: true },
    { wide: 'get_*', narrow: 'get_*_x', covers: true },
    { wide: 'get_*', narrow: '*', covers: false },
    { wide: 'get_a', narrow: 'get_*', covers: false },
  ])('$wide covers $narrow: $covers', ({ wide, narrow, covers }) => {
    expect(nameGlobCovers(wide, narrow)).toBe(covers)
  })

  it('have no special characters but the star', () => {
    expect(nameGlob('a.b?[c]{d}')('a.b?[c]{d}')).toBe(true)
    expect(nameGlob('a.*')('axb')).toBe(false)
    expect(uriGlob('a://x?y=*')('a://x?y=1')).toBe(true)
  })

  it.each([
    { what: 'many stars', glob: 'a*'.repeat(120), text: `${'a'.repeat(8000)}b` },
    { what: 'double stars', glob: '**a'.repeat(80), text: `${'a'.repeat(8000)}b` },
    { what: 'stars within segments', glob: `${'*a*/'.repeat(60)}x`, text: 'aaaaaaaa/'.repeat(900) },
  ])('are not slowed down by hostile texts: $what', ({ glob, text }) => {
    const since = performance.now()
    nameGlob(glob)(text)
    uriGlob(glob)(text)
    // A matcher that backtracks would not come back within the age of the universe.
    expect(performance.now() - since).toBeLessThan(5000)
  })
})

/** Exponential, and obviously right. */
function reference(glob: string, text: string, kind: 'name' | 'uri'): boolean {
  if (glob === '') return text === ''
  const stars = /^\*+/.exec(glob)?.[0].length ?? 0
  if (stars === 0) return text[0] === glob[0] && text !== '' && reference(glob.slice(1), text.slice(1), kind)
  const rest = glob.slice(stars)
  for (let n = 0; n <= text.length; n++) {
    if (reference(rest, text.slice(n), kind)) return true
    if (kind === 'uri' && stars === 1 && text[n] === '/') return false
  }
  return false
}
