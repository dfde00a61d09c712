/** Words that a key may have; more make a sentence. */
const WORDS_MAX = 12

/**
 * The words of a key in lower case and without accents: split where the case changes, and at everything that is no letter.
 * Digits part words and are dropped: `customerCardNumber2` is customer, card, number.
 */
export function splitKey(key: string): string[] {
  const words = key
    .normalize('NFC')
    // Letters behind a digit are of ids and hashes, not of words: "a053cc" is no card.
    .replaceAll(/\d\p{Ll}+/gu, ' ')
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .replaceAll(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .split(/[^\p{L}\p{M}]+/u)
    .filter((word) => word !== '')
  return words.length > WORDS_MAX ? [] : words.map(fold)
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
