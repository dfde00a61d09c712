// Secrets by a vendor's name: the name, an operator, then a value of the alphabet and length that the vendor gives out
// (design 5.4). The value alone could be anything, so the name has to speak of credentials too.
import { decodeLatin1 } from '../../base/bytes.ts'
import { entityId } from '../entities.ts'
import type { Hit, Sink, WordDetector } from '../find/finding.ts'
import type { View } from '../find/view.ts'
import { nameStart, valueAfter } from './assignment.ts'
import { ALNUM, classAt, isGluedBefore, JOINER, LETTER, LOWER, TOKEN_SIGN, UNDERSCORE, UPPER } from './chars.ts'
import { entropyOf } from './entropy.ts'
import type { NearRule } from './near-rules.ts'
import { matchShape, type Shape, shapesOf } from './shape.ts'

type Bytes = View['bytes']

const SECRET = entityId('secret')
const SCORE = 0.9
/** A name of the vendor this short is part of other words (`lob` in `global`), so it must begin a word. */
const SHORT_NAME_MAX = 5
/** Bits for each character: `xxxx` and `0000` stand where somebody left the value out. */
const ENTROPY_LEAST = 1.5
const EQUALS = 0x3d
/** Bytes before the vendor's name that still belong to the same name. */
const NAME_BEFORE_MAX = 24
/** What the name or the words around it must say for a value that has no mark. */
const CREDENTIAL = /key|token|secret|auth|access|client|tenant|api|pass|pwd|cred|sign|bearer|webhook|subscription|login/

interface Named {
  readonly rule: string
  readonly shape: Shape
  readonly free: boolean
}

export function nearDetector(rules: readonly NearRule[]): WordDetector {
  const words = [...new Set(rules.flatMap(([names]) => names.split(' ')))]
  const byWord = words.map((word) =>
    rules
      .filter(([names]) => names.split(' ').includes(word))
      .flatMap(([, rule, text, free]) => shapesOf(text).map((shape) => ({ rule, shape, free: free !== undefined }))),
  )
  return { words, verify: (hit, sink) => verify(byWord[hit.word] ?? [], hit, sink) }
}

function verify(candidates: readonly Named[], hit: Hit, sink: Sink): void {
  const { bytes } = hit.view
  if (!sink.may(SECRET, SCORE) || isInsideOfWord(bytes, hit)) return
  const at = valueAfter(bytes, hit.end)
  if (at < 0) return
  // The alphabets of some have an equals sign, and the first of a value looks like the rest of an operator.
  const found =
    valueAt(candidates, hit, at) ?? (bytes[at - 1] === EQUALS ? valueAt(candidates, hit, at - 1) : undefined)
  if (found === undefined) return
  const within = { start: nameStart(bytes, hit.start, NAME_BEFORE_MAX), end: found.end }
  sink.spend(within.end - within.start)
  sink.add({ entity: SECRET, ...found, score: SCORE, by: 'near', within })
}

interface Value {
  readonly start: number
  readonly end: number
  readonly rule: string
}

function valueAt(candidates: readonly Named[], hit: Hit, start: number): Value | undefined {
  const { bytes } = hit.view
  for (const { rule, shape, free } of candidates) {
    const end = matchShape(shape, bytes, start)
    if (end < 0 || goesOn(bytes, end) || entropyOf(bytes, start, end) < ENTROPY_LEAST) continue
    if (free || speaksOfCredentials(bytes, hit, start)) return { start, end, rule }
  }
  return undefined
}

/** `lob` in `global`; not in `MyLob`, where a capital begins a word. */
function isInsideOfWord(bytes: Bytes, { start, end }: Hit): boolean {
  if (end - start > SHORT_NAME_MAX || !isGluedBefore(bytes, start, LETTER)) return false
  return (classAt(bytes, start) & UPPER) === 0 || (classAt(bytes, start - 1) & LOWER) === 0
}

/** The value has a fixed length: more of the same after it, and it is something else. */
function goesOn(bytes: Bytes, end: number): boolean {
  const kind = classAt(bytes, end)
  if ((kind & (ALNUM | UNDERSCORE | TOKEN_SIGN)) !== 0 || bytes[end] === 0x25) return true
  return (kind & JOINER) !== 0 && (classAt(bytes, end + 1) & ALNUM) !== 0
}

function speaksOfCredentials(bytes: Bytes, { start }: Hit, valueStart: number): boolean {
  const name = decodeLatin1(bytes, nameStart(bytes, start, NAME_BEFORE_MAX), valueStart)
  return CREDENTIAL.test(name.toLowerCase())
}
