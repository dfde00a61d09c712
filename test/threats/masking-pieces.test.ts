// A server that cuts values over several messages, each harmless by itself, by chance or to get them past.
import { describe, expect, it } from 'vitest'
import { entitiesOf } from '../../src/masking/replace/entity-groups.ts'
import type { Terms } from '../../src/masking/rule-set.ts'
import { Finder, isCovered } from '../support/masking/finder.ts'
import { logged, openMasker, progress, seenOf, wordsOf } from '../support/masking/passages.ts'
import { gitleaks, presidio, secretlint, type Span, spansToFind } from '../support/masking/vectors.ts'

/** Of values that are found in one text, at most this share may be lost in pieces. */
const LOST_SHARE_MAX = 1 / 200

/** So many letters and digits of the end of a value say something; fewer may as well be the end of what hides it. */
const SHOWN_MIN = 3

const VALUES = {
  card: ['4111', '1111', '1111', '1111'].join(' '),
  address: 'joe.miller@example.com',
  iban: 'DE89 3704 0044 0532 0130 00',
  key: ['gh', 'p_', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'].join(''),
}

describe('a value that a server cuts over several messages', () => {
  it.each(Object.entries(VALUES))('never comes together for whoever reads them: %s', (_, value) => {
    for (const size of [1, 2, 3, 5, Math.ceil(value.length / 3), Math.ceil(value.length / 2)])
      for (const write of [progress, logged]) {
        using world = openMasker()
        const pieces = piecesOf(value, size)
        const words = seenOf(
          world.passage(),
          ['Begin: ', ...pieces, '. The end'].map((text) => write(text)),
        ).map(wordsOf)
        expect(lettersOf(words.join(''))).not.toContain(lettersOf(value))
        expect(words.at(-1)).toBe('. The end')
      }
  })

  it('never comes together where other messages come between the pieces', () => {
    using world = openMasker()
    const pieces = piecesOf(VALUES.card, 7)
    const events = pieces.flatMap((piece, i) => [progress(piece, 'a'), progress(`step ${i}`, 'b'), logged({ step: i })])
    const words = seenOf(world.passage(), events).map(wordsOf)
    expect(lettersOf(words.filter((_, i) => i % 3 === 0).join(''))).not.toContain(lettersOf(VALUES.card))
  })

  it('is not looked for at the cost of memory or time, however many messages there are', () => {
    using world = openMasker()
    const passage = world.passage()
    const events = Array.from({ length: 2_000 }, (_, i) => logged({ [`row${i}`]: `${'x'.repeat(2_000)} 4111 11` }))
    const begin = performance.now()
    expect(seenOf(passage, events).map(({ text }) => text)).toEqual(events)
    // About 4 MiB of text: one millisecond for a kibibyte is the bound of all hostile input.
    expect(performance.now() - begin).toBeLessThan(4_000)
  })
})

interface Labelled {
  readonly label: string
  readonly text: string
  readonly span: Span
  readonly results: readonly Terms[]
}

const finder = new Finder()
const ENTITIES: readonly Labelled[] = presidio().flatMap((vector, index) => {
  const { entity, text } = vector
  const results = [{ entities: entitiesOf(entity) ?? [], with: 'redact' as const }]
  return spansToFind(vector)
    .filter((span) => isCovered(text, span, finder.entity(text, entity)))
    .map((span) => ({ label: `${entity} ${index}`, text, span, results }))
})
const SECRETS: readonly Labelled[] = [...gitleaks(), ...secretlint()].flatMap(
  ({ rule, text, spans, positive }, index) =>
    positive
      ? spans
          .filter((span) => isCovered(text, span, finder.secrets(text)))
          .map((span) => ({ label: `${rule} ${index}`, text, span, results: [] }))
      : [],
)

describe('values that others have labelled', () => {
  it.each([
    ['personal data', ENTITIES],
    ['secrets', SECRETS],
  ])('are found in two pieces as they are in one: %s', (_, labelled) => {
    using world = openMasker()
    const lost = labelled.filter(({ text, span, results }) => {
      const middle = middleOf(text, span)
      const events = [text.slice(0, middle), text.slice(middle)].map((piece) => logged(piece))
      const words = seenOf(world.passage({ results }), events).map(wordsOf).map(String)
      return shownOf(text, span, words.at(-1) ?? '') >= SHOWN_MIN
    })
    const share = lost.length / labelled.length
    expect(
      share <= LOST_SHARE_MAX ? [] : [`${lost.length} of ${labelled.length}`, ...lost.map(({ label }) => label)],
    ).toEqual([])
  })
})

function piecesOf(value: string, size: number): string[] {
  return Array.from({ length: Math.ceil(value.length / size) }, (_, i) => value.slice(i * size, (i + 1) * size))
}

/** In the middle of the value, and not inside of a character. */
function middleOf(text: string, [start, end]: Span): number {
  const middle = (start + end) >> 1
  return /[\uDC00-\uDFFF]/.test(text.charAt(middle)) ? middle + 1 : middle
}

/** How many letters and digits of the end of a value can be read, where this is what is shown of the last piece. */
function shownOf(text: string, [, end]: Span, piece: string): number {
  let same = 0
  while (same < piece.length && piece.at(-1 - same) === text.at(-1 - same)) same += 1
  return lettersOf(text.slice(text.length - same, end)).length
}

function lettersOf(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N}]/gu, '').toLowerCase()
}
