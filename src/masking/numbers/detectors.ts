import type { RunDetector, WordDetector } from '../find/finding.ts'
import { CARD_NUMBERS } from './cards.ts'
import { CONTEXT_WORDS } from './context.ts'
import { BIRTH_DATES, MONTH_DATES, detectDates } from './dates.ts'
import { ibanDetector } from './iban.ts'
import { IP_V6, detectIpV4 } from './ip.ts'
import { MAC } from './mac.ts'
import { NATIONAL_CODES } from './national/codes.ts'
import { SHAPES_NEAR_WORDS, shapesInRun } from './national/find-shapes.ts'
import { NATIONAL_NUMBERS } from './national/numbers.ts'
import { detectPhilippineMobiles } from './national/philippine-mobiles.ts'
import { PHONE_NUMBERS } from './phone-numbers.ts'
import { detectPhones } from './phones.ts'
import { numberDetector } from './runs.ts'
import { URLS } from './urls.ts'
import { US_CODES } from './us-codes.ts'
import { US_NUMBERS } from './us-numbers.ts'
import { WALLETS } from './wallets.ts'

export { findEmail } from './emails.ts'
export { findBase58Wallets } from './wallets.ts'

/** Look at every run. Those for kinds that are off by default ask first, and return at once. */
export const RUN_DETECTORS: readonly RunDetector[] = [
  numberDetector(
    [...CARD_NUMBERS, ...US_NUMBERS, ...PHONE_NUMBERS, ...NATIONAL_NUMBERS],
    [...US_CODES, ...NATIONAL_CODES],
    CONTEXT_WORDS,
  ),
  ibanDetector(),
  detectPhones,
  detectPhilippineMobiles,
  shapesInRun,
  detectIpV4,
  detectDates,
]

/** Kinds whose words are worth a place in the automaton wherever they are on by default. */
export const WORD_DETECTORS: readonly WordDetector[] = [WALLETS, BIRTH_DATES, SHAPES_NEAR_WORDS]

/** For automata of rule sets that name the kind: their words stand in nearly every message. */
export const WORD_DETECTORS_WHERE_NAMED: Readonly<
  Record<'ip_address' | 'mac_address' | 'url' | 'date_time', readonly WordDetector[]>
> = { ip_address: [IP_V6], mac_address: [MAC], url: [URLS], date_time: [MONTH_DATES] }
