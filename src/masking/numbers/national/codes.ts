import type { CodeRule } from '../rule.ts'
import { AMERICAN_CODES } from './americas.ts'
import { ASIAN_CODES } from './south-east-asia.ts'
import { BRITISH_CODES } from './britain.ts'
import { FRENCH_CODES } from './france.ts'
import { GERMAN_CODES } from './germany-codes.ts'
import { INDIAN_CODES } from './india.ts'
import { ITALIAN_CODES } from './italy.ts'
import { KOREAN_CODES } from './korea.ts'
import { NORDIC_CODES } from './nordics.ts'
import { SPANISH_CODES } from './spain.ts'

/** Kinds that are made of letters and digits. */
export const NATIONAL_CODES: readonly CodeRule[] = [
  ...BRITISH_CODES,
  ...AMERICAN_CODES,
  ...GERMAN_CODES,
  ...FRENCH_CODES,
  ...SPANISH_CODES,
  ...ITALIAN_CODES,
  ...NORDIC_CODES,
  ...INDIAN_CODES,
  ...KOREAN_CODES,
  ...ASIAN_CODES,
]
