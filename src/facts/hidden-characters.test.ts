import { describe, expect, it } from 'vitest'
import { findHiddenCharacters } from './hidden-characters.ts'

describe('hidden characters', () => {
  it.each([
    'a\u200bb',
    'a\u202eb',
    'a\u2066b',
    'a\u0000b',
    'a\ud800b',
    '{"a":"x\\u200by"}',
    '{"a":"x\\u202Ey"}',
    '{"a":"\\u0000"}',
    '{"a":"\\u00ad"}',
  ])('are found: %j', (text) => {
    expect(findHiddenCharacters(text)).toBe(true)
  })

  it.each([
    '',
    'plain',
    'Grüße, 東京, עברית',
    '{"a":"line\\nnext\\ttab \\u00e9"}',
    '{"a":"\\\\u200b is an escape"}',
    '{"a":"❤️"}',
  ])('are not seen where there are none: %j', (text) => {
    expect(findHiddenCharacters(text)).toBe(false)
  })
})
