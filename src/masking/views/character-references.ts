import { utf8 } from '../decoded-view.ts'
import type { Escape } from '../decoded-view.ts'

const HASH = 0x23
const LETTER_X = 0x78
const SEMICOLON = 0x3b
/** Enough for `&NewLine;` and for the highest code point with some zeros before it. */
const NAME_BYTES_MAX = 8
const DIGITS_MAX = 9
const CODE_POINT_MAX = 0x10ffff

/**
 * Reads a character reference of HTML (HTML Living Standard, section 13.5) that stands for ASCII, a space or a dash by
 * name, or for anything by number; browsers do without the semicolon after a number.
 */
export function characterReferenceAt(bytes: Uint8Array, at: number): Escape | undefined {
  return bytes[at + 1] === HASH ? readNumber(bytes, at) : readName(bytes, at)
}

function readNumber(bytes: Uint8Array, at: number): Escape | undefined {
  const isHex = ((bytes[at + 2] ?? 0) | 0x20) === LETTER_X
  const first = at + (isHex ? 3 : 2)
  const base = isHex ? 16 : 10
  let code = 0
  let end = first
  for (; end - first < DIGITS_MAX; end++) {
    const digit = digitOf(bytes[end] ?? 0)
    if (digit >= base) break
    code = code * base + digit
  }
  if (!isCharacter(code)) return undefined
  return { length: (bytes[end] === SEMICOLON ? end + 1 : end) - at, bytes: utf8(code) }
}

function isCharacter(code: number): boolean {
  return code > 0 && code <= CODE_POINT_MAX && (code < 0xd800 || code > 0xdfff)
}

/** 0 to 15, or more where it is no digit. */
function digitOf(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const letter = byte | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : 99
}

function readName(bytes: Uint8Array, at: number): Escape | undefined {
  let name = ''
  for (let end = at + 1; end <= at + NAME_BYTES_MAX + 1; end++) {
    const byte = bytes[end] ?? 0
    if (byte === SEMICOLON) {
      const text = NAMED.get(name)
      return text === undefined ? undefined : { length: end + 1 - at, bytes: text }
    }
    const letter = byte | 0x20
    if (letter < 0x61 || letter > 0x7a) return undefined
    name += String.fromCharCode(byte)
  }
  return undefined
}

/** Names of what values, keys and the signs between them are made of. */
export const NAMED_CHARACTERS: Readonly<Record<string, string>> = {
  amp: '&',
  AMP: '&',
  apos: "'",
  ast: '*',
  bsol: '\\',
  colon: ':',
  comma: ',',
  commat: '@',
  dash: '\u2010',
  dollar: '$',
  emsp: '\u2003',
  ensp: '\u2002',
  equals: '=',
  excl: '!',
  gt: '>',
  GT: '>',
  hyphen: '\u2010',
  lbrace: '{',
  lbrack: '[',
  lcub: '{',
  lowbar: '_',
  lpar: '(',
  lsqb: '[',
  lt: '<',
  LT: '<',
  mdash: '\u2014',
  minus: '\u2212',
  nbsp: '\u00a0',
  ndash: '\u2013',
  NewLine: '\n',
  num: '#',
  percnt: '%',
  period: '.',
  plus: '+',
  quest: '?',
  quot: '"',
  QUOT: '"',
  rbrace: '}',
  rbrack: ']',
  rcub: '}',
  rpar: ')',
  rsqb: ']',
  semi: ';',
  shy: '\u00ad',
  sol: '/',
  Tab: '\t',
  thinsp: '\u2009',
  UnderBar: '_',
  verbar: '|',
  vert: '|',
  zwj: '\u200d',
  zwnj: '\u200c',
}

const NAMED: ReadonlyMap<string, readonly number[]> = new Map(
  Object.entries(NAMED_CHARACTERS).map(([name, text]) => [name, utf8(text.charCodeAt(0))]),
)
