import type { PrincipalId, RuleId } from '../base/ids.ts'
import { principalId } from '../identity/principal.ts'
import { decide, type Decision, nameOf, type Question } from '../policy/decide.ts'
import type { Policy } from '../policy/policy.ts'

export type DecidedAs = Decision['kind']

/** One sort of difference: what the policy in force said, what the other one would have said, and by which of its rules. */
export interface ShadowDiff {
  readonly from: DecidedAs
  readonly to: DecidedAs
  readonly rule: RuleId
  readonly count: number
  readonly firstMs: number
  readonly lastMs: number
  /** The newest call that came out differently. */
  readonly example: ShadowExample
}

/** Enough to find its record: whose call of what it was; when, says `lastMs`. */
export interface ShadowExample {
  readonly principal: PrincipalId
  readonly connection: string
  readonly method: string
  /** Name of the tool or prompt, URI of the resource; empty for anything else. */
  readonly target: string
}

export interface ShadowCounts {
  readonly compared: number
  readonly diffs: readonly ShadowDiff[]
}

/**
 * A policy that is tried beside the one in force: asked the same, about the same, and never obeyed. It counts what it would
 * have decided differently (`policy_shadow_diff_total`), by at most nine pairs for each of its rules.
 */
export class ShadowPolicy {
  readonly policy: Policy
  readonly #onTrouble: (error: unknown) => void
  readonly #diffs = new Map<string, ShadowDiff>()
  #compared = 0
  #isBroken = false

  /** `onTrouble` hears of the first comparison that fails, and of no other. */
  constructor(policy: Policy, onTrouble: (error: unknown) => void) {
    this.policy = policy
    this.#onTrouble = onTrouble
  }

  /** Right after `decision` was made of `question`. Never throws: the call that passes here has been decided. */
  compare(question: Question, decision: Decision, label: (text: string) => string): void {
    try {
      const other = decide({ ...question, policy: this.policy })
      this.#compared += 1
      if (other.kind !== decision.kind) this.#count({ question, from: decision.kind, label }, other)
    } catch (error) {
      if (this.#isBroken) return
      this.#isBroken = true
      this.#onTrouble(error)
    }
  }

  /** What was counted since the last time. */
  take(): ShadowCounts {
    const counts = { compared: this.#compared, diffs: [...this.#diffs.values()] }
    this.#compared = 0
    this.#diffs.clear()
    return counts
  }

  #count({ question, from, label }: Differing, { kind: to, rule }: Decision): void {
    const key = `${from} ${to} ${rule}`
    const before = this.#diffs.get(key)
    const lastMs = question.circumstances?.atMs ?? 0
    const { count = 0, firstMs = lastMs } = before ?? {}
    this.#diffs.set(key, { from, to, rule, count: count + 1, firstMs, lastMs, example: exampleOf(question, label) })
  }
}

interface Differing {
  readonly question: Question
  readonly from: DecidedAs
  readonly label: (text: string) => string
}

/** It is kept, so the name or URI that it was about is masked. */
function exampleOf(
  { who, connection, about, circumstances }: Question,
  label: (text: string) => string,
): ShadowExample {
  return {
    principal: principalId(who.issuer ?? '', who.subject),
    connection: connection.name,
    method: circumstances?.method ?? '',
    target: label(nameOf(about)),
  }
}
