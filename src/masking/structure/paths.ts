import type { Located } from './locate.ts'
import { foldCase, parsePath, type Mistaken } from './path-segments.ts'
import { isEnd, statesAtMessage, stepDown, stepInto, type Steps, stepsOf } from './path-steps.ts'
import type { Structure } from './structure.ts'
import type { Token } from './tokens.ts'

/** Which values a rule is about: `*.password_hash`, `result.structuredContent.rows[*].ssn`, `**#**.iban`. */
export type PathPattern = Steps

/**
 * Reads a pattern; `mistake` is a sentence for whoever wrote it.
 *
 * `a` and `["a.b"]` are keys, `[3]` and `[*]` places in arrays, `*` is any one step or a part of a key, `**` any steps or
 * none, `#` leads into JSON in a text. A path begins at the message where it begins with `$`, `result`, `params` or `error`,
 * and anywhere else: `x` and `*.x` are short for `**.x`.
 *
 * What is to be hidden is rather found too often than not at all: ASCII letters match in either case, and `**` leads into
 * JSON in texts too. A path that allows something asks for `isExact`, and gets neither.
 */
export function compilePath(text: string, { isExact = false }: { isExact?: boolean } = {}): PathPattern | Mistaken {
  const parsed = parsePath(text, isExact)
  return 'mistake' in parsed ? parsed : stepsOf(parsed.segments, isExact)
}

/**
 * Whether the pattern names this very value. A rule hides the whole of it with everything below, which `coversPath` asks
 * for. A key is never named; its value is.
 */
export function matchesPath(pattern: PathPattern, structure: Structure, token: Token): boolean {
  return (
    structure.kind(token) !== 'key' &&
    isEnd(
      pattern,
      statesAt(pattern, { structure, token }, () => undefined),
    )
  )
}

/** Whether the pattern names this value, or one that it stands in, be it a text that holds its document. */
export function coversPath(pattern: PathPattern, structure: Structure, token: Token): boolean {
  let isCovered = false
  const last = statesAt(pattern, { structure, token }, (states) => {
    isCovered ||= isEnd(pattern, states)
  })
  return structure.kind(token) !== 'key' && (isCovered || isEnd(pattern, last))
}

/**
 * Reports every value that one of the patterns names, with the place of the pattern in the list: those of the message in the
 * order of their bytes, then those of documents inside its texts. One pass, however deep they are.
 */
export function findPaths(
  patterns: readonly PathPattern[],
  message: Structure,
  onMatch: (value: Located, pattern: number) => void,
): void {
  const queue = [{ document: message, atRoot: patterns.map(statesAtMessage) }]
  for (const { document, atRoot } of queue) {
    const states = patterns.map((pattern, i) => statesOf(pattern, document, atRoot[i] ?? 0))
    for (let token = 0; token < document.length; token += 1) {
      if (document.kind(token) === 'key') continue
      for (const [i, pattern] of patterns.entries())
        if (isEnd(pattern, states[i]?.[token] ?? 0)) onMatch({ structure: document, token }, i)
      const inner = document.inner(token)
      if (inner === undefined) continue
      queue.push({ document: inner, atRoot: patterns.map((pattern, i) => stepInto(pattern, states[i]?.[token] ?? 0)) })
    }
  }
}

/** The states at every token of a document; at keys there are none. */
function statesOf(pattern: PathPattern, document: Structure, atRoot: number): Int32Array {
  const states = new Int32Array(document.length)
  states[0] = atRoot
  for (let token = 1; token < document.length; token += 1) {
    const above = states[document.parent(token)] ?? 0
    if (above !== 0 && document.kind(token) !== 'key') states[token] = stepDown(pattern, above, document, token)
  }
  return states
}

/**
 * A piece of the last key that has one, in small ASCII letters: it stands in the bytes of every message with such a value,
 * unless the key is written with escapes that it does not need. Undefined: any message may have such a value.
 */
export function lastLiteral({ segments }: PathPattern): string | undefined {
  for (const segment of segments.toReversed()) {
    const literal = segment.kind === 'key' ? longestPlain(segment.pieces) : undefined
    if (literal !== undefined) return literal
  }
  return undefined
}

/** Quotes, slashes, signs of HTML and all that is not ASCII may be written as escapes; what is between them is not. */
function longestPlain(pieces: readonly string[]): string | undefined {
  const plain = pieces.flatMap((piece) => piece.split(/[^ \w.,:;!?@#$%()*=[\]{}|~^-]+/))
  const longest = plain.reduce((best, piece) => (piece.length > best.length ? piece : best), '')
  return longest.length < LITERAL_BYTES_MIN ? undefined : foldCase(longest)
}

/** One letter stands everywhere. */
const LITERAL_BYTES_MIN = 2

/** The states at a value. `onStep` hears of those at everything that it stands in. */
function statesAt(pattern: PathPattern, value: Located, onStep: (states: number) => void): number {
  let states = statesAtMessage(pattern)
  for (const step of stepsTo(value)) {
    onStep(states)
    states = step.token === 0 ? stepInto(pattern, states) : stepDown(pattern, states, step.structure, step.token)
  }
  return states
}

/** All values from the message down to one, the message left out. The first of a document is the document itself. */
function stepsTo(value: Located): readonly Located[] {
  const steps: Located[] = []
  let at: Located | undefined = value
  while (at !== undefined) {
    const { structure }: Located = at
    for (let { token }: Located = at; token > 0; token = structure.parent(token)) steps.push({ structure, token })
    if (structure.outer !== undefined) steps.push({ structure, token: 0 })
    at = structure.outer
  }
  return steps.toReversed()
}
