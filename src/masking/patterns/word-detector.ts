import { encodeUtf8 } from '../../base/bytes.ts'
import { stringifyJson } from '../../base/json.ts'
import type { Finding, WordDetector } from '../find/finding.ts'
import type { View } from '../find/view.ts'
import { backslashesBefore } from '../keys/text-bytes.ts'
import { endsWord, isEscapeLetter, startsWord, WORD } from '../scan/bytes-tables.ts'

/** Words and phrases that are values themselves, as whole words. */
export function wordDetector(words: readonly string[], of: Pick<Finding, 'entity' | 'score' | 'rule'>): WordDetector {
  const written = [...new Set(words.flatMap(spellings).flatMap(escapedForms))]
  return {
    words: written,
    verify: ({ view, start, end }, sink) => {
      const { bytes } = view
      // A word that begins or ends with a sign is a whole word wherever it stands.
      if (WORD[bytes[start] ?? 0] === 1 && (!startsWord(view, start) || startsInEscape(view, start))) return
      if (WORD[bytes[end - 1] ?? 0] === 1 && !endsWord(view, end)) return
      if (sink.may(of.entity, of.score)) sink.add({ ...of, start, end, by: 'pattern' })
    },
  }
}

/**
 * After an even number of backslashes a word begins with its own letter, as in `CORP\nina`: what somebody forbade is hidden
 * there, though JSON in JSON may mean a line break.
 */
function startsInEscape({ bytes, raw }: View, at: number): boolean {
  return raw && isEscapeLetter(bytes, at) && backslashesBefore(bytes, at) % 2 === 1
}

/** The scan folds the case of ASCII only, so words with other letters are looked for in more than one. */
export function spellings(word: string): readonly string[] {
  const lower = word.toLowerCase()
  const upper = word.toUpperCase()
  const all = [word, lower, upper, titled(lower)].map(foldAscii)
  return [...new Set(all)]
}

function titled(lower: string): string {
  return lower.replaceAll(/(?<!\p{L})\p{L}/gu, (letter) => letter.toUpperCase())
}

function foldAscii(word: string): string {
  return word.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
}

/** As JSON writes it, and JSON in JSON: a quote has a backslash before it there. */
function escapedForms(word: string): readonly string[] {
  const once = stringifyJson(word).slice(1, -1)
  return [word, once, stringifyJson(once).slice(1, -1)]
}

/** One letter stands everywhere. */
export function isTooShort(word: string): boolean {
  return encodeUtf8(word).length < 2
}
