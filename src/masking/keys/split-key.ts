/** Words that a key may have; more make a sentence. */
const WORDS_MAX = 12

/**
 * The words of a key in lower case and without accents: split where the case changes, and at everything that is no letter.
 * Digits part words and are dropped: `customerCardNumber2` is customer, card, number.
 */
export function splitKey(key: string): string[] {
  const words = isAscii(key) ? splitAscii(key) : splitAny(key)
  return words.length > WORDS_MAX ? [] : words
}

function isAscii(key: string): boolean {
  for (let i = 0; i < key.length; i++) if (key.charCodeAt(i) > 0x7f) return false
  return true
}

/** Most keys are so, and they are asked about for each value of a table. */
function splitAscii(key: string): string[] {
  const words: string[] = []
  let start = -1
  let isBehindDigit = false
  for (let i = 0; i <= key.length; i++) {
    const code = key.charCodeAt(i)
    if (isSmall(code)) {
      if (start < 0 && !isBehindDigit) start = i
      continue
    }
    if (start >= 0 && (!isCapital(code) || isSmall(key.charCodeAt(i - 1)) || isSmall(key.charCodeAt(i + 1)))) {
      words.push(key.slice(start, i).toLowerCase())
      start = -1
    }
    if (isCapital(code) && start < 0) start = i
    isBehindDigit = code >= 0x30 && code <= 0x39
  }
  return words
}

function isSmall(code: number): boolean {
  return code >= 0x61 && code <= 0x7a
}

function isCapital(code: number): boolean {
  return code >= 0x41 && code <= 0x5a
}

function splitAny(key: string): string[] {
  return (
    key
      .normalize('NFC')
      // Letters behind a digit are of ids and hashes, not of words: "a053cc" is no card.
      .replaceAll(/\d\p{Ll}+/gu, ' ')
      .replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
      .replaceAll(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
      .split(/[^\p{L}\p{M}]+/u)
      .filter((word) => word !== '')
      .map(fold)
  )
}

/** Lower case without accents, so that `Contraseña`, `contrasena` and `CONTRASEÑA` are one word. */
export function fold(word: string): string {
  return word
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .replaceAll(/[łøßđıæœ]/g, (letter) => LETTERS[letter] ?? letter)
    .normalize('NFC')
}

const LETTERS: Readonly<Record<string, string>> = { ł: 'l', ø: 'o', ß: 'ss', đ: 'd', ı: 'i', æ: 'ae', œ: 'oe' }
