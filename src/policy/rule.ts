// Policy: may this caller do this, here, now, with these arguments? Pure: no files, no clock, no randomness; the same
// question under the same policy has the same answer, for ever. The strictest matching rule wins, wherever it stands;
// where no rule allows, the answer is no.
import type { ApprovalTerms } from '../approval/approval.ts'
import type { RuleId } from '../base/ids.ts'
import type { Inspection } from '../facts/inspection.ts'
import type { Condition } from './condition/condition.ts'
import type { LimitSpec } from './limit.ts'
import type { Window } from './window.ts'

/** The first three decide; the others are obligations of every call that is not denied. */
export const EFFECTS = ['deny', 'approve', 'allow', 'mask', 'limit', 'alert'] as const
export type Effect = (typeof EFFECTS)[number]
export type Severity = 'low' | 'medium' | 'high' | 'critical'
/** `shadow`: what would come of it is counted and recorded, and never done. */
export type Mode = 'enforce' | 'shadow'

/** Labels of a connection, as its resource file gives them. */
export type Labels = Readonly<Record<string, string>>

export type LabelMatch = Readonly<Record<string, string | readonly string[]>>

/** What of a connection the policy has to know. */
export interface ConnectionFacts {
  readonly name: string
  readonly labels: Labels
  /** Where its arguments hold what facts are read from; undefined: nowhere. */
  readonly inspection?: Inspection | undefined
  /** Kinds of data of the configuration's own that are looked for there. */
  readonly ownKinds?: readonly string[] | undefined
}

/** What a rule is about. All given parts must fit; a part that is not given fits everything. */
export interface Conditions {
  /** Names or globs, or labels that the connection must all have; of several values of one, any. */
  readonly connections?: readonly string[] | LabelMatch | undefined
  /** Globs on names of tools; `*` is any text. */
  readonly tools?: readonly string[] | undefined
  /** Globs on names of prompts; `*` is any text. */
  readonly prompts?: readonly string[] | undefined
  /** Globs on resource URIs; `*` stays inside a path segment, `**` crosses segments. */
  readonly resources?: readonly string[] | undefined
  /** Readable names from `groups:`; the caller must be in one of them. */
  readonly groups?: readonly string[] | undefined
}

/** What to hide, in the words of the file; carried in decisions. */
export interface MaskTerms {
  readonly entities?: readonly string[] | undefined
  readonly fields?: readonly string[] | undefined
  /** `results`: what comes from the MCP server, where nothing is said. `arguments`: what a client sends to it. */
  readonly in?: readonly MaskSide[] | undefined
  readonly with: MaskAction
}

export const MASK_SIDES = ['results', 'arguments'] as const
export type MaskSide = (typeof MASK_SIDES)[number]
export const MASK_ACTIONS = ['partial', 'redact', 'hash', 'surrogate', 'block', 'allow'] as const
export type MaskAction = (typeof MASK_ACTIONS)[number]

/** One rule, compiled. */
export interface Rule {
  readonly id: RuleId
  readonly effect: Effect
  readonly mode: Mode
  readonly match: Conditions
  /** What any of these fits, the rule is not about. */
  readonly except: readonly Conditions[]
  readonly during?: Window | undefined
  readonly outside?: Window | undefined
  readonly when?: Condition | undefined
  readonly message?: string | undefined
  readonly severity?: Severity | undefined
  readonly approval?: ApprovalTerms | undefined
  readonly mask?: readonly MaskTerms[] | undefined
  readonly limit?: readonly LimitSpec[] | undefined
}

/** The rule of no rule: nothing allowed it. No rule of a file may take this id. */
export const DEFAULT_RULE: RuleId = 'default'
