import { decodeLatin1 } from '../../base/bytes.ts'
import { entityId } from '../entities.ts'
import type { Hit, Sink, WordDetector } from '../find/finding.ts'
import { isPlaceholder } from './random-look.ts'

const PASSWORD = entityId('password')
const SCORE = 0.9
const WINDOW_BYTES = 512
/** Blanks and line ends, also as escapes in JSON. */
const GAP = String.raw`(?:\s|\\+[nrt])+`
const ENTRY = new RegExp(
  `^${GAP}[\\w.:-]+${GAP}(?:login|user)${GAP}[^\\s\\\\"]+${GAP}(?:account${GAP}[^\\s\\\\"]+${GAP})?password${GAP}([^\\s\\\\"]+)`,
)

/** `machine host login user password x`, as in a `.netrc`. */
export const NETRC_DETECTOR: WordDetector = { words: ['machine'], verify }

function verify({ view: { bytes }, end }: Hit, sink: Sink): void {
  if (!sink.may(PASSWORD, SCORE)) return
  const text = decodeLatin1(bytes, end, end + WINDOW_BYTES)
  const [whole, password] = ENTRY.exec(text) ?? []
  if (whole === undefined || password === undefined || isPlaceholder(password)) return
  sink.spend(whole.length)
  const to = end + whole.length
  sink.add({ entity: PASSWORD, start: to - password.length, end: to, score: SCORE, by: 'structure', rule: 'netrc' })
}
