import type { Call, Handler, Judge } from '../judge.ts'
import { ANY, isDynamic, mayBeOption, ONE, SPLIT, UNKNOWN } from '../marks.ts'
import { optionTable, scan } from '../options.ts'

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
export const ROOTS_MAX = 8

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
    const word = this.#call.words[at] ?? ''
    const count = TESTS.get(word)
    if (RUNS.has(word)) return this.#run(at)
    return count === undefined ? this.#action(at, word) : this.#test(at, word, count)
  }

  #test(at: number, word: string, count: number): number {
    const { found } = this.#judge
    const values = this.#call.words.slice(at + 1, at + 1 + count)
    for (const value of values) {
      if (/(?:name|path)$/.test(word)) found.mention(value)
      if (word.endsWith('regex') && isSecretPattern(value)) found.unknown('sensitive_path')
      if (value.includes(SPLIT)) found.unknown()
    }
    return at + 1 + count
  }

  #action(at: number, word: string): number {
    const { found } = this.#judge
    const files = WRITES.get(word)
    if (files !== undefined) {
      found.write(this.#call.words[at + 1] ?? UNKNOWN)
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
    const roots = this.#roots.length === 0 ? ['.'] : this.#roots
    if (roots.length > ROOTS_MAX) this.#judge.found.unknown()
    const names = namesIn(this.#call.words)
    return roots.slice(0, ROOTS_MAX).flatMap((root) => {
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

/** Programs that show no content of the files they are given. */
export const SHOWS_NAMES = new Set(['ls', 'stat', 'echo', 'basename', 'dirname', 'du', 'file', 'test', 'wc', 'printf'])

/** Patterns that all files match which `find` chooses; `*` where it chooses others, too. */
export function namesIn(words: readonly string[]): string[] {
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

export const FIND_HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['find', find],
  ['gfind', find],
  ['fd', fd],
  ['fdfind', fd],
])
