import type { Call, Handler, Judge } from '../judge.ts'
import { ANY, DIGITS, isAnyPath, mayBeOption, SPLIT, UNKNOWN, unquoted } from '../marks.ts'
import { has, optionTable, scan, valueOf, type OptionTable, type Scan } from '../options.ts'
import { namesIn, ROOTS_MAX, SHOWS_NAMES } from './find.ts'

const XARGS = optionTable(
  '-0rtxo -I: -i:? -n: -P: -L: -l:? -d: -s: -a:r -E: -e:? -J: -R: --null --no-run-if-empty --verbose --exit --max-args: --max-procs: --max-lines:? --replace:? --delimiter: --max-chars: --arg-file:r --eof:? --show-limits --open-tty',
)

/** `xargs` adds words that it reads to a command; where those words come from says what they may be. */
export const xargs: Handler = (call, judge) => {
  const { found } = judge
  found.flag('xargs')
  const result = scan(call.words, XARGS, { stopAtOperand: true })
  // `-p` asks, but nobody answers; everything else that is not on the list is unknown.
  if (result.strange.length > 0 || result.injectable) found.unknown('unknown_option:xargs')
  const command = call.words.slice(result.end)
  const inner = command.length === 0 ? ['echo'] : command
  const added = addedWords(result, call, judge)
  const roots = everyFileBelow(call.input.producer ?? [])
  if (!SHOWS_NAMES.has(inner[0] ?? '')) for (const root of roots) found.read(root, 'tree')
  judge.run(placed(inner, added, result), { via: 'xargs' })
}

/** Behind the words of the command, or with `-I` in the place of a word. */
function placed(inner: readonly string[], added: readonly string[], result: Scan): string[] {
  const options = ['-I', '-i', '--replace', '-J']
  if (!has(result, ...options)) return [...inner, ...added]
  const place = valueOf(result, ...options) ?? ''
  const one = added.length === 1 ? (added[0] ?? UNKNOWN).replaceAll(SPLIT, UNKNOWN) : UNKNOWN
  return inner.map((word) => word.replaceAll(place === '' ? '{}' : place, one))
}

function addedWords(result: Scan, { input }: Call, { found }: Judge): string[] {
  const list = valueOf(result, '-a', '--arg-file')
  if (list !== undefined) {
    if (isAnyPath(list)) found.unknown()
    found.read(list)
    return [SPLIT]
  }
  const { text, producer } = input
  if (text !== undefined && !/["'\\]/.test(text))
    return unquoted(text)
      .split(/\s+/)
      .filter((word) => word !== '')
  const [program = '', ...words] = producer ?? []
  return PRINTED.get(program)?.(words) ?? [SPLIT]
}

// An option that is not on these lists may choose the format, a delimiter or a label: then a path begins with anything.
const GIT_PATHS = optionTable(
  '-zcomdku --name-only --diff-filter: --cached --staged --others --modified --deleted --exclude-standard --full-name',
)
const GREP_PATHS = optionTable(
  '-lrRiswxEFGPIZzaHn -e: -f: -m: --files-with-matches --null --recursive --ignore-case --fixed-strings --extended-regexp --word-regexp --include: --exclude: --exclude-dir: --no-messages',
)
// `-r` is another option here.
const RG_PATHS = optionTable(
  '-liswxFPaHuSUn0. -e: -f: -g: -t: -T: -m: --files-with-matches --files --null --ignore-case --fixed-strings --word-regexp --glob: --iglob: --type: --type-not: --hidden --no-ignore --no-messages --smart-case',
)
const PGREP_NUMBERS = optionTable(
  '-fxnoivc -u: -U: -P: -g: -G: -t: --full --exact --newest --oldest --parent: --euid: --uid:',
)
const PIDOF_NUMBERS = optionTable('-scxq')

/** The words that a program prints, as far as they can be known; undefined where they may be anything. */
type Printed = (words: readonly string[]) => string[] | undefined

const PRINTED: ReadonlyMap<string, Printed> = new Map<string, Printed>([
  ['find', foundPaths],
  ['ls', listedNames],
  ['git', trackedPaths],
  ['grep', matchingPaths(GREP_PATHS)],
  ['egrep', matchingPaths(GREP_PATHS)],
  ['rg', matchingPaths(RG_PATHS)],
  ['pgrep', processNumbers(PGREP_NUMBERS)],
  ['pidof', processNumbers(PIDOF_NUMBERS)],
])

/** Each path begins with its root. */
function foundPaths(words: readonly string[]): string[] | undefined {
  if (words.some((word) => /^-(?:printf|exec|ok)/.test(word))) return undefined
  return rootsIn(words).flatMap((root) => namesIn(words).map((name) => `${root.replace(/\/$/, '')}/${name}`))
}

/** Names in the present folder: a leading dash is as unlikely as in `*`. */
function listedNames(words: readonly string[]): string[] | undefined {
  const operands = words.filter((word) => !/^-[1artSA]+$/.test(word))
  return operands.some((word) => word.includes('/') || mayBeOption(word)) ? undefined : [ANY, ...operands]
}

function trackedPaths([action = '', ...words]: readonly string[]): string[] | undefined {
  const result = scan(words, GIT_PATHS)
  if (result.strange.length > 0 || result.injectable) return undefined
  if (action !== 'ls-files' && !(action === 'diff' && has(result, '--name-only'))) return undefined
  return [ANY, ...result.operands.map((word) => word.replaceAll('*', ANY))]
}

function matchingPaths(table: OptionTable): Printed {
  return (words) => {
    const result = scan(words, table)
    if (result.strange.length > 0 || result.injectable) return undefined
    return has(result, '-l', '--files-with-matches', '--files') ? [ANY] : undefined
  }
}

function processNumbers(table: OptionTable): Printed {
  return (words) => {
    const result = scan(words, table)
    return result.strange.length > 0 || result.injectable ? undefined : [DIGITS]
  }
}

/** Roots of a `find` without a name to look for: it prints everything there is. */
function everyFileBelow([program, ...words]: readonly string[]): string[] {
  return program === 'find' && namesIn(words).includes(ANY) ? rootsIn(words) : []
}

function rootsIn(words: readonly string[]): string[] {
  const rest = words.slice(
    Math.max(
      0,
      words.findIndex((word) => !/^-[HLPEXdsxO]/.test(word)),
    ),
  )
  const end = rest.findIndex((word) => /^[-(!,]/.test(word))
  const roots = rest.slice(0, end < 0 ? undefined : end)
  return roots.length === 0 ? ['.'] : roots.slice(0, ROOTS_MAX)
}
