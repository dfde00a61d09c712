// Masking as one would write it in an afternoon: parse, walk, and try every pattern on every text. It is slow and sees no
// encodings, and what it finds, the real engine must find too. They share nothing.
import { PATTERNS, SECRET_KEYS } from './reference-patterns.ts'

export interface ReferenceFind {
  readonly kind: string
  readonly value: string
  /** Keys and indexes that lead to its leaf; `#` steps into JSON in a text. */
  readonly path: readonly string[]
}

/** JSON in JSON in JSON in JSON is text. */
const LEVELS_MAX = 3

export function referenceFinds(json: string): ReferenceFind[] {
  const finds: ReferenceFind[] = []
  walk(JSON.parse(json), { path: [], level: 0, finds })
  return finds
}

interface Walk {
  readonly path: readonly string[]
  readonly level: number
  readonly finds: ReferenceFind[]
}

function walk(value: unknown, at: Walk): void {
  if (typeof value === 'string') {
    const inner = at.level < LEVELS_MAX ? documentIn(value) : undefined
    if (inner === undefined) findIn(value, at)
    else walk(inner, { ...at, path: [...at.path, '#'], level: at.level + 1 })
    return
  }
  if (typeof value === 'number') return findIn(String(value), at)
  if (typeof value !== 'object' || value === null) return
  for (const [key, one] of Object.entries(value)) {
    const below = { ...at, path: [...at.path, key] }
    if (SECRET_KEYS.test(key) && typeof one === 'string' && one !== '')
      at.finds.push({ kind: 'secret of a key', value: one, path: below.path })
    else walk(one, below)
  }
}

/** Undefined where a text is no JSON document. */
export function documentIn(text: string): unknown {
  if (!/^\s*[{[]/.test(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function findIn(text: string, { path, finds }: Walk): void {
  for (const { kind, pattern, isOne } of PATTERNS)
    for (const match of text.matchAll(pattern)) {
      const value = match.groups?.['value'] ?? match[0]
      if (isOne(value)) finds.push({ kind, value, path })
    }
}

/** The text of the leaf that a path leads to; undefined where there is none any more, or a document that was hidden whole. */
export function leafAt(json: string, path: readonly string[]): string | undefined {
  let value: unknown = JSON.parse(json)
  for (const step of path) {
    if (step === '#') value = typeof value === 'string' ? documentIn(value) : undefined
    else
      value =
        typeof value === 'object' && value !== null
          ? Object.entries(value).find(([key]) => key === step)?.[1]
          : undefined
  }
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}
