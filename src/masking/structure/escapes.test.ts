import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../../base/bytes.ts'
import { afterEscape, endOfEscape } from './escapes.ts'

/** `|` marks the place that is asked about, `^` the one that is answered where it is another. */
function places(marked: string): { bytes: Uint8Array; place: number; answer: number } {
  const place = marked.replace('^', '').indexOf('|')
  const answer = marked.includes('^') ? marked.replace('|', '').indexOf('^') : place
  return { bytes: encodeUtf8(marked.replace(/[|^]/g, '')), place, answer }
}

describe('a place in a text', () => {
  it.each([
    [0, 'ab|c'],
    [0, 'a\\n|c'],
    [0, 'a\\|n^c'],
    [0, 'a\\\\|nc'],
    [0, 'a\\|\\^nc'],
    [0, 'a\\u00|41^b'],
    [0, 'a\\|u0041^b'],
    [0, 'a\\u0041|b'],
    [0, 'face|b'],
    [0, 'a\\u00|zz'],
    [1, 'a\\|n^c'],
    [1, 'a\\\\|n^c'],
    [1, 'a\\\\\\\\|nc'],
    [1, 'a\\\\u00|41^b'],
    [2, 'a\\\\\\\\|n^c'],
    [0, 'a\\\\\\\\|\\"}'],
    [1, 'a\\\\\\\\|\\"}'],
    [1, 'a\\\\\\\\\\\\\\\\|\\\\\\"}'],
    [1, 'a\\\\|\\\\\\"^}'],
    [0, 'a\\\\|\\"^}'],
  ])('at level %i goes to the end of the escape that it cuts: %s', (level, marked) => {
    const { bytes, place, answer } = places(marked)
    expect(endOfEscape(bytes, place, level)).toBe(answer)
    expect(afterEscape(bytes, place, level)).toBe(answer)
  })

  it('is a beginning where an escape begins', () => {
    const { bytes, place } = places('ab|\\nc')
    expect(afterEscape(bytes, place, 0)).toBe(place)
  })
})
