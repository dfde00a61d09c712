import { badCharacters } from './text.ts'

/** Whether a text, also of JSON with escapes, has characters that a person who reads it does not see. */
export function findHiddenCharacters(text: string): boolean {
  return badCharacters(text) !== undefined || badCharacters(withoutEscapes(text)) !== undefined
}

/** Escapes of JSON undone: `\u200b` is drawn as nothing as much as the character is. */
function withoutEscapes(text: string): string {
  if (!text.includes('\\')) return text
  return text.replaceAll(
    /\\(?:u([0-9a-fA-F]{4})|([\s\S]))/g,
    (_, hex: string | undefined, char: string | undefined) => {
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
      return char !== undefined && '"\\/'.includes(char) ? char : '\n'
    },
  )
}
