import type { Input } from './judge.ts'
import { isStatic, mayBeOption } from './marks.ts'
import type { Judged } from './simple.ts'

/** What a command on the left of a pipe gives to the one on its right, as far as it stands in the script. */
export function outputOf({ words, input }: Judged): Input {
  const producer = isFilter(words) ? (input.producer ?? words) : words
  return { isPiped: true, text: textOf(words, input), producer }
}

/** It passes on some of the lines that come in, or all in another order. */
function isFilter([program = '', ...words]: readonly string[]): boolean {
  if (FILTERS.has(program)) return words.every((word) => /^-[\w=]*$|^\d+$/.test(word))
  const operands = words.filter((word) => !/^-[ivEFwx]+$/.test(word))
  return program === 'grep' && operands.length === 1 && !mayBeOption(operands[0] ?? '')
}

const FILTERS = new Set(['head', 'tail', 'sort', 'uniq', 'shuf', 'tac'])

function textOf([program, ...words]: readonly string[], input: Input): string | undefined {
  switch (program) {
    case 'echo':
      return echoed(words)
    case 'printf':
      return formatted(words)
    case 'cat':
      return words.every((word) => word === '-') ? input.text : undefined
    case undefined:
    default:
      return undefined
  }
}

function echoed(words: readonly string[]): string | undefined {
  const from = words.findIndex((word) => !/^-[neE]+$/.test(word))
  const text = `${words.slice(from < 0 ? words.length : from).join(' ')}\n`
  // Some shells read escapes without being asked.
  return text.includes('\\') ? undefined : text
}

function formatted([format = '', ...words]: readonly string[]): string | undefined {
  if (!isStatic(format)) return undefined
  const text = format.replaceAll(String.raw`\n`, '\n')
  if (text.includes('\\')) return undefined
  if (!text.includes('%')) return text
  return /^%s\n?$/.test(text) ? words.join('\n') : undefined
}
