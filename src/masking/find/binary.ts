import type { Document } from '../document.ts'
import { decodeBase64Run } from '../views/base64.ts'
import type { Structure } from '../structure/structure.ts'
import { memberOf } from '../structure/leaves.ts'
import { concat, encodeUtf8, indexOf, readBase64 } from '../../base/bytes.ts'
import { Spans } from '../scan/spans.ts'
import { asBytes, isMostlyText, type ReadText, readText, wideOf } from './charsets.ts'
import type { Embedded } from './find-all.ts'
import type { Scanned } from './scan-view.ts'

/** Content that is not text in the message itself. */
export interface Binary {
  /** Nothing can be read from it: a picture, an archive. `what` names its kind. */
  readonly opaque: readonly Opaque[]
  /** It is a text after all. */
  readonly embedded: readonly Embedded[]
  /** Those that begin as base64, be they text or not. */
  readonly contents: Spans
  /** Whether a place is one of base64, where what is found by its look is nothing. */
  readonly isBase64: (start: number, end: number) => boolean
}

export interface Opaque {
  readonly start: number
  readonly end: number
  readonly what: string
}

const NONE: Binary = { opaque: [], embedded: [], contents: Spans.of([]), isBase64: () => false }

/** Words of the scan that say that there may be such content; quotes are part of them, since only members count. */
export const BINARY_WORDS: readonly string[] = ['"blob"', '"data"']

/**
 * Finds the contents of resources (`blob`) and of pictures and sounds (`data`) by their place, whatever type the server says
 * they have: what is text is read as text.
 */
export function findBinary(document: Document, scanned: Pick<Scanned, 'binary' | 'encoded'>): Binary {
  const ends = keyEnds(document, scanned)
  const structure = ends.length === 0 ? undefined : document.structure
  if (structure === undefined) return NONE
  const opaque: Opaque[] = []
  const embedded: Embedded[] = []
  const contents: Content[] = []
  for (const keyEnd of ends) {
    const content = contentAt(structure, keyEnd)
    if (content === undefined) continue
    const { start, end, written } = content
    const read = textOf(written, content.what) ?? textOfRun(written)
    if (read === undefined) opaque.push(content)
    else embedded.push({ start, end, ...read })
    // What does not even begin as base64 is a text like any other, whatever the member is called.
    if (isInBase64(written.slice(0, CHARS_LOOKED_AT))) contents.push(content)
  }
  const spans = Spans.of(contents)
  const byStart = new Map(contents.map((content) => [content.start, content]))
  const isBase64 = (start: number, end: number) => isAllBase64(byStart.get(spans.around(start, end)?.start ?? -1))
  return { opaque, embedded, contents: spans, isBase64 }
}

/** Looked at in full only where something is found in it: what goes on otherwise than it began hides nothing. */
function isAllBase64(content: Content | undefined): boolean {
  return content !== undefined && (content.isBase64 ??= isInBase64(content.written))
}

function isInBase64(written: string): boolean {
  return IN_BASE64.test(written)
}

const IN_BASE64 = /^[A-Za-z0-9+/_=\s-]*$/

/** The structure is read only where there may be such content: most messages never need it. */
function keyEnds(document: Document, { binary, encoded }: Pick<Scanned, 'binary' | 'encoded'>): number[] {
  const ends = [...binary]
  const isSpelled = encoded.length > 0 && LETTER_ESCAPES.some((escape) => indexOf(document.bytes, escape) >= 0)
  if (isSpelled && document.structure !== undefined) ends.push(...spelledKeyEnds(document.structure))
  return ends
}

/** A key that is written in escapes is the same key: nobody gets past a rule by its spelling. */
function spelledKeyEnds(structure: Structure): number[] {
  const ends: number[] = []
  for (let token = 0; token < structure.length; token++) {
    if (structure.kind(token) !== 'key') continue
    const [start, end] = [structure.innerStart(token), structure.innerEnd(token)]
    if (end - start > KEY_BYTES_MAX || !structure.bytes.subarray(start, end).includes(BACKSLASH)) continue
    if (KEYS.has(structure.keyText(token))) ends.push(structure.end(token))
  }
  return ends
}

const KEYS: ReadonlySet<string> = new Set(['blob', 'data'])
const BACKSLASH = 0x5c
/** Four letters, each an escape. */
const KEY_BYTES_MAX = 24
/** The beginning of what a letter is written as. */
const LETTER_ESCAPES = ['\\u006', '\\u007'].map(encodeUtf8)

interface Content extends Opaque {
  /** Without the escapes of JSON. */
  readonly written: string
  /** Undefined until somebody asks. */
  isBase64?: boolean
}

/** Base64 whose beginning is lost or no part of it may be read by somebody all the same; what is hidden in it is written anew. */
function textOfRun(written: string): ReadText | undefined {
  const bytes = encodeUtf8(written)
  const run = decodeBase64Run(bytes, 0, bytes.length)
  return run !== undefined && isInBase64(written) ? asBytes(run.bytes) : undefined
}

function contentAt(structure: Structure, keyEnd: number): Content | undefined {
  const key = structure.tokenAt(keyEnd - 2)
  if (key === undefined || structure.kind(key) !== 'key') return undefined
  const value = structure.valueOf(key)
  if (value < 0 || structure.kind(value) !== 'string') return undefined
  const object = structure.parent(value)
  const type = memberText(structure, object, 'type')
  if (structure.keyText(key) === 'data' && type !== 'image' && type !== 'audio') return undefined
  const what = memberText(structure, object, 'mimeType') ?? type ?? 'unknown'
  const [start, end] = [structure.innerStart(value), structure.innerEnd(value)]
  const whole = structure.text(value)
  const written = whole.replace(DATA_URL, '')
  // Where JSON escapes something, it is not known where the base64 begins: the URL is written anew as a whole.
  const skipped = whole.length === end - start ? whole.length - written.length : 0
  return { start: start + skipped, end, what: what.slice(0, NAME_CHARS_MAX), written }
}

/** Some servers write a URL where base64 belongs. */
const DATA_URL = /^data:[a-z0-9/+.;=-]{0,100},/i

/** Types are the server's words; this much of one is a name. */
const NAME_CHARS_MAX = 80

function memberText(structure: Structure, object: number, name: string): string | undefined {
  const member = memberOf(structure, object, name)
  return member >= 0 && structure.kind(member) === 'string' ? structure.text(member) : undefined
}

function typeOf(structure: Structure, value: number): string {
  return memberText(structure, structure.parent(value), 'mimeType') ?? ''
}

/** The text that a member of content holds in base64; undefined for any other member. */
export function contentText(structure: Structure, value: number): Uint8Array | undefined {
  const key = structure.keyOf(value)
  const written = key >= 0 && KEYS.has(structure.keyText(key)) ? structure.text(value) : ''
  return written === '' || written.includes(' ') ? undefined : textOf(written, typeOf(structure, value))?.text
}

/** Undefined where it is no text. Pictures show that they are none in their first bytes. */
function textOf(base64: string, type: string): ReadText | undefined {
  const first = decodeAll(base64.slice(0, CHARS_LOOKED_AT))
  if (wideOf(first, type) === undefined && !isMostlyText(first)) return undefined
  return readText(decodeAll(base64), type)
}

/** As clients read it that are content with much: they know either alphabet, and skip what is no letter of it. */
function decodeAll(base64: string): Uint8Array {
  const written = base64.replaceAll(NO_LETTERS, '')
  const padding = written.indexOf('=')
  const isAtEnd = padding < 0 || padding >= written.length - 2
  return isAtEnd ? readBase64(written) : concat(partsOf(written).map(readBase64))
}

const NO_LETTERS = /[^A-Za-z0-9+/_=-]+/g
const GROUP = 4

/** Also what follows padding: one client stops there, another goes on. Where a group has room for more, it is no padding. */
function partsOf(written: string): readonly string[] {
  const parts: string[] = []
  let part = ''
  let pads = 0
  for (const run of written.split('=')) {
    part += run
    pads = run === '' ? pads + 1 : 1
    const filled = part.length % GROUP
    if (filled < 2 || filled + pads < GROUP) continue
    parts.push(part)
    part = ''
  }
  return [...parts, part]
}

/** 510 bytes, and fewer where there is space in it. */
const CHARS_LOOKED_AT = 680
