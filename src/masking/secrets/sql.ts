import { decodeLatin1 } from '../../base/bytes.ts'
import { entityId } from '../entities.ts'
import type { Hit, Sink, WordDetector } from '../find/finding.ts'
import { isPlaceholder } from '../keys/no-values.ts'

const PASSWORD = entityId('password')
const SCORE = 0.9
const VALUE_BYTES = 512
const BEFORE_BYTES = 160
const WORDS = ['identified by', 'identified with', "password '"] as const
const BY = 0
const WITH = 1

/** Blanks and line ends, also as escapes in JSON. */
const GAP = String.raw`(?:\s|\\+[nrt])+`
/** In apostrophes, doubled where the value has some, or in quotation marks. */
const QUOTED = String.raw`(?:'((?:[^'\\]|''|\\+[^'\\])+)'|(?:\\*")([^"\\\n]+)\\*")`
const AFTER_BY = new RegExp(`^(?:${GAP}password)?${GAP}${QUOTED}`, 'i')
const AFTER_WITH = new RegExp(`^${GAP}['"\\w]{1,40}${GAP}(?:by|as)${GAP}${QUOTED}`, 'i')
/** Oracle asks for no quotes. */
const BARE = new RegExp(`^${GAP}([\\w#$!@%^&*.+-]+)`)
const AFTER_QUOTE = /^((?:[^'\\]|''|\\+[^'\\])+)'/
const STATEMENT = /\b(?:create|alter)\s{1,8}(?:user|role|login|group)\b[^;]*$/i
const USER = /\b(?:create|alter|grant)\b[^;]*$|@[^\s@]{1,80}\s{1,8}$/i
const BEFORE_QUOTE = /\b(?:with|encrypted|unencrypted|set)\s{1,8}$/i

/** `IDENTIFIED BY 'x'` and `WITH PASSWORD 'x'` of statements that make users. */
export const SQL_DETECTOR: WordDetector = { words: WORDS, verify }

function verify(hit: Hit, sink: Sink): void {
  if (!sink.may(PASSWORD, SCORE)) return
  const { bytes } = hit.view
  const text = decodeLatin1(bytes, hit.end, Math.min(bytes.length, hit.end + VALUE_BYTES))
  const found = valueOf(hit, text)
  if (found === undefined || isPlaceholder(found.value) || /^[:$?@]\w*$/.test(found.value)) return
  sink.spend(found.to)
  const end = hit.end + found.to
  const start = end - found.value.length
  sink.add({ entity: PASSWORD, start, end, score: SCORE, by: 'structure', rule: 'sql-password' })
}

interface Value {
  readonly value: string
  /** Where it ends, behind the word. */
  readonly to: number
}

function valueOf(hit: Hit, text: string): Value | undefined {
  if (hit.word !== BY && hit.word !== WITH) return isOfStatement(hit) ? ending(AFTER_QUOTE.exec(text), 1) : undefined
  const start = before(hit)
  if (!USER.test(start)) return undefined
  const match = (hit.word === BY ? AFTER_BY : AFTER_WITH).exec(text)
  if (match !== null) return ending(match, match[2] === undefined ? 1 : /\\*"$/.exec(match[0])?.[0].length)
  return hit.word === BY && STATEMENT.test(start) ? ending(BARE.exec(text), 0) : undefined
}

function isOfStatement(hit: Hit): boolean {
  const text = before(hit)
  return BEFORE_QUOTE.test(text) || STATEMENT.test(text)
}

function before({ view: { bytes }, start }: Hit): string {
  return decodeLatin1(bytes, Math.max(0, start - BEFORE_BYTES), start)
}

/** The value that a match ends with, but for the quote of so many bytes. */
function ending(match: RegExpExecArray | null, quote = 0): Value | undefined {
  const value = match?.[1] ?? match?.[2]
  return match === null || value === undefined ? undefined : { value, to: match[0].length - quote }
}
