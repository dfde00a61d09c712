import { randomFillSync } from 'node:crypto'

// An id says what it names, to the reader of a log and to the compiler.

/** `ses_` and 32 hexadecimal digits: 128 random bits, never derived from an identity. */
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

export function newSessionId(): SessionId {
  return sessionId(randomFillSync(new Uint8Array(SESSION_BYTES)))
}

const SESSION_BYTES = 16

/** `bytes` are the 16 of an entry's session field (audit.md, 4.4). */
export function sessionId(bytes: Uint8Array): SessionId {
  if (bytes.byteLength !== SESSION_BYTES)
    throw new RangeError(`a session id has ${SESSION_BYTES} bytes, not ${bytes.byteLength}`)
  return `ses_${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
}

export function isPrincipalId(text: string): text is PrincipalId {
  return text.startsWith('pri_')
}

export function isSessionId(text: string): text is SessionId {
  return /^ses_[0-9a-f]{32}$/.test(text)
}
