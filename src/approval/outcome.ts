import type { Approval } from './approval.ts'
import type { VoteFault } from './tally.ts'

export type AskOutcome =
  | { readonly kind: 'new' | 'joined' | 'denied'; readonly approval: Approval }
  /** `everybody`: of all who ask together. */
  | { readonly kind: 'too_many'; readonly of: 'person' | 'everybody' }

export type VoteOutcome =
  /** It counts; the state is what came of it. */
  | { readonly kind: 'counted'; readonly approval: Approval }
  | { readonly kind: 'refused'; readonly fault: VoteFault }
  /** It was decided, or ran out, before. */
  | { readonly kind: 'closed'; readonly approval: Approval }
  | { readonly kind: 'unknown' }
