/** One thing wrong in a file that people write: where, what, and what to do. Lines and columns count from 1. */
export interface Mistake {
  readonly file: string
  readonly line: number
  readonly column: number
  /** What is wrong, one sentence without a full stop. */
  readonly message: string
  /** What to do about it. */
  readonly hint?: string | undefined
  /** The line itself; undefined where it could hold a secret or there is none. */
  readonly lineText?: string | undefined
}

/** The name that was probably meant, or undefined where nothing is near. */
export function nearest(word: string, names: Iterable<string>): string | undefined {
  let best: string | undefined
  let bestDistance = Math.max(2, Math.floor(word.length / 3)) + 1
  for (const name of names) {
    const d = distance(word.toLowerCase(), name.toLowerCase(), bestDistance)
    if (d < bestDistance) {
      best = name
      bestDistance = d
    }
  }
  return best
}

/** “did you mean …”, or the names there are, or nothing. */
export function suggest(word: string, names: Iterable<string>): string | undefined {
  const known = [...names]
  const near = nearest(word, known)
  if (near !== undefined) return `did you mean "${near}"?`
  if (known.length === 0) return undefined
  const shown = known.slice(0, NAMES_SHOWN_MAX)
  return `known here: ${shown.join(', ')}${known.length > shown.length ? ', …' : ''}`
}

/** More names than this are a wall of text, not a hint. */
const NAMES_SHOWN_MAX = 20

/** Levenshtein, given up once it cannot be below `limit`. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const swap = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      row.push(Math.min(swap, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1))
    }
    if (Math.min(...row) >= limit) return limit
    previous = row
  }
  return previous[b.length] ?? limit
}
