import type { EntityId } from '../entities.ts'
import type { WordDetector } from '../find/finding.ts'
import type { KeyKind } from '../keys/dictionary.ts'
import { keyDetector } from '../keys/key-values.ts'
import { fold } from '../keys/split-key.ts'
import { BEGINS, type Triggers } from '../keys/triggers.ts'
import { spellings } from './word-detector.ts'

/** Finds whole values by the names of their keys, columns and labels, however a name is joined: `employeeNo`, `Employee No`. */
export function nameDetector(names: readonly string[], entity: EntityId): WordDetector {
  const kinds = new Map(names.map((name) => [joined(name), kindOf(name, entity)]))
  return keyDetector({ triggers: triggersOf(names), classify: (key) => kinds.get(joined(key)) })
}

/** Whether there are letters enough to look for. */
export function isName(name: string): boolean {
  return /\p{L}.*\p{L}/u.test(name)
}

function kindOf(name: string, entity: EntityId): KeyKind {
  // Somebody said that it must not be seen, so whatever stands there is one.
  const word = joined(name)
  return { entity, word, rule: `key.${word}`, demand: 'any', plural: false, isSecret: true }
}

function joined(name: string): string {
  return fold(name.normalize('NFC')).replaceAll(/[^\p{L}\p{M}\p{N}]/gu, '')
}

/** Letters that a first word needs to be looked for alone, and letters of it that are looked for: two words may be joined. */
const ALONE_LEAST = 3
const ALONE_MOST = 5
const BETWEEN = ['', '_', '-', ' ', '.'] as const

/** Enough of each name to be there whenever the name is. A key that is a name begins with the first word of it. */
function triggersOf(names: readonly string[]): Triggers {
  const words = new Set(
    names.flatMap((name) => spellings(parted(name)).flatMap((one) => [...beginnings(one), ...beginnings(fold(one))])),
  )
  return { words: [...words], flags: new Uint8Array(words.size).fill(BEGINS) }
}

function parted(name: string): string {
  return name.replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
}

function beginnings(name: string): readonly string[] {
  const [first = '', second = ''] = name.split(/[^\p{L}\p{M}\p{N}]+/u).filter((word) => word !== '')
  if (second === '' || lettersOf(first).length >= ALONE_LEAST) return [lettersOf(first).slice(0, ALONE_MOST).join('')]
  return BETWEEN.map((between) => first + between + lettersOf(second).slice(0, 2).join(''))
}

function lettersOf(word: string): string[] {
  return Array.from(word)
}
