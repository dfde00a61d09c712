import { describe, expect, it } from 'vitest'
import { openMasker, seenOf } from '../../../test/support/masking/passages.ts'

function shown(structuredContent: unknown): unknown {
  using world = openMasker()
  const [seen] = seenOf(world.passage(), [
    JSON.stringify({ jsonrpc: '2.0', id: 1, result: { content: [], structuredContent } }),
  ])
  return JSON.parse(seen?.text ?? '').result.structuredContent
}

describe('a day of birth under its key', () => {
  it.each(['May 3', '3 May', '3. Mai', '3 de março', '1er août', '05-03', 'Feb 1980'])(
    'is hidden without a year, too: %s',
    (birthday) => {
      expect(shown({ birthday })).toEqual({ birthday: expect.stringMatching(/^sur_date_of_birth_/) })
    },
  )

  it.each(['see May', '3 maybe', 'yes', 'may'])('is none in what names no day: %s', (birthday) => {
    expect(shown({ birthday })).toEqual({ birthday })
  })

  it('is hidden in its parts, however short they are', () => {
    const date = { year: 1980, month: 2, day: 13 }
    for (const of of [
      { dob: date },
      { birthdays: [{ date }] },
      { birthday: { year: '1980', month: '2', day: '13' } },
    ]) {
      const parts: unknown[] = JSON.stringify(shown(of)).match(/"(?:year|month|day)":[^,}]+/g) ?? []
      expect(parts).toHaveLength(3)
      for (const part of ['"year":1980', '"month":2', '"day":13']) expect(parts).not.toContain(part)
      for (const part of ['"year":"1980"', '"month":"2"', '"day":"13"']) expect(parts).not.toContain(part)
    }
    expect(shown({ birthday: { count: 3, created: '2024-01-02', id: 7, date: 'unknown' } })).toEqual({
      birthday: { count: 3, created: '2024-01-02', id: 7, date: 'unknown' },
    })
  })
})
