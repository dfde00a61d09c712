import type { WordDetector } from '../find/finding.ts'
import type { Action } from '../replace/actions.ts'
import type { Way } from './spec.ts'

/** A kind of the configuration, ready to look for. */
export interface OwnDetector {
  readonly name: string
  /** What becomes of it where no rule says otherwise. */
  readonly action: Action
  /** Where, if somebody said so. */
  readonly in: readonly Way[] | undefined
  /** From this score on it counts. */
  readonly score: number
  readonly looksAt: (connection: string, tool: string | undefined) => boolean
  readonly detectors: readonly WordDetector[]
  /** Words that raise the score of what stands near them. */
  readonly near: readonly string[]
}

/** What a rule set asks of a kind of the configuration: `with` is undefined where it is not looked for. */
export interface OwnLooked {
  readonly name: string
  readonly with: Action | undefined
  readonly in?: readonly Way[] | undefined
  readonly score: number
}

/** Kinds as they are looked for at a tool of a connection, and a key that tells one such set from another. */
export function ownAt(
  own: readonly OwnDetector[],
  { connection, tool }: { readonly connection: string; readonly tool: string | undefined },
): { looked: OwnLooked[]; key: string } {
  const looked = own.map(({ name, action, in: ways, score, looksAt }) => ({
    name,
    with: looksAt(connection, tool) ? action : undefined,
    in: ways,
    score,
  }))
  return { looked, key: looked.map(({ with: one }) => (one === undefined ? 0 : 1)).join('') }
}
