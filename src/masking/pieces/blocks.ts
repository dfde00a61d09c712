import type { Span } from '../decoded-view.ts'
import { concat, encodeUtf8, indexOf } from '../../base/bytes.ts'
import type { Asked } from '../engine.ts'
import type { EntityId } from '../entities.ts'
import { scanView } from '../find/scan-view.ts'
import { redactedText } from '../replace/forms.ts'
import { type Edit, mergeEdits, splice } from '../views/splice.ts'
import { type PiecesHidden, untouched } from './hidden.ts'

/** Bytes of a text that are looked at before its end and after its beginning. */
const BESIDE_BYTES = 256
/** The first block of a result begins this early, and shows how its server writes JSON. */
const BEGINNING_BYTES = 1_024

/** Between two blocks of text, in the spellings of the libraries that servers are written with. */
const BORDER = encodeUtf8('"},{"type":"text","text":"')
const SPACED_BORDER = encodeUtf8('"}, {"type": "text", "text": "')
const SPACED_TYPE = encodeUtf8('"type": "text"')

const QUOTE = 0x22
const BACKSLASH = 0x5c

/**
 * Hides values that begin at the end of one block of text and go on in the next ones. Only borders that have a part of a
 * value on both sides are looked at, so that results of many blocks cost no more than others.
 */
export function hideAcrossBlocks(bytes: Uint8Array, asked: Asked): PiecesHidden {
  const { rules, scanner } = asked
  const edits: Edit[] = []
  const entities: EntityId[] = []
  for (const beside of borders(bytes)) {
    const found = goesOn(bytes, beside) ? acrossOf(bytes, beside, asked) : NONE
    if (found === undefined) return { kind: 'refused', why: 'budget' }
    for (const { entity, spans } of found) {
      const action = rules.actions[entity] ?? 'redact'
      const label = scanner.entities[entity] ?? 'value'
      if (action === 'allow') continue
      if (action === 'block') return { kind: 'refused', why: 'policy-block', entity: label }
      const put = encodeUtf8(redactedText(label))
      edits.push(...spans.map((span) => ({ ...span, put })))
      entities.push(entity)
    }
  }
  if (edits.length === 0) return untouched(bytes)
  return { kind: 'ready', bytes: splice(bytes, mergeEdits(edits)), entities, credentials: 0 }
}

/** What stands beside a border of two texts. */
interface Beside {
  /** The end of the text before, with those before it where they are short. */
  readonly before: readonly Span[]
  readonly after: Span
}

function* borders(bytes: Uint8Array): Generator<Beside> {
  const isSpaced = indexOf(bytes.subarray(0, BEGINNING_BYTES), SPACED_TYPE) >= 0
  const border = isSpaced ? SPACED_BORDER : BORDER
  let before: readonly Span[] = []
  for (let at = indexOf(bytes, border); at >= 0; at = indexOf(bytes, border, at + border.length)) {
    const start = at + border.length
    before = textBefore(bytes, at, before)
    yield { before, after: { start, end: textEnd(bytes, start) } }
  }
}

/** The end of the text that ends here, with what stood before it where it is short itself. */
function textBefore(bytes: Uint8Array, end: number, earlier: readonly Span[]): readonly Span[] {
  const least = Math.max(0, end - BESIDE_BYTES)
  let start = end
  while (start > least && !isQuote(bytes, start - 1)) start -= 1
  const own = { start, end }
  const last = earlier.at(-1)
  // The text that stood before belongs to this row only where the one that ends here is the block after it.
  if (start === least || last === undefined || start - last.end > BESIDE_BYTES) return [own]
  let room = BESIDE_BYTES - (end - start)
  const kept: Span[] = []
  for (const span of earlier.toReversed()) {
    if (room <= 0) break
    kept.unshift({ start: Math.max(span.start, span.end - room), end: span.end })
    room -= span.end - span.start
  }
  return [...kept, own]
}

function textEnd(bytes: Uint8Array, start: number): number {
  let end = start
  while (end < bytes.length && end - start < BESIDE_BYTES && !isQuote(bytes, end)) end += 1
  return end
}

/** Whether a string begins or ends here: a quote that no backslash escapes. */
function isQuote(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] !== QUOTE) return false
  let slashes = 0
  while (bytes[at - 1 - slashes] === BACKSLASH) slashes += 1
  return slashes % 2 === 0
}

/** Most texts end with a full stop, a brace or the end of a line, and so ends whatever they hold. */
function goesOn(bytes: Uint8Array, { before, after: { start, end } }: Beside): boolean {
  const last = before.at(-1)
  if (last === undefined || last.end === last.start || end === start) return false
  const isEscape = bytes[last.end - 2] === BACKSLASH
  return !isEscape && isOfValue(bytes[last.end - 1]) && isOfValue(bytes[start])
}

const VALUE = new Set(encodeUtf8('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 @._-+=/:').values())

function isOfValue(byte = 0): boolean {
  return byte >= 0x80 || VALUE.has(byte)
}

interface Across {
  readonly entity: EntityId
  /** Its pieces in the message. */
  readonly spans: readonly Span[]
}

const NONE: readonly Across[] = []

function acrossOf(
  bytes: Uint8Array,
  { before, after }: Beside,
  { scanner, rules }: Asked,
): readonly Across[] | undefined {
  const terms = { scanner, thresholds: rules.thresholds, keepsAll: false }
  const find = (spans: readonly Span[]) => {
    const joined = concat(spans.map(({ start, end }) => bytes.subarray(start, end)))
    return scanView({ bytes: joined, raw: true }, terms, () => undefined)
  }
  const { findings, isSpent } = find([...before, after])
  if (isSpent) return undefined
  const border = before.reduce((total, { start, end }) => total + end - start, 0)
  const across = findings.filter(({ start, end }) => start < border && end > border)
  if (across.length === 0) return NONE
  // What was whole before the border is hidden anyway, and the text after it is another one.
  const whole = find(before).findings.filter(({ end }) => end === border)
  return across
    .filter(({ start }) => !whole.some((one) => one.start === start))
    .map(({ entity, start, end }) => ({ entity, spans: spansOf([...before, after], start, end) }))
}

/** Where in the message the pieces stand that follow each other from `start` to `end`. */
function spansOf(spans: readonly Span[], start: number, end: number): Span[] {
  const pieces: Span[] = []
  let from = 0
  for (const span of spans) {
    const size = span.end - span.start
    const begin = Math.max(start, from)
    const stop = Math.min(end, from + size)
    if (begin < stop) pieces.push({ start: span.start + begin - from, end: span.start + stop - from })
    from += size
  }
  return pieces
}
