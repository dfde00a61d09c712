import type { RunDetector, WordDetector } from '../find/finding.ts'
import { entityId } from '../entities.ts'
import { CARD_NUMBERS } from './cards.ts'
import { CONTEXT_WORDS } from './context.ts'
import { BIRTH_DATES, DATE_WANT, MONTH_DATES, detectDates } from './dates.ts'
import { IBAN_WANT, ibanDetector } from './iban.ts'
import { IP_V6, IP_WANT, detectIpV4 } from './ip.ts'
import { MAC } from './mac.ts'
import { NATIONAL_CODES } from './national/codes.ts'
import { SHAPES_NEAR_WORDS } from './national/find-shapes.ts'
import { NATIONAL_NUMBERS } from './national/numbers.ts'
import { detectPhilippineMobiles } from './national/philippine-mobiles.ts'
import { PHONE_NUMBERS } from './phone-numbers.ts'
import { PHONE_WANT, detectPhones } from './phones.ts'
import { numberDetector } from './runs.ts'
import { URLS } from './urls.ts'
import { US_CODES } from './us-codes.ts'
import { US_NUMBERS } from './us-numbers.ts'
import { WALLETS } from './wallets.ts'

export { findEmail } from './emails.ts'
export { findBase58Wallets } from './wallets.ts'

const PH_MOBILE_WANT = { entity: entityId('ph_mobile'), score: 0.7 }

/** A row of digits alone is one of these numbers only if it begins with 0 or 63; most are times and counts. */
const detectMobilesInRun: RunDetector = (run, sink) => {
  const first = run.view.bytes[run.start]
  if (run.digits === run.end - run.start && first !== 0x30 && first !== 0x36) return
  detectPhilippineMobiles(run, sink)
}

/** Looks at every run, with only those parts that a message's rules want. */
export const detectInRun: RunDetector = numberDetector(
  [...CARD_NUMBERS, ...US_NUMBERS, ...PHONE_NUMBERS, ...NATIONAL_NUMBERS],
  [...US_CODES, ...NATIONAL_CODES],
  {
    context: CONTEXT_WORDS,
    parts: [
      // In Switzerland the check and the bank are seven digits, and an account may be all letters.
      { detect: ibanDetector(), wants: [IBAN_WANT], digits: 7, needs: 'letters', takesDates: false },
      { detect: detectPhones, wants: [PHONE_WANT], digits: 8, needs: 'mark', takesDates: false },
      {
        detect: detectMobilesInRun,
        wants: [PH_MOBILE_WANT],
        digits: 11,
        needs: 'nothing',
        first: '06',
        takesDates: false,
      },
      { detect: detectIpV4, wants: [IP_WANT], digits: 4, needs: 'nothing', takesDates: true },
      { detect: detectDates, wants: [DATE_WANT], digits: 4, needs: 'nothing', takesDates: true },
    ],
  },
)

/** Kinds whose words are worth a place in the automaton wherever they are on by default. */
export const WORD_DETECTORS: readonly WordDetector[] = [WALLETS, BIRTH_DATES, SHAPES_NEAR_WORDS]

/** For automata of rule sets that name the kind: their words stand in nearly every message. */
export const WORD_DETECTORS_WHERE_NAMED: Readonly<
  Record<'ip_address' | 'mac_address' | 'url' | 'date_time', readonly WordDetector[]>
> = { ip_address: [IP_V6], mac_address: [MAC], url: [URLS], date_time: [MONTH_DATES] }
