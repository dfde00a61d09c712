// Reads TypeScript as far as the tidy tests need it: what is code, what is a comment, what is imported. No parser: the
// compiler of this version has no stable interface, and a scanner of one page can be read and tested whole.

/** Stands for a module whose name is put together at run time. */
export const COMPUTED = '(computed)'

type Part = 'code' | 'comment' | 'string'

/** After these a slash begins a regular expression, elsewhere it divides. */
const BEFORE_REGEX =
  /(?:^|[(,=:[!&|?{};+\-*%<>~^\n]|\b(?:return|typeof|case|in|of|do|else|void|delete|await|yield))\s*$/

/** The text with comments blanked, and with `strings: 'blank'` also what stands between quotes; lines stay where they are. */
export function codeOf(text: string, options: { readonly strings: 'keep' | 'blank' }): string {
  return partsOf(text)
    .map(({ part, text: piece }) =>
      part === 'comment' || (part === 'string' && options.strings === 'blank') ? blank(piece, part) : piece,
    )
    .join('')
}

/** Lines that are neither blank nor comment. */
export function codeLinesOf(text: string): number {
  return codeOf(text, { strings: 'keep' })
    .split('\n')
    .filter((line) => line.trim() !== '').length
}

/** Everything the text loads or names as a module: value and type imports, re-exports, `import()`, files of workers. */
export function importsOf(text: string): string[] {
  const code = codeOf(text, { strings: 'keep' })
  const forms = [
    /^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/gm,
    /^\s*import\s*['"]([^'"]+)['"]/gm,
    /\bimport\s*\(\s*['"`]([^'"`$]+)['"`]/g,
    /\bnew URL\(\s*['"`](\.[^'"`$]*\.[jt]s)['"`]\s*,\s*import\.meta\.url/g,
  ]
  const named = forms.flatMap((form) => [...code.matchAll(form)].map(([, to = '']) => to))
  // A name that is put together at run time cannot be judged here, so it is no name of any folder.
  const computed = [...code.matchAll(/\bimport\s*\(\s*(?!['"`][^'"`$]+['"`])/g)].map(() => COMPUTED)
  return [...named, ...computed]
}

function blank(piece: string, part: Part): string {
  const inner = part === 'string' ? piece.slice(1, -1).replaceAll(/[^\n]/g, ' ') : piece.replaceAll(/[^\n]/g, ' ')
  return part === 'string' ? `${piece[0]}${inner}${piece[0]}` : inner
}

interface Piece {
  readonly part: Part
  readonly text: string
}

function partsOf(text: string): Piece[] {
  const pieces: Piece[] = []
  let codeFrom = 0
  let at = 0
  while (at < text.length) {
    const found = pieceAt(text, at, codeFrom)
    if (found === undefined) {
      at += 1
      continue
    }
    pieces.push({ part: 'code', text: text.slice(codeFrom, at) }, found)
    at += found.text.length
    codeFrom = at
  }
  pieces.push({ part: 'code', text: text.slice(codeFrom) })
  return pieces
}

function pieceAt(text: string, at: number, codeFrom: number): Piece | undefined {
  const sticky = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    return pattern.exec(text)?.[0]
  }
  const comment = sticky(/\/\/[^\n]*|\/\*[^]*?\*\/|^#![^\n]*/y)
  if (comment !== undefined) return { part: 'comment', text: comment }
  const quoted = sticky(/'(?:[^'\\\n]|\\[^])*'|"(?:[^"\\\n]|\\[^])*"/y)
  if (quoted !== undefined) return { part: 'string', text: quoted }
  // Templates hold code, so they count as code, whole: a comment sign in one is not a comment.
  const template = sticky(/`(?:[^`\\]|\\[^])*`/y)
  if (template !== undefined) return { part: 'code', text: template }
  if (!BEFORE_REGEX.test(text.slice(Math.max(codeFrom, at - 12), at))) return undefined
  const regex = sticky(/\/(?![/*])(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[dgimsuvy]*/y)
  return regex === undefined ? undefined : { part: 'code', text: regex }
}
