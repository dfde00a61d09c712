import { foldCase, type KeySegment, type Segment } from './path-segments.ts'
import type { Structure } from './structure.ts'
import type { Token } from './tokens.ts'

// A pattern is an automaton whose states are the bits of one number: bit i says that segment i comes next, and the bit
// after the last segment that the pattern ends here.

const BACKSLASH = 0x5c

/** What of a pattern its steps need. */
export interface Steps {
  readonly segments: readonly Segment[]
  /** The states before a `**`, which any step leads back to. */
  readonly many: number
  /** Whether `**` stays in one document. */
  readonly isExact: boolean
}

export function stepsOf(segments: readonly Segment[], isExact: boolean): Steps {
  const many = segments.reduce((bits, { kind }, i) => (kind === 'many' ? bits | (1 << i) : bits), 0)
  return { segments, many, isExact }
}

/** The states at the message itself. */
export function statesAtMessage(steps: Steps): number {
  return withSkips(steps, 1)
}

/** Whether the pattern ends here. */
export function isEnd({ segments }: Steps, states: number): boolean {
  return ((states >> segments.length) & 1) === 1
}

/** The states at a value, from those at the array or object that it is in. */
export function stepDown(steps: Steps, states: number, structure: Structure, value: Token): number {
  const { segments, many } = steps
  let next = states & many
  let left = states & ~many
  while (left !== 0) {
    const i = 31 - Math.clz32(left)
    left &= ~(1 << i)
    const segment = segments[i]
    if (segment !== undefined && isStep(segment, structure, value)) next |= 2 << i
  }
  return withSkips(steps, next)
}

/** The states at a document, from those at the string that holds it. */
export function stepInto(steps: Steps, states: number): number {
  let next = steps.isExact ? 0 : states & steps.many
  for (const [i, { kind }] of steps.segments.entries())
    if (kind === 'inner' && ((states >> i) & 1) === 1) next |= 2 << i
  return withSkips(steps, next)
}

/** `**` may be no step at all; two of them never follow one another. */
function withSkips({ many }: Steps, states: number): number {
  return states | ((states & many) << 1)
}

function isStep(segment: Segment, structure: Structure, value: Token): boolean {
  const key = structure.keyOf(value)
  switch (segment.kind) {
    case 'any':
    case 'many':
      return true
    case 'index':
      return key < 0 && structure.indexIn(value) === segment.index
    case 'any-index':
      return key < 0
    case 'inner':
      return false
    case 'key':
      return key >= 0 && isKey(segment, structure, key)
  }
}

/** Most keys differ in their first bytes; only those with escapes, and patterns with stars, need their text. */
function isKey(segment: KeySegment, structure: Structure, key: Token): boolean {
  const { bytes, isExact } = segment
  if (bytes === undefined) return isText(segment, structure.keyText(key))
  const from = structure.innerStart(key)
  const length = structure.innerEnd(key) - from
  for (let i = 0; i < length; i += 1) {
    const byte = structure.bytes[from + i] ?? 0
    if (byte === BACKSLASH) return isText(segment, structure.keyText(key))
    if (bytes[i] !== (isExact ? byte : foldByte(byte))) return false
  }
  return length === bytes.length
}

function foldByte(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte
}

function isText({ pieces, isExact }: KeySegment, key: string): boolean {
  return matchesPieces(pieces, isExact ? key : foldCase(key))
}

/** Linear: each piece is looked for after the one before it. */
function matchesPieces(pieces: readonly string[], text: string): boolean {
  const [first = '', ...rest] = pieces
  const last = rest.pop()
  if (last === undefined) return text === first
  const end = text.length - last.length
  if (end < first.length || !text.startsWith(first) || !text.endsWith(last)) return false
  let at = first.length
  for (const piece of rest) {
    const found = text.indexOf(piece, at)
    if (found < 0 || found + piece.length > end) return false
    at = found + piece.length
  }
  return true
}
