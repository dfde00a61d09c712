import type { Claim } from '../approval/claim.ts'
import type { RuleId } from '../base/ids.ts'
import type { Passage } from '../protocol/message.ts'
import { coveredBy, type Decision } from './decide.ts'

/** Proof that this very passage may go upstream. Made here, from a decision, and nowhere else. */
export class Permit {
  readonly #passage: Passage
  readonly rule: RuleId
  private constructor(passage: Passage, rule: RuleId) {
    this.#passage = passage
    this.rule = rule
  }
  get passage(): Passage {
    return this.#passage
  }

  /** `claim`: that what the rules want approved was agreed to, for this very passage. */
  static from(decision: Decision, passage: Passage, claim?: Claim): Permit | undefined {
    switch (decision.kind) {
      case 'allow':
        return new Permit(passage, decision.rule)
      case 'approve':
        return claim?.covers(passage, coveredBy(decision)) === true ? new Permit(passage, decision.rule) : undefined
      case 'deny':
        return undefined
    }
  }
}
