// What is read as something plainer (masking.md, 3.8). What is sent on is never changed by this; only what is found is.

/** Stands for nothing: a zero-width character, a soft hyphen. */
export const DROPPED = 1

/** What a code point beyond ASCII is read as: an ASCII code, DROPPED, or 0 where it is read as itself. */
export function foldOf(code: number): number {
  if (code < FOLDS.length) return FOLDS[code] ?? 0
  if (code >= TAG_FIRST && code <= TAG_LAST) return code - TAG_BASE
  if (code > EMOJI_FIRST && code < EMOJI_LAST) return 0
  const zero = WIDE_ZEROS.findLast((first) => first <= code)
  return zero !== undefined && code < zero + 10 ? DIGIT_ZERO + code - zero : 0
}

/** The ASCII letter that a Cyrillic or Greek one looks like, or 0. */
export function lookAlikeOf(code: number): number {
  return code < LOOK_ALIKES.length ? (LOOK_ALIKES[code] ?? 0) : 0
}

/** Code points below 0x10000 that are folded, for whoever makes lists of their spellings. */
export function foldedCodes(): number[] {
  return [...FOLDS.keys()].filter((code) => FOLDS[code] !== 0)
}

export function lookAlikeCodes(): number[] {
  return [...LOOK_ALIKES.keys()].filter((code) => LOOK_ALIKES[code] !== 0)
}

/** Zeros of all scripts in the planes above the first; nine digits follow each. Unicode 17, category Nd. */
export const WIDE_ZEROS: readonly number[] = [
  0x104a0, 0x10d30, 0x10d40, 0x11066, 0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0, 0x116d0,
  0x116da, 0x11730, 0x118e0, 0x11950, 0x11bf0, 0x11c50, 0x11d50, 0x11da0, 0x11de0, 0x11f50, 0x16130, 0x16a60, 0x16ac0,
  0x16b50, 0x16d70, 0x1ccf0, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140, 0x1e2f0, 0x1e4f0, 0x1e5f1, 0x1e950,
  0x1fbf0,
]

/** Between these are symbols only, and most of what chats have beyond the first plane. */
const EMOJI_FIRST = 0x1f000
const EMOJI_LAST = 0x1fb00

/** Tags are ASCII that nobody sees and a model reads. */
export const TAG_BASE = 0xe0000
export const TAG_FIRST = TAG_BASE + 0x20
export const TAG_LAST = TAG_BASE + 0x7e

const DIGIT_ZERO = 0x30

/** The same in the first plane. */
const ZEROS: readonly number[] = [
  0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0, 0xf20,
  0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0,
  0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10,
]

/** From the first to the last, each pair. */
type Ranges = readonly (readonly [first: number, last: number])[]

const DASHES: Ranges = [
  [0x2010, 0x2015],
  [0x2043, 0x2043],
  [0x2212, 0x2212],
  [0xfe58, 0xfe58],
  [0xfe63, 0xfe63],
]
const SPACES: Ranges = [
  [0x85, 0x85],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
]
/** Zero width, joiners, direction, variation of the character before. */
const INVISIBLE: Ranges = [
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x61c, 0x61c],
  [0x180b, 0x180f],
  [0x200b, 0x200f],
  [0x202a, 0x202e],
  [0x2060, 0x206f],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
]
/** Small forms of CNS 11643. */
const SMALL: Readonly<Record<string, string>> = { '﹒': '.', '﹕': ':', '﹢': '+', '﹦': '=', '﹫': '@', '﹟': '#' }
const FULL_WIDTH_FIRST = 0xff01
const FULL_WIDTH_LAST = 0xff5e
/** From a full-width character to its ASCII one. */
const FULL_WIDTH_ABOVE = 0xfee0

const FOLDS = foldTable()

function foldTable(): Uint8Array {
  const table = new Uint8Array(0x10000)
  for (const [first, last] of DASHES) table.fill(0x2d, first, last + 1)
  for (const [first, last] of SPACES) table.fill(0x20, first, last + 1)
  for (const [first, last] of INVISIBLE) table.fill(DROPPED, first, last + 1)
  for (let code = FULL_WIDTH_FIRST; code <= FULL_WIDTH_LAST; code++) table[code] = code - FULL_WIDTH_ABOVE
  for (const zero of ZEROS) for (let digit = 0; digit < 10; digit++) table[zero + digit] = DIGIT_ZERO + digit
  for (const [from, to] of Object.entries(SMALL)) table[from.charCodeAt(0)] = to.charCodeAt(0)
  return table
}

/** Each letter, and what looks like it in most typefaces (Unicode Technical Standard 39, single-script confusables). */
const LOOKS: Readonly<Record<string, string>> = {
  a: '\u0430\u03b1',
  b: '\u042c',
  c: '\u0441\u03f2',
  d: '\u0501',
  e: '\u0435\u0454\u03b5',
  g: '\u050d',
  h: '\u04bb',
  i: '\u0456\u03b9',
  j: '\u0458\u03f3',
  k: '\u043a\u03ba',
  l: '\u04cf',
  m: '\u043c',
  o: '\u043e\u03bf',
  p: '\u0440\u03c1',
  q: '\u051b',
  s: '\u0455',
  t: '\u0442\u03c4',
  u: '\u03c5',
  v: '\u03bd\u0475',
  w: '\u051d\u03c9\u0461',
  x: '\u0445\u03c7',
  y: '\u0443\u03b3\u04af',
  A: '\u0410\u0391',
  B: '\u0412\u0392',
  C: '\u0421\u03f9',
  E: '\u0415\u0395',
  F: '\u03dc',
  G: '\u050c',
  H: '\u041d\u0397',
  I: '\u0406\u0399\u04c0',
  J: '\u0408\u037f',
  K: '\u041a\u039a',
  M: '\u041c\u039c',
  N: '\u039d',
  O: '\u041e\u039f',
  P: '\u0420\u03a1',
  Q: '\u051a',
  S: '\u0405',
  T: '\u0422\u03a4',
  W: '\u051c',
  X: '\u0425\u03a7',
  Y: '\u0423\u03a5\u04ae',
  Z: '\u0396',
}

const LOOK_ALIKES = lookAlikeTable()

function lookAlikeTable(): Uint8Array {
  const table = new Uint8Array(0x530)
  for (const [letter, alike] of Object.entries(LOOKS))
    for (const one of alike) table[one.charCodeAt(0)] = letter.charCodeAt(0)
  return table
}
