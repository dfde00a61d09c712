import {
  AMPERSAND,
  APOSTROPHE,
  BACKSLASH,
  backslashesBefore,
  BACKTICK,
  DASH,
  isEscapeLetter,
  LESS,
  NEWLINE,
  QUOTE,
  RETURN,
  SEMICOLON,
  skipBlanksBack,
} from './text-bytes.ts'

/** What stands before a name in text. */
export interface Lead {
  readonly kind: 'line' | 'quote' | 'query' | 'tag' | 'flag' | 'middle' | 'field'
  /** The quote that opens just before the name, and its backslashes. */
  readonly quote: number
  readonly depth: number
}

const PLAIN = { quote: 0, depth: 0 } as const
const QUESTION = 0x3f

export function leadOf(bytes: Uint8Array, start: number): Lead {
  const before = bytes[start - 1]
  if (start === 0) return { kind: 'line', ...PLAIN }
  if (isQuote(before)) return quoteLead(bytes, start)
  if (before === QUESTION || before === AMPERSAND || isEntity(bytes, start)) return { kind: 'query', ...PLAIN }
  if (before === LESS) return { kind: 'tag', ...PLAIN }
  const blank = skipBlanksBack(bytes, start)
  if (isLineStart(bytes, blank)) return { kind: 'line', ...PLAIN }
  if (isQuote(bytes[blank - 1]) && bytes[blank - 1] === QUOTE) return quoteLead(bytes, blank)
  const mark = skipMarks(bytes, blank)
  if (mark < blank && isLineStart(bytes, skipBlanksBack(bytes, mark))) return { kind: 'line', ...PLAIN }
  return { kind: 'middle', ...PLAIN }
}

/** `--password`: dashes at the start of a name are of an option. */
export function isFlag(bytes: Uint8Array, start: number): boolean {
  return bytes[start] === DASH && bytes[start + 1] === DASH
}

export function isQuote(byte: number | undefined): boolean {
  return byte === QUOTE || byte === APOSTROPHE || byte === BACKTICK
}

/** Whether nothing of the line stands before `at`. */
export function isLineStart(bytes: Uint8Array, at: number): boolean {
  if (at === 0) return true
  const before = bytes[at - 1] ?? 0
  if (before === NEWLINE || before === RETURN) return true
  return (before === 0x6e || before === 0x72) && isEscapeLetter(bytes, at - 1)
}

function quoteLead(bytes: Uint8Array, after: number): Lead {
  return { kind: 'quote', quote: bytes[after - 1] ?? 0, depth: backslashesBefore(bytes, after - 1) }
}

/** `&amp;token=`. */
function isEntity(bytes: Uint8Array, start: number): boolean {
  return (
    bytes[start - 1] === SEMICOLON &&
    bytes[start - 2] === 0x70 &&
    bytes[start - 3] === 0x6d &&
    bytes[start - 5] === AMPERSAND
  )
}

/** Marks of lists, quotations, comments and emphasis. */
const MARKS: ReadonlySet<number> = new Set(Array.from('-*>#+/', (mark) => mark.charCodeAt(0)))
const MARKS_MAX = 4

function skipMarks(bytes: Uint8Array, from: number): number {
  let at = from
  while (at > 0 && from - at < MARKS_MAX && MARKS.has(bytes[at - 1] ?? 0) && bytes[at - 2] !== BACKSLASH) {
    at = skipBlanksBack(bytes, at - 1)
  }
  return at
}
