import type { WordDetector } from '../find/finding.ts'
import type { Action } from '../replace/actions.ts'

/** A kind of the configuration, ready to look for. */
export interface OwnDetector {
  readonly name: string
  /** What becomes of it where no rule says otherwise. */
  readonly action: Action
  /** From this score on it counts. */
  readonly score: number
  readonly looksAt: (connection: string, tool: string | undefined) => boolean
  readonly detectors: readonly WordDetector[]
  /** Words that raise the score of what stands near them. */
  readonly near: readonly string[]
}
