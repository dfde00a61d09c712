import type { JsonObject } from '../base/json.ts'

/** What is promised of the records of a class (audit.md, 4.9). The number is for ever; the definition may change. */
export interface RetentionClass {
  readonly n: number
  readonly version: number
  readonly name: string
  readonly terms: ClassTerms
}

export interface ClassTerms {
  /** Days after which content goes; the index goes with it or before, entries with it or later. */
  readonly payloadDays: number
  readonly indexDays: number
  readonly entryDays: number
  readonly encrypt: boolean
  /** `session`: one session can be shredded. `class`: a month of the class only, but smaller. */
  readonly keys: 'session' | 'class'
  /** When room runs out: refuse new calls, or let the oldest content of this class go. */
  readonly onFull: 'reject-new' | 'drop-oldest-payload'
  /** Largest part, request or response, that is recorded. */
  readonly maxBodyBytes: number
  /** A larger one does not pass, or it passes and only its hash is kept. */
  readonly overLimit: OverLimit
}

export type OverLimit = 'block' | 'hash-only'

/** As much as a segment holds: messages have limits of their own, which are lower. */
const MAX_BODY_BYTES = 64 * 1024 * 1024

export const STANDARD_TERMS: ClassTerms = {
  payloadDays: 400,
  indexDays: 400,
  entryDays: 400,
  encrypt: true,
  keys: 'session',
  onFull: 'reject-new',
  maxBodyBytes: MAX_BODY_BYTES,
  overLimit: 'block',
}

/** The member `class` of a `log.class` record. */
export function classJson({ n, name, terms, version }: RetentionClass): JsonObject {
  return {
    encrypt: terms.encrypt,
    entry_days: terms.entryDays,
    index_days: terms.indexDays,
    keys: terms.keys,
    max_body: terms.maxBodyBytes,
    n,
    name,
    on_full: terms.onFull,
    over_limit: terms.overLimit,
    payload_days: terms.payloadDays,
    version,
    worm: false,
  }
}
