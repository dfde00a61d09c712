// Bytes of JSON as it was received, or of text: the same functions read both. A quote may have backslashes before it, and
// a newline may be the two bytes `\n`, or more backslashes where JSON stands in JSON (masking design, 3.5).

export const NEWLINE = 0x0a
export const RETURN = 0x0d
export const TAB = 0x09
export const SPACE = 0x20
export const QUOTE = 0x22
export const APOSTROPHE = 0x27
export const BACKTICK = 0x60
export const BACKSLASH = 0x5c
export const COLON = 0x3a
export const EQUALS = 0x3d
export const COMMA = 0x2c
export const SEMICOLON = 0x3b
export const PIPE = 0x7c
export const DASH = 0x2d
export const STAR = 0x2a
export const SLASH = 0x2f
export const AMPERSAND = 0x26
export const UNDERSCORE = 0x5f
export const LESS = 0x3c
export const GREATER = 0x3e
export const OPEN_BRACE = 0x7b
export const CLOSE_BRACE = 0x7d
export const OPEN_BRACKET = 0x5b
export const CLOSE_BRACKET = 0x5d

export const LETTER_N = 0x6e
export const LETTER_R = 0x72
export const LETTER_T = 0x74
export const LETTER_U = 0x75

/** For expressions: a newline, and a blank or newline, as they are or as escapes of any depth. */
export const NEWLINE_PATTERN = String.raw`(?:\r?\n|(?:\\+r)?\\+n)`
export const SPACE_PATTERN = String.raw`(?:\s|\\+[nrt])`

/** 1: a letter. 2: a digit. 4: `_ - . $`, which join words. 8: a byte of a character beyond ASCII. */
const KINDS = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte >= 0x80) return 8
  const char = String.fromCharCode(byte)
  if (/[A-Za-z]/.test(char)) return 1
  if (/[0-9]/.test(char)) return 2
  return /[_.$-]/.test(char) ? 4 : 0
})

/** 0 beyond the end, which is no byte of a text. */
export function byteAt(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0
}

export function isLetter(byte: number): boolean {
  return ((KINDS[byte] ?? 0) & 9) !== 0
}

export function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}

export function isLower(byte: number): boolean {
  return byte >= 0x61 && byte <= 0x7a
}

export function isUpper(byte: number): boolean {
  return byte >= 0x41 && byte <= 0x5a
}

/** A key longer than this, in bytes to one side of a word of it, is none. */
const KEY_SIDE_MAX = 64

/** Where the name around `at` begins. A letter that belongs to an escape is no part of it. */
export function nameStart(bytes: Uint8Array, at: number): number {
  const least = Math.max(0, at - KEY_SIDE_MAX)
  let start = at
  while (start > least) {
    const kind = KINDS[bytes[start - 1] ?? 0] ?? 0
    if (kind === 0 || (kind === 8 && isSign(bytes, leadOf(bytes, start - 1)))) break
    start--
  }
  return start < at && isEscapeLetter(bytes, start) ? start + 1 : start
}

export function nameEnd(bytes: Uint8Array, at: number): number {
  const most = Math.min(bytes.length, at + KEY_SIDE_MAX)
  let end = at
  while (end < most) {
    const kind = KINDS[bytes[end] ?? 0] ?? 0
    if (kind === 0 || (kind === 8 && isSign(bytes, end))) break
    end++
  }
  return end
}

function leadOf(bytes: Uint8Array, at: number): number {
  let lead = at
  while (lead > 0 && ((bytes[lead] ?? 0) & 0xc0) === 0x80) lead--
  return lead
}

/** Spaces, dashes, quotes and full-width signs beyond ASCII: C2, E2, E3 80, EF BC. */
function isSign(bytes: Uint8Array, at: number): boolean {
  const first = bytes[at] ?? 0
  const second = bytes[at + 1] ?? 0
  return first === 0xc2 || first === 0xe2 || (first === 0xe3 && second === 0x80) || (first === 0xef && second === 0xbc)
}

/** The `n` of `\n`: not a letter of the word behind it. */
export function isEscapeLetter(bytes: Uint8Array, at: number): boolean {
  if (at === 0 || bytes[at - 1] !== BACKSLASH) return false
  const byte = bytes[at] ?? 0
  return byte === LETTER_N || byte === LETTER_R || byte === LETTER_T || byte === 0x62 || byte === 0x66
}

/** How many backslashes stand just before. */
export function backslashesBefore(bytes: Uint8Array, at: number): number {
  let first = at
  while (first > 0 && bytes[first - 1] === BACKSLASH) first--
  return at - first
}

/** Just after the backslashes that begin here. */
export function afterBackslashes(bytes: Uint8Array, at: number): number {
  let end = at
  while (bytes[end] === BACKSLASH) end++
  return end
}

/** Just after the newline that begins here, written as it is or as an escape; -1 where none does. */
export function afterNewline(bytes: Uint8Array, at: number): number {
  const byte = bytes[at]
  if (byte === NEWLINE || byte === RETURN) return at + 1
  if (byte !== BACKSLASH) return -1
  const letter = afterBackslashes(bytes, at)
  return bytes[letter] === LETTER_N || bytes[letter] === LETTER_R ? letter + 1 : -1
}

/** Just after the tabulator that begins here, written as it is or as an escape; -1 where none does. */
export function afterTab(bytes: Uint8Array, at: number): number {
  if (bytes[at] === TAB) return at + 1
  if (bytes[at] !== BACKSLASH) return -1
  const letter = afterBackslashes(bytes, at)
  return bytes[letter] === LETTER_T ? letter + 1 : -1
}

/** Skips spaces and tabulators. */
export function skipBlanks(bytes: Uint8Array, from: number): number {
  for (let at = from; ;) {
    if (bytes[at] === SPACE) at++
    else {
      const next = afterTab(bytes, at)
      if (next < 0) return at
      at = next
    }
  }
}

/** Skips blanks and newlines, as they are or as escapes: what may stand between the parts of a JSON document. */
export function skipSpace(bytes: Uint8Array, from: number): number {
  for (let at = from; ;) {
    const byte = bytes[at]
    if (byte === SPACE) at++
    else if (byte === NEWLINE || byte === RETURN || byte === TAB || byte === BACKSLASH) {
      const next = Math.max(afterNewline(bytes, at), afterTab(bytes, at))
      if (next < 0) return at
      at = next
    } else return at
  }
}

/** The other way: just after the last byte before `from` that is no space. */
export function skipSpaceBack(bytes: Uint8Array, from: number): number {
  for (let at = from; ;) {
    const byte = bytes[at - 1]
    if (byte === SPACE || byte === NEWLINE || byte === RETURN || byte === TAB) at--
    else if (at > 0 && isEscapeLetter(bytes, at - 1)) at = at - 1 - backslashesBefore(bytes, at - 1)
    else return at
  }
}

/** Skips blanks backwards, but no newline. */
export function skipBlanksBack(bytes: Uint8Array, from: number): number {
  for (let at = from; ;) {
    const byte = bytes[at - 1]
    if (byte === SPACE || byte === TAB) at--
    else if (byte === LETTER_T && isEscapeLetter(bytes, at - 1)) at = at - 1 - backslashesBefore(bytes, at - 1)
    else return at
  }
}
