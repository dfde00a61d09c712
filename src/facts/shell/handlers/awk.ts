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

interface Token {
  readonly kind: 'operand' | 'operator' | 'end' | 'print'
  readonly text: string
}

/** `print > file`, `print | command` and `command | getline`; not comparisons and not `||`. */
function hasRedirection(source: string): boolean {
  const tokens = tokensOf(source)
  if (tokens === undefined) return true
  let depth = 0
  let isPrinting = false
  for (const { kind, text } of tokens) {
    if (text === '(') depth += 1
    else if (text === ')') depth -= 1
    else if (kind === 'print') {
      isPrinting = true
      depth = 0
    } else if (kind === 'end') isPrinting = false
    if (text === '|' || text === '>>' || text === '|&') return true
    if (text === '>' && isPrinting && depth <= 0) return true
  }
  return false
}

const TOKEN =
  /\s+|#[^\n]*|\\\n|"(?:[^"\\\n]|\\[^])*"|[A-Za-z_]\w*|\d[\w.]*|\.\d+|&&|\|\||>>|\|&|[-+*/%^<>=!~]=|\*\*|\+\+|--|[^]/y

/** Undefined where the text cannot be cut into tokens for certain. */
function tokensOf(source: string): Token[] | undefined {
  const tokens: Token[] = []
  let at = 0
  while (at < source.length) {
    if (source[at] === '/' && !endsOperand(tokens.at(-1))) {
      const end = regexEnd(source, at)
      if (end < 0) return undefined
      at = end
      tokens.push({ kind: 'operand', text: '/' })
      continue
    }
    TOKEN.lastIndex = at
    const text = TOKEN.exec(source)?.[0] ?? ''
    at += text.length
    if (text.startsWith('"') && text.length < 2) return undefined
    // After a parenthesis or `++` it is a division or a pattern, and only the grammar knows.
    if ((text === '/' || text === '/=') && /^(?:\)|\+\+|--)$/.test(tokens.at(-1)?.text ?? '')) return undefined
    const token = tokenOf(text)
    if (token !== undefined) tokens.push(token)
  }
  return tokens
}

function tokenOf(text: string): Token | undefined {
  if (text === '\n' || (text.includes('\n') && /^\s+$/.test(text))) return { kind: 'end', text: ';' }
  if (/^\s+$/.test(text) || text.startsWith('#') || text === '\\\n') return undefined
  if (text === 'print' || text === 'printf') return { kind: 'print', text }
  if (text === ';' || text === '{' || text === '}') return { kind: 'end', text }
  const isKeyword =
    /^(?:if|else|while|for|do|in|return|exit|next|delete|function|func|BEGIN|END|case|default|switch)$/.test(text)
  return {
    kind: !isKeyword && /^(?:[\w."]|\)|\]|\$|\+\+|--)/.test(text) && text !== '$' ? 'operand' : 'operator',
    text,
  }
}

function endsOperand(token: Token | undefined): boolean {
  return token?.kind === 'operand'
}

/** The place after the closing slash; a slash in brackets does not close in every awk, so it is not decided. */
function regexEnd(source: string, start: number): number {
  let inBrackets = false
  for (let i = start + 1; i < source.length; i += 1) {
    const character = source[i]
    if (character === '\n') return -1
    if (character === '\\') i += 1
    else if (character === '[') inBrackets = true
    else if (character === ']') inBrackets = false
    else if (character === '/') return inBrackets ? -1 : i + 1
  }
  return -1
}
