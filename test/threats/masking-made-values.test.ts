// Values that nobody has seen before, made from the definitions of those who issue them, with a new seed in each run. A failure
// tells the seed: `MASKING_SEED=… vitest run` makes the same again.
import { describe, expect, it } from 'vitest'
import { type Disguise, DISGUISES } from '../support/masking/disguises.ts'
import { Finder, isCovered } from '../support/masking/finder.ts'
import { MADE_CODES } from '../support/masking/made-codes.ts'
import { MADE_SECRETS, NAMES_OF_SECRETS } from '../support/masking/made-secrets.ts'
import type { MadeKind } from '../support/masking/made-kind.ts'
import { MADE_NUMBERS } from '../support/masking/made-values.ts'
import { Chance } from '../support/masking/random.ts'
import { shortfall } from '../support/masking/score.ts'

const { MASKING_SEED } = process.env
const chance = new Chance(MASKING_SEED === undefined ? undefined : Number(MASKING_SEED))
const finder = new Finder()
const KINDS = [...MADE_NUMBERS, ...MADE_CODES]
/** Of each kind and each family. */
const EACH = 12
/** Of all of them, at most this share may be missed. */
const MISSED_SHARE_MAX = 1 / 200

/** How somebody says what a value is. */
const SAID: Readonly<Record<string, (label: string, entity: string) => readonly [before: string, after: string]>> = {
  'a sentence': (label) => [`My ${label} is `, '.'],
  'a line': (label) => [`Name: Ann\n${label}: `, '\nNote: none'],
  'quotation marks': (label) => [`the ${label} is "`, '", thanks'],
  'a key': (_, entity) => [`{"n":1,"${entity}":"`, '"}'],
}

describe(`values made from definitions (seed ${chance.seed})`, () => {
  it.each(Object.keys(SAID))('are found where %s says what they are', (how) => {
    const missed = missedOf(KINDS, ({ label, entity }, value) => {
      const [before, after] = SAID[how]?.(label, entity) ?? ['', '']
      const text = before + value + after
      return isCovered(text, [before.length, before.length + value.length], finder.entity(text, entity))
    })
    expect(shortfall(1 - missed.length / (KINDS.length * EACH), 1 - MISSED_SHARE_MAX, missed)).toEqual([])
  })

  it.each(Object.entries(DISGUISES))('are found in this form: %s', (_, disguise) => {
    const missed = missedOf(KINDS, (kind, value) => isFoundDisguised(kind, value, disguise))
    expect(shortfall(1 - missed.length / (KINDS.length * EACH), 1 - MISSED_SHARE_MAX, missed)).toEqual([])
  })

  it.each(MADE_SECRETS)('are found where they are secrets with a mark: $family', ({ make }) => {
    for (let i = 0; i < EACH; i++) {
      const value = make(chance)
      const text = `2026-01-02 INFO called with ${value} and it worked`
      const start = text.indexOf(value)
      expect(isCovered(text, [start, start + value.length], finder.secrets(text))).toBe(true)
    }
  })

  it.each(NAMES_OF_SECRETS)('are found where their name is %s, whatever they look like', (name) => {
    for (const shape of ['w{12}', 'a{5}!A9a{4}', 'a{6} a{4} a{5}', '9{6}', 'aa']) {
      const value = JSON.stringify(chance.shaped(shape))
      const text = `{"host":"db","${name}":${value},"port":5432}`
      const start = text.indexOf(`${value},"port"`)
      expect(isCovered(text, [start, start + value.length], finder.secrets(text))).toBe(true)
    }
  })
})

function isFoundDisguised({ label, entity }: MadeKind, value: string, disguise: Disguise): boolean {
  const before = `The ${label}: `
  const span = [before.length, before.length + value.length] as const
  const disguised = disguise({ text: `${before}${value}, as we said on the phone`, span, name: entity })
  return disguised === undefined || isCovered(disguised.text, disguised.span, finder.entity(disguised.text, entity))
}

/** The kinds of which values were missed: a value itself is told by the seed. */
function missedOf(kinds: readonly MadeKind[], isFound: (kind: MadeKind, value: string) => boolean): string[] {
  return kinds.flatMap((kind) =>
    Array.from({ length: EACH }, () => kind.make(chance)).flatMap((value) =>
      isFound(kind, value) ? [] : [kind.entity],
    ),
  )
}
