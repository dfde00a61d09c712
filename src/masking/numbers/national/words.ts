import { ALNUM, LOWER } from '../../scan/bytes-tables.ts'
import { US_CODES } from '../us-codes.ts'
import type { CodeRule } from '../rule.ts'
import { BRITISH_CODES } from './britain.ts'
import { GERMAN_CODES } from './germany-codes.ts'
import { SCORE } from './scores.ts'
import type { ShapeRule } from './shape-rule.ts'

/**
 * Ids that a run of digits and capitals does not always show: with two or three digits among many letters, or in small letters.
 * Where a word names their kind, or a rule does, each word is looked at.
 */
const NAMES = ['de-id-card', 'de-passport', 'uk-driving-licence', 'us.mbi']
const CODES: readonly CodeRule[] = [...GERMAN_CODES, ...BRITISH_CODES, ...US_CODES].filter(({ name }) =>
  NAMES.includes(name),
)

export const CODES_AS_WORDS: readonly ShapeRule[] = CODES.map((rule) => ({
  entity: rule.entity,
  name: rule.name,
  score: SCORE.check,
  match: (bytes, at) => endOfCode(rule, bytes, at),
}))

const CODE_MAX = 24
const DASH = 0x2d
// Scratch: `endOfCode` is its only writer, and each rule reads no more than it was filled with.
const code = new Uint8Array(CODE_MAX)

/** Where the word ends that is such an id; -1 where it is none. */
function endOfCode(rule: CodeRule, bytes: Uint8Array, at: number): number {
  const sizes: number[] = []
  const end = readCode(rule, bytes, { at, sizes })
  const length = sizes.reduce((sum, size) => sum + size, 0)
  if (!rule.lengths.includes(length) || !isWrittenSo(rule, sizes)) return -1
  const verdict = rule.check(code, length)
  return verdict === undefined || verdict === 'failed' ? -1 : end
}

/** Fills `code`, and `sizes` with how many characters each group has. Where it ends. */
function readCode({ groups }: CodeRule, bytes: Uint8Array, { at, sizes }: { at: number; sizes: number[] }): number {
  let length = 0
  let group = 0
  let next = at
  for (; length < CODE_MAX; next++) {
    const byte = bytes[next] ?? 0
    if (ALNUM[byte] === 1) {
      code[length++] = byte - 32 * (LOWER[byte] ?? 0)
      group++
      continue
    }
    if (byte !== DASH || groups === undefined || ALNUM[bytes[next + 1] ?? 0] !== 1) break
    sizes.push(group)
    group = 0
  }
  sizes.push(group)
  return next
}

function isWrittenSo({ groups, onlyGrouped }: CodeRule, sizes: readonly number[]): boolean {
  if (sizes.length === 1) return onlyGrouped !== true
  return groups?.some((one) => one.join() === sizes.join()) === true
}
