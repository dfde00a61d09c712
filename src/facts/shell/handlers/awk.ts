import type { Handler, Judge } from '../judge.ts'
import { DIGITS, isAnyPath, isStatic } from '../marks.ts'
import { has, optionTable, scan } from '../options.ts'

const OPTIONS = optionTable(
  '-F: -v: -e: -f: -bcPSrnstO -M --field-separator: --assign: --source: --file: --characters-as-bytes --csv --posix --sandbox --re-interval --traditional --lint:?',
)

/** `awk`: a program that neither runs, nor writes, nor looks around is a read; anything else is code. */
export const awk: Handler = (call, judge) => {
  const { found } = judge
  const result = scan(call.words, OPTIONS)
  if (result.strange.length > 0 || result.injectable) found.unknown('unknown_option:awk')
  const sources = result.options.filter(({ name }) => name === '-e' || name === '--source').map(({ value }) => value)
  const hasFile = has(result, '-f', '--file')
  const [first, ...rest] = result.operands
  const files = sources.length > 0 || hasFile ? result.operands : rest
  if (sources.length === 0 && !hasFile) sources.push(first ?? '')
  if (hasFile || !sources.every((source) => isHarmless(source, judge))) found.verb('code')
  else found.verb('read')
  for (const file of files) judgeFile(file, judge)
}

/** An operand is a file, or sets a variable. */
function judgeFile(file: string, { found }: Judge): void {
  if (isAnyPath(file)) found.unknown()
  if (!/^[A-Za-z_]\w*=/.test(file)) found.read(file)
}

/** Names with which a program starts others, reads and writes files, or sees the environment. */
const DANGEROUS = /\bsystem\s*\(|\bgetline\b|\b(?:ENVIRON|SYMTAB|FUNCTAB|ARGV|ARGC|PROCINFO)\b|@\s*\w/

function isHarmless(text: string, { found }: Judge): boolean {
  // A number or a name in it is no code.
  const source = text.replaceAll(DIGITS, '1')
  if (!isStatic(source)) {
    found.flag('dynamic_code')
    return false
  }
  if (/\bENVIRON\b/.test(source)) found.flag('secrets')
  return !DANGEROUS.test(source) && !hasRedirection(source)
}

type TokenKind = 'operand' | 'operator' | 'end' | 'print'

interface Token {
  readonly kind: TokenKind
  readonly text: string
}

/** A longer program is one that nobody reads in a command; its cost grows with the square. */
const CHARACTERS_MAX = 4_096

const PIPES = new Set(['|', '>>', '|&'])

/** `print > file`, `print | command` and `command | getline`; not comparisons and not `||`. */
function hasRedirection(source: string): boolean {
  const tokens = tokensOf(source)
  if (tokens === undefined || tokens.some(({ text }) => PIPES.has(text))) return true
  let depth = 0
  let isPrinting = false
  for (const { kind, text } of tokens) {
    if (kind === 'print') depth = 0
    if (kind === 'print' || kind === 'end') isPrinting = kind === 'print'
    depth += text === '(' ? 1 : text === ')' ? -1 : 0
    if (text === '>' && isPrinting && depth <= 0) return true
  }
  return false
}

const TOKEN =
  /\s+|#[^\n]*|\\\n|"(?:[^"\\\n]|\\[^])*"|[A-Za-z_]\w*|\d[\w.]*|\.\d+|&&|\|\||>>|\|&|[-+*/%^<>=!~]=|\*\*|\+\+|--|[^]/y

/** Undefined where the text cannot be cut into tokens for certain. */
function tokensOf(source: string): Token[] | undefined {
  if (source.length > CHARACTERS_MAX) return undefined
  const tokens: Token[] = []
  let at = 0
  while (at < source.length) {
    const last = tokens.at(-1)
    const text = source[at] === '/' && last?.kind !== 'operand' ? regexAt(source, at) : tokenAt(source, at)
    if (text === undefined || isUncertain(text, last)) return undefined
    at += text.length
    const kind = isContinued(text, last) ? undefined : kindOf(text)
    if (kind !== undefined) tokens.push({ kind, text })
  }
  return tokens
}

function tokenAt(source: string, at: number): string {
  TOKEN.lastIndex = at
  return TOKEN.exec(source)?.[0] ?? source.slice(at)
}

/** A string without an end; or a slash after `)` or `++`, where only the grammar knows whether it divides. */
function isUncertain(text: string, last: Token | undefined): boolean {
  if (text === '"') return true
  return (text === '/' || text === '/=') && /^(?:\)|\+\+|--)$/.test(last?.text ?? '')
}

/** POSIX, awk, grammar, `newline_opt`: a statement goes on in the next line after these; gawk adds the last two. */
const CONTINUES = new Set([',', '&&', '||', '?', ':'])

function isContinued(text: string, last: Token | undefined): boolean {
  return /^\s+$/.test(text) && CONTINUES.has(last?.text ?? '')
}

const KEYWORD = /^(?:if|else|while|for|do|in|return|exit|next|delete|function|func|BEGIN|END|case|default|switch)$/
const OPERAND = /^(?:[\w."]|\)|\]|\+\+|--|\/.)/

/** Undefined for what is between tokens. */
function kindOf(text: string): TokenKind | undefined {
  if (/^(?:\s+|#.*|\\\n)$/.test(text)) return /^\s*\n/.test(text) ? 'end' : undefined
  if (text === 'print' || text === 'printf') return 'print'
  if (/^[;{}]$/.test(text)) return 'end'
  return !KEYWORD.test(text) && OPERAND.test(text) && text !== '/=' ? 'operand' : 'operator'
}

/** A regular expression with its slashes; a slash in brackets does not close in every awk, so it is not decided. */
function regexAt(source: string, start: number): string | undefined {
  const text = /\/(?:\\.|\[\^?\]?(?:\\.|[^\]\\\n])*\]|[^/\\\n[])*\//y
  text.lastIndex = start
  const found = text.exec(source)?.[0]
  const hasSlashInside = /\[[^\]]*\//.test(found?.replaceAll(/\\./g, '').slice(1, -1) ?? '')
  return hasSlashInside ? undefined : found
}
