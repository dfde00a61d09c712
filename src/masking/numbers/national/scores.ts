/** What a value is worth alone. Below 0.6 the default profile masks it only where a word, a key or a column says what it is. */
export const SCORE = {
  /** The shape says nearly nothing: nine digits in a row. */
  shape: 0.2,
  /** The shape is distinctive: fixed letters, written separators. Enough for a rule that names the kind. */
  distinct: 0.4,
  /** A check passed that one random value in a hundred, or more, passes too. */
  check: 0.5,
  /** Masked wherever it stands. */
  free: 0.7,
  /** A check passed that fewer pass, or one on top of a distinctive shape. */
  strong: 0.9,
} as const

/** Kinds with a weak check that need a word near them, however they are written. */
export const CHECKED = { bare: SCORE.check, grouped: SCORE.check } as const
