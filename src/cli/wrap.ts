/** Lines of at most so many characters; only a longer word makes a longer line. */
function wrap(text: string, chars: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last === undefined || last.length + 1 + word.length > chars) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}

/** A text beside what stands in front of it, its further lines under the first, all together as wide as an old terminal. */
export function beside(front: string, text: string): string[] {
  const [first = '', ...rest] = wrap(text, Math.max(LINE_CHARS - front.length, TEXT_CHARS_MIN))
  return [`${front}${first}`, ...rest.map((line) => `${' '.repeat(front.length)}${line}`)]
}

export const LINE_CHARS = 80
/** Narrower, and there is a word on each line. */
const TEXT_CHARS_MIN = 30
