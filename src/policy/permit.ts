import type { RuleId } from '../base/ids.ts'
import type { Passage } from '../protocol/message.ts'
import type { Decision } from './decide.ts'

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

  static from(decision: Decision, passage: Passage): Permit | undefined {
    switch (decision.kind) {
      case 'allow':
        return new Permit(passage, decision.rule)
      // Nobody can approve yet, so what needs it does not pass.
      case 'approve':
      case 'deny':
        return undefined
    }
  }
}
