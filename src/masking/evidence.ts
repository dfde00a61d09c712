import type { Action } from './replace/actions.ts'

/** Why a message could not be masked, and so did not pass. */
export type RefusedWhy =
  | 'budget'
  | 'too-deep'
  | 'malformed'
  | 'left-over'
  | 'schema-impossible'
  /** Nothing hides a value that may stand in its place: no schema says so. */
  | 'no-stand-in'
  | 'store-failed'
  | 'policy-block'
  | 'surrogate-unknown'

/** What became of one message; no value, and nothing made of one. */
export interface Evidence {
  /** Names the rules. */
  readonly rules: string
  /** How often each action was taken on each kind: `email: { surrogate: 3 }`. */
  readonly counts: Readonly<Record<string, Readonly<Partial<Record<Action, number>>>>>
  /** How often each kind was found where the protocol itself is written, which is never altered: `email: 1`. */
  readonly leftInPlace?: Readonly<Record<string, number>> | undefined
  readonly bytesIn: number
  /** Parts that no detector could read, by their kind: `image/png`, `audio`. */
  readonly notInspected: readonly string[]
  /** `clean`: nothing was found, so there was nothing to verify. */
  readonly verified: 'clean' | 'passed'
  /** Surrogates that this message was the first to use. */
  readonly minted: number
  /** Places that were hidden because of what came before them: a value in pieces. Each is counted above, too. */
  readonly pieces?: number | undefined
}
