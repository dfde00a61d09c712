import type { EntityName } from '../../entities.ts'
import { ASIAN_CONTEXT } from './context-asia.ts'
import { ENGLISH_CONTEXT } from './context-english.ts'
import { EUROPEAN_CONTEXT } from './context-europe.ts'
import { GERMAN_CONTEXT } from './context-germany.ts'

/**
 * Words that say what a value near them is, as they stand in texts, keys and columns: lower case, in English and in the
 * languages of the country. They are whole words: `sin` is none in `business`.
 */
export const NATIONAL_CONTEXT: Readonly<Partial<Record<EntityName, readonly string[]>>> = {
  ...ENGLISH_CONTEXT,
  ...GERMAN_CONTEXT,
  ...EUROPEAN_CONTEXT,
  ...ASIAN_CONTEXT,
}
