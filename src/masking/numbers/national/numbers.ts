// Ids of persons and companies outside the United States: what each looks like and how it checks itself, written from the
// definitions of the states that issue them. All checks are pure, read only the characters they are handed and never throw.
// Where in a message they are tried is the business of whoever calls them.
import type { NumberRule } from '../rule.ts'
import { AFRICAN_NUMBERS } from './africa.ts'
import { AMERICAN_NUMBERS } from './americas.ts'
import { ASIAN_NUMBERS } from './south-east-asia.ts'
import { AUSTRALIAN_NUMBERS } from './australia.ts'
import { BRITISH_NUMBERS } from './britain.ts'
import { FRENCH_NUMBERS } from './france.ts'
import { GERMAN_NUMBERS } from './germany.ts'
import { INDIAN_NUMBERS } from './india.ts'
import { ITALIAN_NUMBERS } from './italy.ts'
import { KOREAN_NUMBERS } from './korea.ts'
import { NORDIC_NUMBERS } from './nordics.ts'
import { POLISH_NUMBERS, TURKISH_NUMBERS } from './poland-turkey.ts'

/** Kinds that are digits only. */
export const NATIONAL_NUMBERS: readonly NumberRule[] = [
  ...BRITISH_NUMBERS,
  ...AMERICAN_NUMBERS,
  ...AUSTRALIAN_NUMBERS,
  ...GERMAN_NUMBERS,
  ...FRENCH_NUMBERS,
  ...ITALIAN_NUMBERS,
  ...POLISH_NUMBERS,
  ...NORDIC_NUMBERS,
  ...TURKISH_NUMBERS,
  ...AFRICAN_NUMBERS,
  ...INDIAN_NUMBERS,
  ...KOREAN_NUMBERS,
  ...ASIAN_NUMBERS,
]
