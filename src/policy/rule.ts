// Policy: may this caller do this, here? Pure: no files, no clock, no randomness; the same question under the
// same policy has the same answer, for ever. The strictest matching rule wins, wherever it stands; where no rule
// allows, the answer is no.
import type { RuleId } from '../base/ids.ts'

export type Effect = 'allow' | 'deny'
export type Severity = 'low' | 'medium' | 'high' | 'critical'

/** Labels of a connection, as its resource file gives them. */
export type Labels = Readonly<Record<string, string>>

/** What of a connection the policy has to know. */
export interface ConnectionFacts {
  readonly name: string
  readonly labels: Labels
}

/** What a rule is about. All given parts must fit; a part that is not given fits everything. */
export interface Conditions {
  /** Names or globs, or labels that the connection must all have. */
  readonly connections?: readonly string[] | Labels | undefined
  /** Globs on names of tools; `*` is any text. */
  readonly tools?: readonly string[] | undefined
  /** Globs on names of prompts; `*` is any text. */
  readonly prompts?: readonly string[] | undefined
  /** Globs on resource URIs; `*` stays inside a path segment, `**` crosses segments. */
  readonly resources?: readonly string[] | undefined
  /** Readable names from `groups:`; the caller must be in one of them. */
  readonly groups?: readonly string[] | undefined
}

/** One rule, as written. */
export interface Rule {
  readonly id: RuleId
  readonly effect: Effect
  readonly match: Conditions
  readonly except?: Conditions | undefined
  readonly message?: string | undefined
  readonly severity?: Severity | undefined
}

/** The rule of no rule: nothing allowed it. No rule of a file may take this id. */
export const DEFAULT_RULE: RuleId = 'default'
