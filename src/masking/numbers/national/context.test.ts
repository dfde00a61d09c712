import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../../../base/bytes.ts'
import { ENTITY_NAMES, entityId, findEntity } from '../../entities.ts'
import { NATIONAL_CODES } from './codes.ts'
import { NATIONAL_CONTEXT } from './context.ts'
import { NATIONAL_NUMBERS } from './numbers.ts'
import { NATIONAL_SHAPES } from './shapes.ts'

const FIRST = entityId('uk_nhs')
const LAST = entityId('ph_mobile')
const words = Object.entries(NATIONAL_CONTEXT)

/** Words count as near within thirty bytes; longer ones only say what a key is. */
const WORD_BYTES_MAX = 34

describe('words of national ids', () => {
  it('stand there for each kind outside the United States, and each kind has a rule', () => {
    const ruled = new Set([...NATIONAL_NUMBERS, ...NATIONAL_CODES, ...NATIONAL_SHAPES].map(({ entity }) => entity))
    for (const name of ENTITY_NAMES.slice(FIRST, LAST + 1)) {
      expect([name, NATIONAL_CONTEXT[name]?.length ?? 0]).not.toEqual([name, 0])
      expect([name, name === 'ph_mobile' || ruled.has(entityId(name))]).toEqual([name, true])
    }
    expect(words.every(([name]) => (findEntity(name) ?? -1) >= FIRST)).toBe(true)
  })

  it.each(words)('of %s are lower case, trimmed, and each there once', (_name, list) => {
    expect(list.filter((word) => word !== word.toLowerCase() || word !== word.trim() || word.length < 2)).toEqual([])
    expect(new Set(list).size).toBe(list.length)
    expect(list.filter((word) => encodeUtf8(word).length > WORD_BYTES_MAX)).toEqual([])
  })

  it('are few enough for the automaton', () => {
    const bytes = Array.from(new Set(words.flatMap(([, list]) => list)), (word) => word.length).reduce(
      (a, b) => a + b,
      0,
    )
    expect(bytes).toBeLessThan(16_384)
  })
})
