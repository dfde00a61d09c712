import type { Command, ParsedScript, Word } from 'unbash'
import { namesIn } from './handlers/find.ts'
import { ANY, DIGITS, mayBeOption, ONE } from './marks.ts'

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
    const text = word.type === 'Word' ? textOf(word) : undefined
    if (text === undefined) return undefined
    words.push(text)
  }
  return SHAPES.get(command.name.text)?.(words)
}

/** Text, plain or quoted, and patterns; undefined where anything is expanded. */
function textOf({ parts, value }: Word): string | undefined {
  if (parts === undefined) return value
  let text = ''
  for (const part of parts) {
    if (part.type === 'Glob') text += part.kind === 'star' ? ANY : ONE
    else if (part.type === 'Literal' || part.type === 'SingleQuoted') text += part.value
    else if (part.type === 'DoubleQuoted' && part.parts.every(({ type }) => type === 'Literal')) {
      text += part.parts.map((child) => (child.type === 'Literal' ? child.value : '')).join('')
    } else return undefined
  }
  return text
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
  ['git', gitShape],
  ['find', foundShape],
  ['ls', listedShape],
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

const GIT_NAMES =
  /^(?:rev-parse (?:--short )?HEAD|rev-parse --abbrev-ref HEAD|branch --show-current|describe --tags(?: --abbrev=0)?)$/

function gitShape(words: readonly string[]): string | undefined {
  const text = words.join(' ')
  if (text === 'rev-parse --show-toplevel') return '.'
  if (GIT_NAMES.test(text)) return DIGITS
  return text === 'ls-files' || text === 'diff --name-only' ? ANY : undefined
}

/** Paths below a folder of this one, by one name; like `*`, as a rule they do not begin with a dash. */
function foundShape([root = '', ...words]: readonly string[]): string | undefined {
  if (
    !/^(?!.*\.\.)[\w.][\w./-]*$/.test(root) ||
    words.some((word) => /^-(?:printf|exec|ok|fprint|fls|delete|files0)/.test(word))
  )
    return undefined
  const names = namesIn(words)
  return names.length === 1 ? `${root.replace(/\/$/, '')}/${names[0] ?? ANY}` : undefined
}

function listedShape(words: readonly string[]): string | undefined {
  const operands = words.filter((word) => !/^-[1artSd]+$/.test(word))
  const [only] = operands
  if (operands.length > 1 || only?.includes('/') === true || mayBeOption(only ?? '')) return undefined
  // A folder is listed, a file is named.
  return only?.includes(ANY) === true ? only : only === undefined ? ANY : undefined
}
