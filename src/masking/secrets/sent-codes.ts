// Codes that are sent to people, before what says so: "692901 is your verification code", "Use 692901 as your OTP".
import { decodeLatin1 } from '../../base/bytes.ts'
import { entityId } from '../entities.ts'
import type { Hit, Sink, WordDetector } from '../find/finding.ts'

const PIN = entityId('pin')
const SCORE = 0.9
const BEFORE_BYTES = 12
const AFTER_BYTES = 64
const CODE = /(?:^|\\[nrt]|[^\w.,:/-])(?:[A-Z]-)?(\d{4,8}|\d{3}[- ]\d{3})$/
/** Up to four words, of which the sender is one. */
const SAID =
  /^(?:[\w.'-]{1,20} ){0,4}(?:(?:verification|security|confirmation|log-?in|sign-?in|access|authentication|activation|one[- ]time|2fa|mfa)[ -](?:verification )?(?:code|pin|password|passcode)|otp|passcode)\b/i

export const SENT_CODES_DETECTOR: WordDetector = { words: [' is your ', ' as your '], verify }

function verify({ view: { bytes }, start, end }: Hit, sink: Sink): void {
  if (!sink.may(PIN, SCORE)) return
  const code = CODE.exec(decodeLatin1(bytes, Math.max(0, start - BEFORE_BYTES), start))?.[1]
  if (code === undefined || !SAID.test(decodeLatin1(bytes, end, Math.min(bytes.length, end + AFTER_BYTES)))) return
  sink.spend(AFTER_BYTES)
  sink.add({ entity: PIN, start: start - code.length, end: start, score: SCORE, by: 'near', rule: 'sent-code' })
}
