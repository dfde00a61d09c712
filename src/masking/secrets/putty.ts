import { decodeLatin1 } from '../../base/bytes.ts'
import { entityId } from '../entities.ts'
import type { Hit, Sink, WordDetector } from '../find/finding.ts'
import { NEWLINE_PATTERN } from '../keys/text-bytes.ts'

const PRIVATE_KEY = entityId('private_key')
const SCORE = 0.95
/** A key of RSA with 8,192 bits has 5,000 bytes. */
const BODY_BYTES = 8_192
const BODY = new RegExp(
  String.raw`^\s*\d{1,3}${NEWLINE_PATTERN}([\w+/=]{20,128}(?:${NEWLINE_PATTERN}[\w+/=]{1,128}(?=${NEWLINE_PATTERN}|\\*"|$))*)`,
)

/** The body of a key file of PuTTY (`.ppk`): lines of base64 behind `Private-Lines: 14`. */
export const PUTTY_DETECTOR: WordDetector = { words: ['private-lines:'], verify }

function verify({ view: { bytes }, end }: Hit, sink: Sink): void {
  if (!sink.may(PRIVATE_KEY, SCORE)) return
  const body = BODY.exec(decodeLatin1(bytes, end, Math.min(bytes.length, end + BODY_BYTES)))
  if (body === null) return
  sink.spend(body[0].length)
  const to = end + body[0].length
  const start = to - (body[1]?.length ?? 0)
  sink.add({ entity: PRIVATE_KEY, start, end: to, score: SCORE, by: 'structure', rule: 'putty-key' })
}
