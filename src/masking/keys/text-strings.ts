import { decodeLatin1, decodeUtf8 } from '../../base/bytes.ts'
import { quoteDepth, readQuoted } from './json-walk.ts'
import { isQuote, type Lead } from './lead.ts'
import type { Look, Span } from './look.ts'
import { endsMember } from './text-ends.ts'
import {
  afterBackslashes,
  afterNewline,
  APOSTROPHE,
  BACKSLASH,
  BACKTICK,
  byteAt,
  NEWLINE,
  QUOTE,
  RETURN,
  skipBlanks,
} from './text-bytes.ts'

/** Bytes of a line that are looked at before and behind a name. */
const BEFORE_MAX = 64
export const LINE_MAX = 160
/** Longer strings in apostrophes are prose between two of them. */
const STRING_MAX = 16_384

/** The string in quotes of any sort that begins at `at`, with a prefix of a language such as `f"`; undefined where none does. */
export function readTextString({ view }: Look, at: number): Span | undefined {
  const { bytes } = view
  const open = afterPrefix(bytes, at)
  const end = afterBackslashes(bytes, open)
  const quote = byteAt(bytes, end)
  if (quote === APOSTROPHE || quote === BACKTICK) return readSingle(view, end, quote)
  if (quote !== QUOTE) return undefined
  const depth = quoteDepth(bytes, open)
  if (view.raw && depth === 0) return undefined
  const string = readQuoted(bytes, open, depth)
  return string.isClosed ? string : undefined
}

const PREFIX = /^[frbuFRBUL@]{1,2}$/

function afterPrefix(bytes: Uint8Array, at: number): number {
  let open = at
  while (open < at + 2 && !isQuote(bytes[afterBackslashes(bytes, open)])) open++
  return open > at && PREFIX.test(decodeLatin1(bytes, at, open)) ? open : at
}

/**
 * A string in apostrophes or backticks; escaped ones are of it, and doubled ones of YAML and SQL if the string goes on to
 * another on its line. One that goes over lines must end one.
 */
function readSingle({ bytes, raw }: Look['view'], at: number, quote: number): Span | undefined {
  let hasLines = false
  const most = Math.min(bytes.length, at + STRING_MAX)
  for (let i = at + 1; i < most; i++) {
    const byte = byteAt(bytes, i)
    if (byte === QUOTE && raw) return undefined
    if (byte === quote) {
      const end = i > at + 1 && quote === APOSTROPHE ? afterDoubled(bytes, i, raw) : i
      return hasLines && !endsLine(bytes, end + 1) ? undefined : { start: at + 1, end }
    }
    hasLines ||= afterNewline(bytes, i) >= 0
    if (byte === BACKSLASH) i = afterBackslashes(bytes, i)
  }
  return undefined
}

/** The apostrophe that ends the string: `at`, or one behind those that stand there twice. */
function afterDoubled(bytes: Uint8Array, at: number, raw: boolean): number {
  let end = at
  while (bytes[end + 1] === APOSTROPHE && end - at < STRING_MAX) {
    const next = nextApostrophe(bytes, end + 2, raw)
    if (next < 0) return end
    end = next
  }
  return end
}

function nextApostrophe(bytes: Uint8Array, from: number, raw: boolean): number {
  const most = Math.min(bytes.length, from + LINE_MAX)
  for (let at = from; at < most; at++) {
    const byte = byteAt(bytes, at)
    if (byte === APOSTROPHE) return at
    if (afterNewline(bytes, at) >= 0 || (byte === QUOTE && raw)) return -1
    if (byte === BACKSLASH) at = afterBackslashes(bytes, at)
  }
  return -1
}

function endsLine(bytes: Uint8Array, from: number): boolean {
  const next = skipBlanks(bytes, from)
  return next >= bytes.length || afterNewline(bytes, next) >= 0
}

/** Where the line ends that `from` is on, or the string that the name begins; not further than is looked at. */
export function textEnd({ view }: Look, from: number, lead: Pick<Lead, 'quote' | 'depth'>): number {
  const { bytes, raw } = view
  const most = Math.min(bytes.length, from + LINE_MAX)
  let at = from
  for (;;) {
    while (at < most && MAY_END[byteAt(bytes, at)] === 0) at++
    if (at >= most || afterNewline(bytes, at) >= 0) break
    const end = afterBackslashes(bytes, at)
    const byte = byteAt(bytes, end)
    if (byte === QUOTE && endsAround(bytes, { at: end, count: end - at, raw }, lead)) break
    if (byte === lead.quote && byte !== QUOTE && end === at) break
    at = end + 1
  }
  return Math.min(at, most)
}

const ENDS: ReadonlySet<number> = new Set([BACKSLASH, NEWLINE, RETURN, QUOTE, APOSTROPHE, BACKTICK])
const MAY_END = Uint8Array.from({ length: 256 }, (_, byte) => (ENDS.has(byte) ? 1 : 0))

interface QuoteAt {
  readonly at: number
  /** Backslashes before it. */
  readonly count: number
  readonly raw: boolean
}

/** Whether a quote ends the string around: that of JSON, or what the name begins. */
function endsAround(
  bytes: Uint8Array,
  { at, count, raw }: QuoteAt,
  { quote, depth }: Pick<Lead, 'quote' | 'depth'>,
): boolean {
  return (raw && count % 2 === 0) || (quote === QUOTE && count <= depth) || endsMember(bytes, at + 1)
}

/** What stands on the line before the name. */
export function textBefore({ view: { bytes } }: Look, { start }: Span): string {
  return decodeUtf8(bytes, Math.max(0, start - BEFORE_MAX), start).replace(/^.*(?:[\n\r]|\\[nr])/s, '')
}
