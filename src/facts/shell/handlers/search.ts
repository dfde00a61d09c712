import type { Call, Handler, Judge } from '../judge.ts'
import { ANY, isAnyPath, isDynamic, mayBeOption, ONE, SPLIT, UNKNOWN } from '../marks.ts'
import { has, optionTable, scan, valueOf } from '../options.ts'

/** Tests and actions of `find` that only choose and show, with the number of their words. */
const TESTS: ReadonlyMap<string, number> = new Map(
  [
    '0 -empty -true -false -readable -writable -executable -depth -d -mount -xdev -noleaf -daystart -follow -prune -quit',
    '0 -print -print0 -ls -nouser -nogroup -not -a -o -and -or -warn -nowarn -ignore_readdir_race -noignore_readdir_race',
    '1 -name -iname -path -ipath -wholename -iwholename -regex -iregex -lname -ilname -type -xtype -size -user -group -uid -gid',
    '1 -perm -mtime -atime -ctime -mmin -amin -cmin -newer -anewer -cnewer -maxdepth -mindepth -links -inum -samefile -fstype',
    '1 -regextype -used -printf -context -newermt -newerct -newerat -newermm -newerBt -newermc -newerma -newercm -Bmin -Btime',
  ].flatMap((line) => {
    const [count = '', ...names] = line.split(' ')
    return names.map((name): [string, number] => [name, Number(count)])
  }),
)

/** More than anybody looks for at once. */
const ROOTS_MAX = 8

const RUNS = new Set(['-exec', '-execdir', '-ok', '-okdir'])
const WRITES = new Map([
  ['-fprint', 1],
  ['-fprint0', 1],
  ['-fls', 1],
  ['-fprintf', 2],
])

/** `find` has a language of its own: roots, then tests and actions. */
const find: Handler = (call, judge) => {
  const { found } = judge
  found.verb('read')
  const expression = new FindExpression(call, judge)
  let at = expression.skipOptions()
  while (at < call.words.length) at = expression.step(at)
}

class FindExpression {
  readonly #call: Call
  readonly #judge: Judge
  readonly #roots: string[] = []

  constructor(call: Call, judge: Judge) {
    this.#call = call
    this.#judge = judge
  }

  skipOptions(): number {
    const { words } = this.#call
    let at = words.findIndex((word) => !/^-(?:[HLPEXdsx]+|O[0-3])$/.test(word))
    if (at < 0) at = words.length
    while (at < words.length && !/^[-(),!]/.test(words[at] ?? '')) {
      const root = words[at] ?? ''
      // It may turn out to be an action.
      if (mayBeOption(root) || root.includes(SPLIT)) this.#judge.found.unknown()
      this.#judge.found.read(root, 'name')
      this.#roots.push(root)
      at += 1
    }
    return at
  }

  /** Judges the word at a place; returns the place of the next one. */
  step(at: number): number {
    const { words } = this.#call
    const { found } = this.#judge
    const word = words[at] ?? ''
    const count = TESTS.get(word)
    if (RUNS.has(word)) return this.#run(at)
    if (count !== undefined) {
      if (/name$|path$/.test(word)) found.mention(words[at + 1] ?? '')
      if (/regex$/.test(word) && isSecretPattern(words[at + 1] ?? '')) found.unknown('sensitive_path')
      if (words.slice(at + 1, at + 1 + count).some((value) => value.includes(SPLIT))) found.unknown()
      return at + 1 + count
    }
    const files = WRITES.get(word)
    if (files !== undefined) {
      found.write(words[at + 1] ?? UNKNOWN)
      return at + 1 + files
    }
    if (word === '-delete') {
      found.verb('delete')
      found.flag('find_delete')
    } else if (!['(', ')', '!', ','].includes(word)) found.unknown('unknown_option:find')
    return at + 1
  }

  /** The command up to `;` or `+`; `{}` is a file below the roots. */
  #run(at: number): number {
    const { words } = this.#call
    let end = at + 1
    while (end < words.length && words[end] !== ';' && !(words[end] === '+' && words[end - 1] === '{}')) end += 1
    const inner = words.slice(at + 1, end)
    if (end >= words.length || inner.length === 0) this.#judge.found.unknown()
    for (const file of new Set(this.#files())) {
      const command = inner.map((word) => (word.includes('{}') ? word.replaceAll('{}', file) : word))
      if (command.length > 0) this.#judge.run(command, { via: `find ${words[at] ?? ''}` })
    }
    return end + 1
  }

  #files(): string[] {
    const roots = this.#roots.length === 0 ? ['.'] : this.#roots.slice(0, ROOTS_MAX)
    const names = namesIn(this.#call.words)
    return roots.flatMap((root) => {
      if (isDynamic(root)) return [UNKNOWN]
      const use = this.#isFilesRead() ? 'tree' : 'name'
      if (names.includes(ANY)) this.#judge.found.read(root, use)
      return names.map((name) => `${root.replace(/\/$/, '')}/${name}`)
    })
  }

  /** Below `/etc` or a home, a command without a name to look for gets everything. */
  #isFilesRead(): boolean {
    const { words } = this.#call
    const at = words.findIndex((word) => RUNS.has(word))
    return !SHOWS_NAMES.has(words[at + 1] ?? '')
  }
}

const FD = optionTable(
  '-HIsigaluLp0Fq1 -d: -t: -e: -E: -S: -o: -c: -j: -x -X --hidden --no-ignore --case-sensitive --ignore-case --glob --absolute-path --list-details --follow --full-path --print0 --max-depth: --min-depth: --exact-depth: --type: --extension: --exclude: --size: --changed-within: --changed-before: --owner: --color: --threads: --max-results: --fixed-strings --quiet --no-ignore-vcs --unrestricted --regex --exec --exec-batch',
)

const fd: Handler = (call, judge) => {
  const { words, program } = call
  judge.found.verb('read')
  const at = words.findIndex((word) => /^(?:-[a-zA-Z0]*[xX]|--exec|--exec-batch)$/.test(word))
  const result = scan(at < 0 ? words : words.slice(0, at), FD)
  if (result.strange.length > 0 || result.injectable) judge.found.unknown('unknown_option:fd')
  if (words.some((word) => /^--exec(?:-batch)?=/.test(word))) judge.found.unknown()
  for (const root of result.operands.slice(1)) judge.found.read(root, 'name')
  if (at < 0) return
  const end = words.indexOf(';', at)
  const inner = words.slice(at + 1, end < 0 ? undefined : end)
  const hasPlace = inner.some((word) => /\{[./]*\}/.test(word))
  if (inner.length === 0) return judge.found.unknown()
  judge.run([...inner.map((word) => word.replaceAll(/\{[./]*\}/g, UNKNOWN)), ...(hasPlace ? [] : [UNKNOWN])], {
    via: program,
  })
}

const XARGS = optionTable(
  '-0rtxo -I: -i:? -n: -P: -L: -l:? -d: -s: -a:r -E: -e:? -J: -R: --null --no-run-if-empty --verbose --exit --max-args: --max-procs: --max-lines:? --replace:? --delimiter: --max-chars: --arg-file:r --eof:? --show-limits --open-tty',
)

/** `xargs` adds words that it reads to a command; where those words come from says what they may be. */
const xargs: Handler = (call, judge) => {
  const { found } = judge
  found.flag('xargs')
  const result = scan(call.words, XARGS, { stopAtOperand: true })
  // `-p` asks, but nobody answers; everything else that is not on the list is unknown.
  if (result.strange.length > 0 || result.injectable) found.unknown('unknown_option:xargs')
  const list = valueOf(result, '-a', '--arg-file')
  if (list !== undefined) found.read(list)
  if (list !== undefined && isAnyPath(list)) found.unknown()
  const command = call.words.slice(result.end)
  const inner = command.length === 0 ? ['echo'] : command
  const place = has(result, '-I', '-i', '--replace', '-J')
    ? valueOf(result, '-I', '-i', '--replace', '-J') || '{}'
    : undefined
  const added = has(result, '-a', '--arg-file') ? [SPLIT] : addedWords(call)
  const one = added.length === 1 ? (added[0] ?? UNKNOWN).replaceAll(SPLIT, UNKNOWN) : UNKNOWN
  if (isEveryFile(call) && !SHOWS_NAMES.has(inner[0] ?? '')) found.read(folderOf(call.input.producer ?? []), 'tree')
  const words = place === undefined ? [...inner, ...added] : inner.map((word) => word.replaceAll(place, one))
  judge.run(words, { via: 'xargs' })
}

/** The words that the left side of the pipe prints, as far as that can be known. */
function addedWords({ input }: Call): string[] {
  const { text, producer } = input
  if (text !== undefined && !/["'\\]/.test(text)) {
    return text
      .replaceAll(UNKNOWN, SPLIT)
      .split(/\s+/)
      .filter((word) => word !== '')
  }
  const [program = '', ...words] = producer ?? []
  switch (program) {
    // Each path begins with its root.
    case 'find':
      return words.some((word) => /^-(?:printf|exec|ok)/.test(word))
        ? [SPLIT]
        : namesIn(words).map((name) => `${folderOf(producer ?? []).replace(/\/$/, '')}/${name}`)
    // Names in the present folder: a leading dash is as unlikely as in `*`.
    case 'ls':
      return words.every((word) => /^-[1artSA]+$/.test(word) || /^[\w.]/.test(word) || word.startsWith(ANY))
        ? [ANY]
        : [SPLIT]
    case 'git':
      return words[0] === 'ls-files' || (words[0] === 'diff' && words.includes('--name-only')) ? [ANY] : [SPLIT]
    case 'grep':
    case 'rg':
    case 'egrep':
      return words.some((word) => /^-[a-zA-Z]*l[a-zA-Z]*$|^--files-with-matches$/.test(word)) ? [ANY] : [SPLIT]
    case 'pgrep':
    case 'pidof':
      return ['\u0005']
    default:
      return [SPLIT]
  }
}

function folderOf([, ...words]: readonly string[]): string {
  return words.find((word) => /^[\w./~]/.test(word)) ?? '.'
}

/** `find` without a name to look for prints everything there is. */
function isEveryFile({ input: { producer } }: Call): boolean {
  return producer?.[0] === 'find' && namesIn(producer).includes(ANY)
}

const SHOWS_NAMES = new Set(['ls', 'stat', 'echo', 'basename', 'dirname', 'du', 'file', 'test', 'wc', 'printf'])

/** Patterns that all files match which `find` chooses; `*` where it chooses others, too. */
function namesIn(words: readonly string[]): string[] {
  const names: string[] = []
  for (const [i, word] of words.entries()) {
    // Behind a negation or an alternative, a name says nothing about the other files.
    if (['!', '-not', '-o', '-or', ','].includes(word)) names.push(ANY)
    if (/^-i?(?:name|path|wholename)$|^-samefile$/.test(word) && names.length < ROOTS_MAX)
      names.push(words[i + 1] ?? ANY)
  }
  const patterns = names.map((name) => name.replaceAll('*', ANY).replaceAll(/\?|\[[^\]]*\]|\[/g, ONE))
  return patterns.length === 0 ? [ANY] : [...new Set(patterns)]
}

/** Whether a regular expression for paths looks for keys. */
function isSecretPattern(pattern: string): boolean {
  return /id_|\\?\.(?:ssh|aws|env|pem|key|kube|gnupg|netrc|pgpass)|shadow|secret|credential|history/.test(pattern)
}

export const SEARCH_HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['find', find],
  ['gfind', find],
  ['fd', fd],
  ['fdfind', fd],
  ['xargs', xargs],
  ['gxargs', xargs],
])
