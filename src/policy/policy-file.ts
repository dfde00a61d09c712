import type { Conditions, Effect, MaskAction, MaskSide, Mode, Severity } from './rule.ts'
import type { LimitEntry } from './limit.ts'
import type { WindowEntry } from './window.ts'

/** A policy file, as read from YAML and held against its schema. */
export interface PolicyFile {
  readonly version: 1
  readonly default?: 'deny' | 'allow'
  readonly mode?: Mode
  readonly timezone?: string
  readonly include?: readonly IncludeEntry[]
  readonly groups?: Readonly<Record<string, readonly string[]>>
  readonly rules: readonly RuleEntry[]
  readonly break_glass?: BreakGlassEntry
  readonly tests?: readonly TestEntry[]
  readonly test_with?: TestWithEntry
}

/** `pack:NAME`, a file beside this one, or a pack with what this policy wants of it otherwise. */
export type IncludeEntry = string | PackEntry

export interface PackEntry {
  readonly pack: string
  /** Instead of the connections that the pack speaks of. */
  readonly connections?: Conditions['connections']
  readonly except?: Conditions
  /** Ids of rules that are left out. */
  readonly without?: readonly string[]
  /** Group that approves what the pack wants approved; without it, that is denied. */
  readonly approvers?: string
}

export interface RuleEntry {
  readonly id: string
  readonly effect: Effect
  readonly mode?: Mode
  readonly match: Conditions
  readonly except?: Conditions
  readonly during?: WindowEntry
  readonly outside?: WindowEntry
  readonly when?: string
  readonly message?: string
  readonly severity?: Severity
  readonly approval?: ApprovalEntry
  readonly mask?: readonly MaskEntry[]
  readonly limit?: readonly LimitEntry[]
}

export interface ApprovalEntry {
  readonly by: readonly { readonly group: string; readonly count?: number }[]
  readonly scope?: string
  readonly reason?: 'required' | 'optional'
  readonly expires?: string
  readonly run_within?: string
  readonly notify?: readonly string[]
}

export interface MaskEntry {
  readonly entities?: readonly string[]
  readonly fields?: readonly string[]
  readonly in?: readonly MaskSide[]
  readonly with: MaskAction
}

export interface BreakGlassEntry {
  readonly groups: readonly string[]
  readonly overrides: readonly string[]
  readonly for: string
  readonly reason?: 'required'
  readonly notify?: readonly string[]
  readonly review_within?: string
}

export interface TestEntry {
  readonly name: string
  readonly at?: string
  readonly as?: {
    readonly groups?: readonly string[]
    readonly email?: string
    readonly subject?: string
    readonly issuer?: string
    readonly claims?: Readonly<Record<string, unknown>>
    readonly amr?: readonly string[]
    readonly client?: string
    readonly address?: string
  }
  readonly session?: { readonly age?: string; readonly calls?: number; readonly taints?: readonly string[] }
  readonly call: CallEntry
  readonly expect: 'allow' | 'approve' | 'deny'
  readonly rule?: string
}

export interface CallEntry {
  readonly connection: string
  readonly tool?: string
  readonly prompt?: string
  readonly resource?: string
  readonly method?: string
  readonly args?: unknown
  readonly annotations?: Readonly<Record<string, unknown>>
  readonly tool_changed?: boolean
}

/** What tests of a pack, or of a file on its own, take for granted. */
export interface TestWithEntry {
  readonly connections?: Readonly<Record<string, TestConnectionEntry>>
  /** Rules that stand beside those of the file while its tests run. */
  readonly rules?: readonly RuleEntry[]
}

export interface TestConnectionEntry {
  readonly labels?: Readonly<Record<string, string>>
  readonly inspect?: Readonly<Record<string, unknown>>
  readonly dialect?: string
}
