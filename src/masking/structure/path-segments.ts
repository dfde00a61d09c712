import { encodeUtf8 } from '../../base/bytes.ts'
import { parseJson } from '../../base/json.ts'

/** A key: its pieces in this order, whatever stands between two of them. One piece alone is the key itself. */
export interface KeySegment {
  readonly kind: 'key'
  /** In small ASCII letters, unless it is exact. */
  readonly pieces: readonly string[]
  /** UTF-8 of the only piece. */
  readonly bytes: Uint8Array | undefined
  /** Whether `A` is not `a`. */
  readonly isExact: boolean
}

/** One step of a pattern. */
export type Segment =
  | KeySegment
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'any-index' }
  /** `*`: one key or one place in an array. */
  | { readonly kind: 'any' }
  /** `**`: steps, or none. */
  | { readonly kind: 'many' }
  /** `#`: into JSON in a text. */
  | { readonly kind: 'inner' }

export interface Mistaken {
  readonly mistake: string
}

/** Patterns are short; a key of a megabyte is a mistake, or worse. */
const PATTERN_CHARS_MAX = 500
/** They are bits of a number, one more for the end. */
const SEGMENTS_MAX = 28
/** What a message of JSON-RPC has its content in. A path that begins so begins at the message. */
const MESSAGE_PARTS: ReadonlySet<string> = new Set(['result', 'params', 'error'])

/** The steps of a pattern from the message down. */
export function parsePath(text: string, isExact: boolean): { readonly segments: readonly Segment[] } | Mistaken {
  if (text.length > PATTERN_CHARS_MAX) return { mistake: `a path has ${PATTERN_CHARS_MAX} characters at most` }
  const isRooted = text.startsWith('$')
  const segments: Segment[] = []
  for (let at = isRooted ? 1 : 0; at < text.length;) {
    const read = readSegment(text, at, isExact)
    if ('mistake' in read) return read
    segments.push(read.segment)
    at = read.next
  }
  if (!segments.some((segment) => segment.kind === 'key'))
    return { mistake: 'a path needs a name, such as *.password_hash' }
  const whole = withoutRepeats(isRooted ? segments : fromAnywhere(segments))
  if (whole.length > SEGMENTS_MAX) return { mistake: `a path has ${SEGMENTS_MAX} steps at most` }
  return { segments: whole }
}

function fromAnywhere(segments: readonly Segment[]): readonly Segment[] {
  const [first, ...rest] = segments
  if (first?.kind === 'key' && first.pieces.length === 1 && MESSAGE_PARTS.has(first.pieces[0] ?? '')) return segments
  return [{ kind: 'many' }, ...(first?.kind === 'any' ? rest : segments)]
}

function withoutRepeats(segments: readonly Segment[]): readonly Segment[] {
  return segments.filter(({ kind }, i) => kind !== 'many' || segments[i - 1]?.kind !== 'many')
}

type Read = { readonly segment: Segment; readonly next: number } | Mistaken

function readSegment(text: string, at: number, isExact: boolean): Read {
  if (text[at] === '#') return { segment: { kind: 'inner' }, next: at + 1 }
  if (text[at] === '[') return readBracket(text, at, isExact)
  // A dot stands between two names, so not at the beginning; after `$` and `#` it may be left out.
  const isDot = text[at] === '.'
  if (isDot && at === 0) return { mistake: 'a path does not begin with a dot' }
  if (!isDot && at > 0 && !'$#'.includes(text[at - 1] ?? '')) return { mistake: 'a dot is missing after ]' }
  return readName(text, isDot ? at + 1 : at, isExact)
}

function readName(text: string, from: number, isExact: boolean): Read {
  const [name = ''] = /^[^.[\]#"]*/.exec(text.slice(from)) ?? []
  const next = from + name.length
  if (name === '') return { mistake: 'a name is missing' }
  if (text[next] === ']' || text[next] === '"')
    return { mistake: `a name with ${text[next]} in it is written ["like this"]` }
  if (name === '**') return { segment: { kind: 'many' }, next }
  if (name === '*') return { segment: { kind: 'any' }, next }
  if (name.includes('**')) return { mistake: '** stands alone between dots' }
  return { segment: keySegment(name.split('*'), isExact), next }
}

function readBracket(text: string, at: number, isExact: boolean): Read {
  const [written = '', index, quoted] = /^\[(?:(\*|\d{1,9})|("(?:[^"\\]|\\.)*"))\]/.exec(text.slice(at)) ?? []
  const next = at + written.length
  if (index === '*') return { segment: { kind: 'any-index' }, next }
  if (index !== undefined) return { segment: { kind: 'index', index: Number(index) }, next }
  const key = quoted === undefined ? undefined : textOf(quoted)
  if (key === undefined) return { mistake: 'brackets hold a number, a * or a name in double quotes' }
  return { segment: keySegment([key], isExact), next }
}

function keySegment(written: readonly string[], isExact: boolean): KeySegment {
  const pieces = isExact ? written : written.map(foldCase)
  const [only, second] = pieces
  const bytes = only === undefined || second !== undefined ? undefined : encodeUtf8(only)
  return { kind: 'key', pieces, bytes, isExact }
}

/** Small ASCII letters for capitals, and nothing else changed. */
export function foldCase(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (capitals) => capitals.toLowerCase())
}

function textOf(quoted: string): string | undefined {
  try {
    const text = parseJson(quoted)
    return typeof text === 'string' ? text : undefined
  } catch {
    return undefined
  }
}
