/** A piece of a text, and what a person who reads it should know of it. */
export interface Piece {
  readonly text: string
  /** `hidden`: not drawn, or drawn as something else; `look_alike`: drawn like a letter that it is not. */
  readonly mark?: 'hidden' | 'look_alike'
}

/** All that is drawn as nothing, breaks lines where nobody expects it, or turns the direction of writing. */
const HIDDEN =
  // oxlint-disable-next-line no-control-regex -- control characters are what this looks for
  /[\0-\x08\x0b-\x1f\x7f-\x9f\xa0\u061c\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ud800-\udfff\ufff9-\ufffb]|\p{Default_Ignorable_Code_Point}/u
const WORD = /[\p{L}\p{M}\p{N}_]+/gu
const LATIN = /\p{Script=Latin}/u
const OTHER_SCRIPT = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Coptic}]/u
/** Letters of Cyrillic and Greek that are drawn as Latin ones in most fonts (Unicode Technical Standard 39, confusables). */
const TWINS = /^[аеорсухіјѕԁһӏѵАВЕКМНОРСТУХІЈЅԌοναρικυϲΑΒΕΖΗΙΚΜΝΟΡΤΥΧ\p{M}\p{N}_]+$/u
// oxlint-disable-next-line no-control-regex -- the whole of ASCII
const ASCII = /^[\0-\x7f]+$/

const NOT_PLAIN = /[^\t\n\x20-\x7e]/

/** The same text in pieces. Those that a reader would take for something else are apart, each a single character. */
export function marked(text: string): readonly Piece[] {
  if (!NOT_PLAIN.test(text)) return [{ text }]
  const pieces: Piece[] = []
  const add = (piece: Piece): void => {
    const last = pieces.at(-1)
    if (piece.mark === undefined && last !== undefined && last.mark === undefined)
      pieces[pieces.length - 1] = { text: last.text + piece.text }
    else pieces.push(piece)
  }
  let at = 0
  for (const { 0: word, index } of text.matchAll(WORD)) {
    for (const piece of piecesOf(text.slice(at, index))) add(piece)
    for (const piece of lookAlikesIn(word, text.slice(at, index))) add(piece)
    at = index + word.length
  }
  for (const piece of piecesOf(text.slice(at))) add(piece)
  return pieces
}

/** `U+200B` */
export function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}

/** One text in which everything marked is written out: `pаypal` with a Cyrillic letter is `p{а U+0430}ypal`. */
export function writtenOut(text: string): string {
  return marked(text)
    .map((piece) => {
      if (piece.mark === undefined) return piece.text
      return piece.mark === 'hidden' ? `{${codePoint(piece.text)}}` : `{${piece.text} ${codePoint(piece.text)}}`
    })
    .join('')
}

function lookAlikesIn(word: string, before: string): Piece[] {
  if (ASCII.test(word)) return [{ text: word }]
  const hasOther = OTHER_SCRIPT.test(word)
  return piecesOf(word, { before, suspect: hasOther && (LATIN.test(word) || TWINS.test(word)) })
}

/** `suspect`: letters of other scripts stand among Latin ones, or could all be taken for them. */
function piecesOf(text: string, { before = '', suspect = false } = {}): Piece[] {
  let last = before
  return Array.from(text, (char) => {
    const colours = char === EMOJI_STYLE && PICTOGRAPH.test(last)
    last = char
    if (!colours && HIDDEN.test(char)) return { text: char, mark: 'hidden' }
    const stands = (suspect && OTHER_SCRIPT.test(char)) || isStyled(char)
    return stands ? { text: char, mark: 'look_alike' } : { text: char }
  })
}

/** It asks for the colourful form of the emoji before it. */
const EMOJI_STYLE = '\ufe0f'
const PICTOGRAPH = /\p{Extended_Pictographic}$/u

/** Full-width, mathematical, circled: another character that reads as one of ASCII. */
function isStyled(char: string): boolean {
  return !ASCII.test(char) && ASCII.test(char.normalize('NFKC'))
}
