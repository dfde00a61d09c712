// An id says what it names, to the reader of a log and to the compiler.
export type SessionId = `ses_${string}`
export type PrincipalId = `pri_${string}`

/** Chosen by whoever writes the policy, so it has no prefix. `default` is the rule of no rule. */
export type RuleId = string

/** Place of an entry in the audit log, counted from 0. Not a count, not a size. */
export type EntryIndex = number & { readonly entryIndex: unique symbol }

export function entryIndex(n: number): EntryIndex {
  if (!isEntryIndex(n)) throw new RangeError(`not an entry index: ${n}`)
  return n
}

function isEntryIndex(n: number): n is EntryIndex {
  return Number.isSafeInteger(n) && n >= 0
}
