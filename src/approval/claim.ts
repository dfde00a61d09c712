import type { RuleId } from '../base/ids.ts'
import type { ApprovalId, CoveredRule } from './approval.ts'

/** On what a call runs that a rule wants approved. */
export type ClaimBasis =
  /** Of this very call; used up by it. */
  | 'once'
  /** Of a session, or some time. */
  | 'access'
  /** Nobody agreed: an emergency that somebody has to answer for. */
  | 'break_glass'

/** Proof that what these rules want was agreed to for this very passage. Made by the desk, and nowhere else. */
export class Claim {
  readonly approval: ApprovalId
  readonly basis: ClaimBasis
  readonly #passage: object
  readonly #rules: ReadonlyMap<RuleId, string>

  private constructor(passage: object, of: { approval: ApprovalId; basis: ClaimBasis; rules: readonly CoveredRule[] }) {
    this.#passage = passage
    this.approval = of.approval
    this.basis = of.basis
    this.#rules = new Map(of.rules.map(({ rule, digest }) => [rule, digest]))
  }

  /** @internal Called by the desk alone, once the claim is durable. */
  static issue(passage: object, of: { approval: ApprovalId; basis: ClaimBasis; rules: readonly CoveredRule[] }): Claim {
    return new Claim(passage, of)
  }

  /** Whether it is for this passage, and for all of these rules as they are worded now. */
  covers(passage: object, rules: readonly CoveredRule[]): boolean {
    return this.#passage === passage && coversRules(this.#rules, rules)
  }
}

export function coversRules(covered: ReadonlyMap<RuleId, string>, rules: readonly CoveredRule[]): boolean {
  return rules.every(({ rule, digest }) => covered.get(rule) === digest)
}
