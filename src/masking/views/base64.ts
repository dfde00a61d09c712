import type { Span } from '../decoded-view.ts'

/** Text that was written in base64. A find anywhere in it replaces the run whole, from `start` up to `end`. */
export interface Base64Text extends Span {
  readonly bytes: Uint8Array
}

/** Characters of base64 that are decoded; what is behind them is not looked at. */
export const BASE64_CHARS_MAX = 262_144
/** Less is a word or an id. */
export const BASE64_CHARS_MIN = 40
/** From the middle of a run, so many characters tell text from pictures and from ids: 18 bytes that are all printable. */
const PROBE_CHARS = 24
/** The group of four may begin at any of the first four. */
const PROBE_ALL_CHARS = PROBE_CHARS + 3
/** Of every hundred bytes of text, so many are printable: a broken beginning is let pass. */
const PRINTABLE_PERCENT_MIN = 85
/** Four places where the first group of four may begin: something that is no base64 may be glued to the run. */
const PHASES = 4

/**
 * Reads a run of either base64 alphabet that begins at `start` and was seen up to `end`; it goes on over line breaks and
 * escaped slashes. Undefined where it is too short, or where what it holds is no text.
 */
export function decodeBase64Run(bytes: Uint8Array, start: number, end: number): Base64Text | undefined {
  return mayBeText(bytes, start, end) ? textOfRun(start, readRun(bytes, { start, end })) : undefined
}

/** Undefined where it is too short, or no text. */
function textOfRun(start: number, run: Sextets): Base64Text | undefined {
  if (run.count < BASE64_CHARS_MIN) return undefined
  const middle = (run.count - PROBE_CHARS) >> 1
  for (let phase = 0; phase < PHASES; phase++) {
    if (!isTextAt(run, middle - ((middle - phase) & 3))) continue
    const text = decodeSextets(run, phase)
    if (isText(text)) return { start, end: run.end, bytes: text }
  }
  return undefined
}

/** The text in base64 that begins at a place where something says so, if it is too short to be looked at anywhere else. */
export function decodeShortBase64(bytes: Uint8Array, start: number): Base64Text | undefined {
  const run = readRun(bytes, { start, end: start }, BASE64_CHARS_MIN)
  if (run.count >= BASE64_CHARS_MIN) return undefined
  const text = decodeSextets(run, 0)
  return isText(text) ? { start, end: run.end, bytes: text } : undefined
}

/**
 * Reads the runs of some bytes, one after the other. Lines that follow each other are read as one text, and once; where they
 * are none together, each is read by itself.
 */
export class Base64Reader {
  readonly #bytes: Uint8Array
  /** Everything before was read. */
  #readTo = 0
  /** Lines before this are no text together. */
  #apartTo = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** As `decodeBase64Run`, in each way that it may be meant; none also for what is a part of the text before. */
  read(start: number, end: number): readonly Base64Text[] {
    if (start < this.#readTo || isTooShort(this.#bytes, start, end) || !mayBeText(this.#bytes, start, end)) return []
    const together = this.#readTogether(start, end)
    if (together.length > 0) return together
    const alone = textOfRun(start, readRun(this.#bytes.subarray(0, end), { start, end }))
    return alone === undefined ? [] : [alone]
  }

  #readTogether(start: number, end: number): readonly Base64Text[] {
    if (start < this.#apartTo) return []
    const run = readRun(this.#bytes, { start, end })
    const texts = [run, ...withoutLastLine(run)].flatMap((one) => textOfRun(start, one) ?? [])
    if (texts.length === 0) this.#apartTo = run.end
    else this.#readTo = run.end
    return texts
  }
}

/** So few characters are nothing that is decoded, and none follow: what goes on before its line is full, goes on with `\/`. */
export function isTooShort(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start < BASE64_CHARS_MIN && bytes[end] !== BACKSLASH
}

/** A look at the middle, before anything is decoded: most runs are pictures, digests or paths. */
function mayBeText(bytes: Uint8Array, start: number, end: number): boolean {
  const from = start + Math.max(0, (end - start - PROBE_ALL_CHARS) >> 1)
  const probe = isPlainAt(bytes, from) ? PROBE : readRun(bytes, { start: from, end: from }, PROBE_ALL_CHARS)
  for (let phase = 0; phase < PHASES; phase++) if (isTextAt(probe, phase)) return true
  return false
}

/** Whether the characters of a look are all of base64, without a break: then they are in PROBE, and nothing is copied elsewhere. */
function isPlainAt(bytes: Uint8Array, from: number): boolean {
  for (let i = 0; i < PROBE_ALL_CHARS; i++) {
    const value = VALUES[bytes[from + i] ?? 0] ?? NONE
    if (value >= NONE) return false
    PROBE.values[i] = value
  }
  return true
}

/** The values of a run's characters, six bits each. */
export interface Sextets {
  readonly values: Uint8Array
  readonly count: number
  /** After the padding, in the bytes. */
  readonly end: number
  /** How many characters stand before the last line, and where that line breaks off; 0 where there is one only. */
  readonly before: number
  readonly breakAt: number
}

/** What stands below base64 may be a word that begins the next line. */
export function withoutLastLine({ values, before, breakAt }: Sextets): Sextets[] {
  return before === 0 ? [] : [{ values, count: before, end: breakAt, before: 0, breakAt: 0 }]
}

/** Reads characters from `start` on, `most` of them, past `end` too as long as lines of base64 follow each other. */
export function readRun(bytes: Uint8Array, { start, end }: Span, most = BASE64_CHARS_MAX): Sextets {
  let values = new Uint8Array(Math.min(Math.max(end - start, FIRST_ROOM), most))
  let count = 0
  let lineFrom = start
  let at = start
  let before = 0
  let breakAt = 0
  while (at < bytes.length && count < most) {
    let value = VALUES[bytes[at] ?? 0] ?? NONE
    let next = at + 1
    if (value >= NONE) {
      next = afterBreak(bytes, at, at - lineFrom)
      if (next === 0) break
      value = VALUES[bytes[next - 1] ?? 0] ?? NONE
      if (bytes[next - 1] !== SLASH) {
        before = count
        breakAt = at
        lineFrom = next
        at = next
        continue
      }
    }
    if (count === values.length) values = grown(values, most)
    values[count++] = value
    at = next
  }
  return { values, count, end: Math.max(end, afterPadding(bytes, at)), before, breakAt }
}

/** Bytes of a run whose first group begins at `phase`; what is left over at the end is as many bytes as it makes. */
export function decodeSextets({ values, count }: Sextets, phase: number): Uint8Array {
  const groups = (count - phase) >> 2
  const left = (count - phase) & 3
  const out = new Uint8Array(groups * 3 + Math.max(0, left - 1))
  let to = 0
  for (let at = phase; to < out.length; at += 4) {
    const group = groupAt(values, at)
    out[to++] = group >> 16
    out[to++] = (group >> 8) & 0xff
    out[to++] = group & 0xff
  }
  return out
}

const FIRST_ROOM = 256
const SLASH = 0x2f
const BACKSLASH = 0x5c
const EQUALS = 0x3d
/** No character of base64. */
const NONE = 64
const VALUES = valueTable()

function valueTable(): Uint8Array {
  const table = new Uint8Array(256).fill(NONE)
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
  for (const alphabet of [`${letters}+/`, `${letters}-_`])
    for (let value = 0; value < NONE; value++) table[alphabet.charCodeAt(value)] = value
  return table
}

/** The value of a character of either alphabet, or 64 and more where it is none. */
export function base64Value(byte: number): number {
  return VALUES[byte] ?? NONE
}

function grown(values: Uint8Array<ArrayBuffer>, most: number): Uint8Array<ArrayBuffer> {
  const more = new Uint8Array(Math.min(2 * values.length, most))
  more.set(values)
  return more
}

function groupAt(values: Uint8Array, at: number): number {
  const high = ((values[at] ?? 0) << 18) | ((values[at + 1] ?? 0) << 12)
  return high | ((values[at + 2] ?? 0) << 6) | (values[at + 3] ?? 0)
}

/** Shorter lines are words, each for itself. MIME breaks after 76 characters, PEM after 64. */
const LINE_CHARS_MIN = 40
/** Five levels of JSON in JSON. */
const BACKSLASHES_MAX = 32
const LETTER_N = 0x6e
const LETTER_R = 0x72
const NEWLINE = 0x0a
const RETURN = 0x0d

/** The place after an escaped slash, or after a line break that more base64 follows; 0 where neither stands here. */
function afterBreak(bytes: Uint8Array, from: number, lineChars: number): number {
  let at = from
  while (bytes[at] === BACKSLASH && at - from < BACKSLASHES_MAX) at++
  const isEscape = at > from
  if (isEscape && bytes[at] === SLASH) return at + 1
  if (lineChars < LINE_CHARS_MIN) return 0
  let next = from
  for (let part = afterLinePart(bytes, next); part > 0 && next - from < BACKSLASHES_MAX;) {
    next = part
    part = afterLinePart(bytes, next)
  }
  return next > from && (VALUES[bytes[next] ?? 0] ?? NONE) < NONE ? next : 0
}

/** The place after one `\n` or `\r`, escaped or not; 0 where none stands here. */
function afterLinePart(bytes: Uint8Array, from: number): number {
  if (bytes[from] === NEWLINE || bytes[from] === RETURN) return from + 1
  let at = from
  while (bytes[at] === BACKSLASH && at - from < BACKSLASHES_MAX) at++
  return at > from && (bytes[at] === LETTER_N || bytes[at] === LETTER_R) ? at + 1 : 0
}

function afterPadding(bytes: Uint8Array, from: number): number {
  let at = from
  while (at < from + 2 && bytes[at] === EQUALS) at++
  return at
}

/** Whether the bytes that a few groups make are text, cut anywhere. Pictures and ids fail at the first or second of them. */
function isTextAt({ values, count }: Pick<Sextets, 'values' | 'count'>, from: number): boolean {
  const first = Math.max(0, from)
  const last = first + (Math.min(count - first, PROBE_CHARS) & ~3)
  let open = CHARACTER_BYTES_MAX - 1
  let isBegun = false
  for (let at = first; at < last; at += 4) {
    const group = groupAt(values, at)
    for (let shift = 16; shift >= 0; shift -= 8) {
      const byte = (group >> shift) & 0xff
      if ((byte & 0xc0) === 0x80) {
        if (open-- === 0) return false
        continue
      }
      if (isBegun && open > 0) return false
      open = extraBytes(byte)
      if (open < 0) return false
      isBegun = true
    }
  }
  return last > first
}

const CHARACTER_BYTES_MAX = 4

/** How many bytes follow the first one of a printable character; -1 where it begins none. */
function extraBytes(lead: number): number {
  if (lead < 0x80) return (PRINTABLE[lead] ?? 0) - 1
  if (lead < 0xc2 || lead > 0xf4) return -1
  if (lead < 0xe0) return 1
  return lead < 0xf0 ? 2 : 3
}

/** Printable ASCII and white space. */
const PRINTABLE = Uint8Array.from({ length: 128 }, (_, byte) => {
  const isSpace = byte === 9 || byte === NEWLINE || byte === RETURN
  return isSpace || (byte >= 0x20 && byte !== 0x7f) ? 1 : 0
})

/** Scratch for the looks: `isPlainAt` is its only writer. */
const PROBE = { values: new Uint8Array(PROBE_ALL_CHARS), count: PROBE_ALL_CHARS }

/** Mostly printable, with characters beyond ASCII whole. */
function isText(bytes: Uint8Array): boolean {
  let good = 0
  for (let at = 0; at < bytes.length;) {
    const length = characterLength(bytes, at)
    good += length
    at += Math.max(1, length)
  }
  return bytes.length > 0 && good * 100 >= bytes.length * PRINTABLE_PERCENT_MIN
}

/** How long the printable character is that stands here; 0 where none does. */
function characterLength(bytes: Uint8Array, at: number): number {
  const extra = extraBytes(bytes[at] ?? 0)
  for (let i = 1; i <= extra; i++) if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 0
  return extra + 1
}
