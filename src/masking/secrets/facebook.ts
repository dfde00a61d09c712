import { decodeLatin1 } from '../../base/bytes.ts'
import { entityId } from '../entities.ts'
import type { Hit, Sink, WordDetector } from '../find/finding.ts'

const SECRET = entityId('secret')
const SCORE = 0.9
/** From the word to the end of the token. */
const WINDOW_BYTES = 96
/** Number of the application, a bar, its secret; the bar may be percent-encoded. */
const APP_TOKEN = /(?<!\d)\d{15,16}(?:\||%7c)[\w-]{27,40}(?![\w-])/i

/** Tokens of applications at Facebook have no mark, but the vendor's name or the parameter stands before them. */
export const FACEBOOK_DETECTOR: WordDetector = { words: ['facebook', 'access_token', 'fb_'], verify }

function verify({ view: { bytes }, end }: Hit, sink: Sink): void {
  if (!sink.may(SECRET, SCORE)) return
  const bar = barAfter(bytes, end)
  if (bar < 0) return
  sink.spend(WINDOW_BYTES)
  const found = APP_TOKEN.exec(decodeLatin1(bytes, end, end + WINDOW_BYTES))
  if (found === null) return
  const start = end + found.index
  const rule = 'facebook-access-token'
  sink.add({ entity: SECRET, start, end: start + found[0].length, score: SCORE, by: 'structure', rule })
}

/** Most mentions of the name have no bar or percent sign after them, so nothing more is read. */
function barAfter(bytes: Hit['view']['bytes'], end: number): number {
  for (let at = end + 15; at < end + WINDOW_BYTES / 2; at++) if (bytes[at] === 0x7c || bytes[at] === 0x25) return at
  return -1
}
