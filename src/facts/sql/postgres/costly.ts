import { isObject, type JsonObject } from '../../../base/json.ts'
import { list, text } from './tree.ts'

/**
 * The lexer reads a run of operator characters once more for each `/*` or sign in it: 64 KB of `/*` took 5 s. Rulers in
 * comments are far shorter than this.
 */
const OPERATOR_RUN = /[-+*/<>=~!@#%^&|`?]{256}/
/** Below this a text has no room for what is looked for here. */
const CHARACTERS_MIN = 256
/** Tokens that the tree may repeat; a plain UPDATE is nowhere near. */
const REPEATED_TOKENS_MAX = 20_000
const MULTI_ASSIGNMENT = /\bset\b/i

/**
 * Why a text would cost far more than its length: `SET (a, b, …) = (…)` is written into the tree once for each column, with
 * all that it holds, and they nest. 10,000 columns took 270 MB, and twenty levels of two would take more.
 */
export function costOf(sql: string, scan: (sql: string) => JsonObject | undefined): string | undefined {
  if (sql.length < CHARACTERS_MIN) return undefined
  if (OPERATOR_RUN.test(sql)) return 'the text has a run of more than 256 operator characters'
  if (!sql.includes(')') || !MULTI_ASSIGNMENT.test(sql)) return undefined
  const tokens = scan(sql)
  if (tokens === undefined) return undefined
  return repeatedTokens(list(tokens, 'tokens').map((token) => (isObject(token) ? text(token, 'text') : ''))) >
    REPEATED_TOKENS_MAX
    ? 'the text assigns too many columns at once'
    : undefined
}

interface Open {
  /** How often the tree holds what stands in these parentheses, before and after an assignment in them. */
  readonly times: number
  now: number
  columns: number
}

/**
 * Tokens, each counted as often as the tree would hold it. What follows `(…) =` up to the next comma or the end of the
 * parentheses around it counts once for each column; that also counts some comparisons of rows, which does no harm.
 */
function repeatedTokens(tokens: readonly string[]): number {
  const stack: Open[] = []
  let open: Open = { times: 1, now: 1, columns: 1 }
  let repeated = 0
  for (const [i, token] of tokens.entries()) {
    if (open.now > 1) repeated += open.now
    if (token === '(') {
      stack.push(open)
      open = { times: open.now, now: open.now, columns: 1 }
    } else if (token === ')') {
      const { columns } = open
      open = stack.pop() ?? { times: 1, now: 1, columns: 1 }
      if (tokens[i + 1] === '=') open.now *= columns
    } else if (token === ',' || token === ';') {
      open.columns += 1
      open.now = open.times
    }
    if (repeated > REPEATED_TOKENS_MAX) break
  }
  return repeated
}
