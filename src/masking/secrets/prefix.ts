// Secrets by prefix: the mark of a vendor, then its alphabet and length (design 5.4). Everything that the mark alone can tell
// is in tables; this is the one reader of them.
import { decodeLatin1 } from '../../base/bytes.ts'
import { entityId } from '../entities.ts'
import type { Hit, Sink, WordDetector } from '../find/finding.ts'
import type { View } from '../find/view.ts'
import { BACKSLASH, classAt, DIGIT, isGluedBefore, JOINER, LETTER, LOWER, NAME, UNDERSCORE, UPPER } from './chars.ts'
import { entropyOf } from './entropy.ts'
import type { PrefixRule, PrefixRuleMore } from './prefix-rule.ts'
import { goesOn, matchShape, type Shape, shapesOf } from './shape.ts'

const SECRET = entityId('secret')
/** Documented prefix with the right length and alphabet (design 5.1). */
const SCORE = 0.9
/** Scheme and host before a mark that stands inside of an address. */
const ADDRESS_MAX = 128

interface Marked {
  readonly rule: string
  readonly shape: Shape
  readonly more: PrefixRuleMore
}

/** One detector for all rules: their words, each with the shapes that have it. */
export function prefixDetector(rules: readonly PrefixRule[]): WordDetector {
  const marked = rules.flatMap(([rule, text, more = {}]) => shapesOf(text).map((shape) => ({ rule, shape, more })))
  const words = [...new Set(marked.map(({ shape }) => shape.word))]
  const byWord = words.map((word) => marked.filter(({ shape }) => shape.word === word))
  return { words, verify: (hit, sink) => verify(byWord[hit.word] ?? [], hit, sink) }
}

function verify(candidates: readonly Marked[], hit: Hit, sink: Sink): void {
  if (!sink.may(SECRET, SCORE)) return
  let best: { readonly rule: string; readonly start: number; readonly end: number } | undefined
  for (const { rule, shape, more } of candidates) {
    const mark = hit.start - shape.wordAt
    const end = mark < 0 ? -1 : endOf(shape, more, hit.view.bytes, mark)
    const start = more.address === true ? addressStart(hit.view.bytes, mark) : mark
    if (end > (best?.end ?? 0)) best = { rule, start, end }
  }
  if (best === undefined) return
  sink.spend(best.end - best.start)
  sink.add({ entity: SECRET, start: best.start, end: best.end, score: SCORE, by: 'prefix', rule: best.rule })
}

/** Where the address begins that the mark stands in. */
function addressStart(bytes: View['bytes'], mark: number): number {
  let start = mark
  while (mark - start < ADDRESS_MAX && isOfAddress(bytes, start - 1) && bytes[start - 2] !== BACKSLASH) start--
  return start
}

function isOfAddress(bytes: View['bytes'], at: number): boolean {
  const byte = bytes[at]
  return (classAt(bytes, at) & NAME) !== 0 || byte === 0x3a || byte === 0x2f
}

function endOf(shape: Shape, more: PrefixRuleMore, bytes: View['bytes'], start: number): number {
  const glue = (more.alone === true ? LETTER | DIGIT | UNDERSCORE : LETTER) | (more.apart === true ? JOINER : 0)
  if (more.address !== true && isGluedBefore(bytes, start, glue)) return -1
  const end = matchShape(shape, bytes, start)
  if (end < 0 || goesOn(shape, bytes, end)) return -1
  if (more.mixed === true && !isMixed(bytes, start + shape.wordAt + shape.word.length, end)) return -1
  if (more.entropy !== undefined && entropyOf(bytes, start, end) < more.entropy) return -1
  return end
}

/** Letters and digits, and no name with a number in it: what hardly any identifier in code is over the whole length of a secret. */
function isMixed(bytes: View['bytes'], start: number, end: number): boolean {
  let seen = 0
  for (let at = start; at < end; at++) seen |= classAt(bytes, at)
  return (seen & DIGIT) !== 0 && (seen & (LOWER | UPPER)) !== 0 && !NUMBERED.test(decodeLatin1(bytes, start, end))
}

/** `ReadUint16LengthPrefixed`: words, and one number. Of random values with 24 characters, one in 100,000 is that. */
const NUMBERED = /^[A-Z]?[a-z]+(?:[A-Z][a-z]{2,})*\d{1,3}(?:[A-Z][a-z]{2,})*$/
