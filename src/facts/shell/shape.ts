import type { Command, ParsedScript } from 'unbash'
import { DIGITS } from './marks.ts'

/**
 * What a command substitution prints, as far as it matters whether that may be an option or a path: `$(date +%F)` begins
 * with a digit, `$(pwd)` is a folder. Undefined for everything else. The commands themselves are judged elsewhere.
 */
export function shapeOf(script: ParsedScript | undefined): string | undefined {
  const command = onlyCommand(script)
  if (command?.name === undefined || command.prefix.length > 0) return undefined
  const words: string[] = []
  for (const word of command.suffix) {
    if (word.type === 'Redirect') continue
    if (word.type !== 'Word' || word.parts?.some(({ type }) => !isQuoteOrText(type)) === true) return undefined
    words.push(word.value)
  }
  return SHAPES.get(command.name.text)?.(words)
}

function isQuoteOrText(type: string): boolean {
  return type === 'Literal' || type === 'SingleQuoted'
}

function onlyCommand(script: ParsedScript | undefined): Command | undefined {
  const statement = script?.commands[0]
  if (statement === undefined || script?.commands.length !== 1) return undefined
  const { command } = statement
  if (command.type === 'Command') return command
  // What `| wc -l` prints is a number, whatever went in.
  const last = command.type === 'Pipeline' ? command.commands.at(-1) : undefined
  return last?.type === 'Command' && COUNTERS.has(last.name?.text ?? '') ? last : undefined
}

/** Begins with something that is no dash, and has no space in it (`%n` is a newline). */
const DATE_FORMAT = /^\+%[YmdHMSsFTjyDuUVabBAeIp](?:(?!%[nt])[%\w:./+-])*$/

const COUNTERS = new Set(['wc', 'grep'])

type Shape = (words: readonly string[]) => string | undefined

const without =
  (text: string): Shape =>
  (words) =>
    words.length === 0 ? text : undefined

const SHAPES: ReadonlyMap<string, Shape> = new Map<string, Shape>([
  ['pwd', () => '.'],
  ['whoami', without(DIGITS)],
  ['hostname', (words) => (words.every((word) => /^-[fs]$/.test(word)) ? DIGITS : undefined)],
  ['nproc', () => DIGITS],
  ['arch', without(DIGITS)],
  ['uname', (words) => (words.every((word) => /^-[asnrmpio]+$/.test(word)) ? DIGITS : undefined)],
  ['id', (words) => (words.length === 1 && /^-[ugG]$/.test(words[0] ?? '') ? DIGITS : undefined)],
  ['date', (words) => (words.some((word) => DATE_FORMAT.test(word)) ? DIGITS : undefined)],
  ['seq', (words) => (words.every((word) => /^\d+$/.test(word)) ? DIGITS : undefined)],
  ['wc', (words) => (words.length > 0 && words.every((word) => /^-[lwcm]$/.test(word)) ? DIGITS : undefined)],
  ['grep', (words) => (isCount(words) ? DIGITS : undefined)],
  ['which', (words) => toolPath(words[0], words.length)],
  ['command', (words) => (words[0] === '-v' ? toolPath(words[1], words.length - 1) : undefined)],
])

function toolPath(name: string | undefined, count: number): string | undefined {
  return count === 1 && name !== undefined && /^\w[\w.+-]*$/.test(name) ? `/usr/bin/${name}` : undefined
}

/** `grep -c pattern file`: with several files, their names are printed too. */
function isCount(words: readonly string[]): boolean {
  const operands = words.filter((word) => !word.startsWith('-'))
  return operands.length <= 2 && words.some((word) => /^-[iwxvEF]*c[iwxvEF]*$/.test(word))
}
