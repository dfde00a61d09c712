// Anchors: places outside of the gateway's reach where heads of the log are left, so that somebody can hold the log against
// them later. All are optional; each gives something else (audit.md, 7.7).
import type { SignedCheckpoint } from '../audit/checkpoint.ts'

/** Leaves heads at one place. */
export interface Anchor {
  readonly kind: 'file' | 'rfc3161' | 'object-lock'
  /** For people: a path, an address, a bucket. */
  readonly place: string
  /** Resolves once the head is safe there. Repeating it is harmless. Throws AnchorConflict, or an Error that says why not. */
  leave(head: SignedCheckpoint): Promise<void>
}

/** The place holds a head of this log that does not fit: another history, or a longer one. */
export class AnchorConflict extends Error {}
