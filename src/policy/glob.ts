import type { GlobTest } from '../base/name-glob.ts'

/** `*`: any text inside a path segment. `**`: any text. Everything else stands for itself. */
const INSIDE = -1
const ACROSS = -2
const SLASH = 47

/** A glob on a URI: `*` stays inside a path segment, `**` crosses segments. */
export function uriGlob(glob: string): GlobTest {
  const prefix = literalPrefix(glob)
  const rest = glob.slice(prefix.length)
  if (rest === '') return (text) => text === glob
  if (/^\*\*+$/.test(rest)) return (text) => text.startsWith(prefix)
  if (rest === '*') return (text) => text.startsWith(prefix) && !text.includes('/', prefix.length)
  const symbols = uriSymbols(rest)
  return (text) => text.startsWith(prefix) && absorbs(symbols, codes(text.slice(prefix.length)))
}

/** What a glob begins with before its first `*`. */
export function literalPrefix(glob: string): string {
  const star = glob.indexOf('*')
  return star < 0 ? glob : glob.slice(0, star)
}

/** True where everything that fits `narrow` fits `wide` too. May miss such a pair, never invents one. */
export function nameGlobCovers(wide: string, narrow: string): boolean {
  return absorbs(nameSymbols(wide), nameSymbols(narrow))
}

export function uriGlobCovers(wide: string, narrow: string): boolean {
  return absorbs(uriSymbols(wide), uriSymbols(narrow))
}

/**
 * Runs `symbols` over a text, or over another glob, as a set of states: state i means that the first i symbols are
 * used up. A star of the other glob is taken in by a star alone, so what comes out true holds for all it stands for.
 */
function absorbs(symbols: readonly number[], text: readonly number[]): boolean {
  let states = closure(symbols, new Set([0]))
  for (const symbol of text) {
    const next = new Set<number>()
    for (const state of states) step(symbols, { state, symbol }, next)
    if (next.size === 0) return false
    states = closure(symbols, next)
  }
  return states.has(symbols.length)
}

function step(
  symbols: readonly number[],
  { state, symbol }: { state: number; symbol: number },
  next: Set<number>,
): void {
  const own = symbols[state]
  if (own === ACROSS || (own === INSIDE && symbol !== SLASH && symbol !== ACROSS)) next.add(state)
  else if (own === symbol && symbol >= 0) next.add(state + 1)
}

/** A star may also stand for nothing. */
function closure(symbols: readonly number[], states: Set<number>): Set<number> {
  for (const state of states) if ((symbols[state] ?? 0) < 0) states.add(state + 1)
  return states
}

function nameSymbols(glob: string): number[] {
  return codes(glob.replaceAll(/\*+/g, '*')).map((code) => (code === STAR ? ACROSS : code))
}

function uriSymbols(glob: string): number[] {
  const parts = glob.match(/\*+|[^*]/gs) ?? []
  return parts.map((part) => (part[0] === '*' ? (part.length > 1 ? ACROSS : INSIDE) : part.charCodeAt(0)))
}

const STAR = 42

function codes(text: string): number[] {
  return Array.from({ length: text.length }, (_, i) => text.charCodeAt(i))
}
