import type { RuleId } from '../base/ids.ts'
import {
  type ApprovalId,
  APPROVAL_ID_BYTES,
  approvalId,
  type CoveredRule,
  type Person,
  type Requester,
} from './approval.ts'
import { Claim } from './claim.ts'
import { Running } from './running.ts'
import { isSamePerson } from './tally.ts'

/** Who may do in an emergency what rules want approved, as a policy says it. It lifts those rules, and never a deny. */
export interface BreakGlassTerms {
  readonly groups: readonly string[]
  /** Ids of approve rules. */
  readonly overrides: readonly RuleId[]
  /** At most an hour. */
  readonly forMs: number
  /** Somebody else must have looked at it by then. */
  readonly reviewMs: number
  readonly notify: readonly string[]
}

/** Somebody did without an approval: they said why, and somebody else looks at it afterwards. */
export interface Emergency {
  readonly id: ApprovalId
  readonly person: Requester
  readonly reason: string
  readonly overrides: readonly RuleId[]
  /** Groups that could have agreed to what it lifted, when it began: a policy that changes later leaves somebody to review it. */
  readonly reviewers?: readonly string[]
  readonly startedMs: number
  readonly untilMs: number
  readonly reviewDueMs: number
  readonly endedMs: number | undefined
  readonly reviewedBy: Person | undefined
  readonly reviewedMs: number | undefined
  readonly note: string | undefined
}

/** What happened: `begun` is an alert at once. */
export type EmergencyStep = 'begun' | 'ended' | 'reviewed' | 'overdue'

/** Each method is durable when it returns. */
export interface EmergencyRows {
  insert(emergency: Emergency): void
  get(id: ApprovalId): Emergency | undefined
  /** Newest first; `open`: in force, or not reviewed. */
  list(open: boolean, limit: number): readonly Emergency[]
  /** False where it had ended before. */
  end(id: ApprovalId, atMs: number): boolean
  /** False where somebody had looked at it before. */
  review(id: ApprovalId, by: Person, said: { readonly atMs: number; readonly note: string }): boolean
}

export interface BreakGlassParts {
  readonly rows: EmergencyRows
  /** Puts it on record; resolves once that is durable. */
  readonly record: (step: EmergencyStep, emergency: Emergency) => Promise<unknown>
  readonly nowMs: () => number
  readonly random: (bytes: number) => Uint8Array
}

export type BreakOutcome =
  | { readonly kind: 'begun'; readonly emergency: Emergency }
  | { readonly kind: 'refused'; readonly why: 'no_terms' | 'not_in_group' | 'no_reason' }

export type ReviewOutcome = 'reviewed' | 'unknown' | 'own' | 'running' | 'reviewed_before' | 'no_note'

/** Keeps emergencies: on record before they are in force, ended in time, and open until a second person looked at them. */
export class BreakGlass {
  readonly #parts: BreakGlassParts
  readonly #running = new Running()
  /** Told of once while the gateway runs. */
  readonly #overdue = new Set<ApprovalId>()
  /** Being written down at this moment. */
  readonly #inReview = new Set<ApprovalId>()

  constructor(parts: BreakGlassParts) {
    this.#parts = parts
  }

  /** Whoever calls has looked at how fresh the login is. */
  async begin(
    person: Requester,
    reason: string,
    { terms, reviewers }: { readonly terms: BreakGlassTerms | undefined; readonly reviewers: readonly string[] },
  ): Promise<BreakOutcome> {
    if (terms === undefined) return { kind: 'refused', why: 'no_terms' }
    if (!terms.groups.some((group) => person.groups.includes(group))) return { kind: 'refused', why: 'not_in_group' }
    if (reason.trim() === '') return { kind: 'refused', why: 'no_reason' }
    const now = this.#parts.nowMs()
    const emergency: Emergency = {
      id: approvalId(this.#parts.random(APPROVAL_ID_BYTES)),
      person,
      reason: reason.trim(),
      overrides: terms.overrides,
      reviewers,
      startedMs: now,
      untilMs: now + terms.forMs,
      reviewDueMs: now + terms.reviewMs,
      endedMs: undefined,
      reviewedBy: undefined,
      reviewedMs: undefined,
      note: undefined,
    }
    // On record, and those told who must be, before anything can run on it.
    await this.#parts.record('begun', emergency)
    this.#parts.rows.insert(emergency)
    return { kind: 'begun', emergency }
  }

  /** What lets this passage run without an approval, where all the rules that want one are lifted for this person now. */
  use(
    passage: object,
    rules: readonly CoveredRule[],
    { person, terms }: { readonly person: Requester; readonly terms: BreakGlassTerms | undefined },
  ): Claim | undefined {
    if (terms === undefined || !terms.groups.some((group) => person.groups.includes(group))) return undefined
    const now = this.#parts.nowMs()
    const lifted = ({ overrides }: Emergency): boolean =>
      rules.every(({ rule }) => overrides.includes(rule) && terms.overrides.includes(rule))
    const found = this.list(true).find(
      (one) => one.person.principal === person.principal && isInForce(one, now) && lifted(one),
    )
    return found === undefined ? undefined : Claim.issue(passage, { approval: found.id, basis: 'break_glass', rules })
  }

  /** Calls `cut` when the emergency ends while this runs on it. */
  whileRunning(id: ApprovalId, cut: () => void): () => void {
    const emergency = this.#parts.rows.get(id)
    return emergency === undefined ? () => undefined : this.#running.begin(id, emergency.person, cut)
  }

  list(open: boolean): readonly Emergency[] {
    return this.#parts.rows.list(open, LISTED_MAX)
  }

  get(id: ApprovalId): Emergency | undefined {
    return this.#parts.rows.get(id)
  }

  /** False where it is not in force. */
  async end(id: ApprovalId): Promise<boolean> {
    if (!this.#parts.rows.end(id, this.#parts.nowMs())) return false
    this.#running.cut(id)
    const emergency = this.#parts.rows.get(id)
    if (emergency !== undefined) await this.#parts.record('ended', emergency)
    return true
  }

  /** A second person has looked at what was done. */
  async review(id: ApprovalId, by: Person, note: string): Promise<ReviewOutcome> {
    const emergency = this.#parts.rows.get(id)
    if (emergency === undefined) return 'unknown'
    if (isSamePerson(by, emergency.person)) return 'own'
    if (note.trim() === '') return 'no_note'
    const now = this.#parts.nowMs()
    if (isInForce(emergency, now)) return 'running'
    const reviewed = { ...emergency, reviewedBy: by, reviewedMs: now, note: note.trim() }
    if (emergency.reviewedMs !== undefined || this.#inReview.has(id)) return 'reviewed_before'
    this.#inReview.add(id)
    try {
      await this.#parts.record('reviewed', reviewed)
      return this.#parts.rows.review(id, by, { atMs: now, note: note.trim() }) ? 'reviewed' : 'reviewed_before'
    } finally {
      this.#inReview.delete(id)
    }
  }

  /** Ends what is over, and tells of what nobody has looked at in time. To be called now and then. */
  async tick(): Promise<void> {
    const now = this.#parts.nowMs()
    for (const emergency of this.list(true)) {
      if (emergency.endedMs === undefined && now >= emergency.untilMs) await this.end(emergency.id)
      if (!isOverdue(emergency, now) || this.#overdue.has(emergency.id)) continue
      this.#overdue.add(emergency.id)
      await this.#parts.record('overdue', emergency)
    }
  }
}

/** Emergencies are few. */
const LISTED_MAX = 1_000

export function isInForce({ untilMs, endedMs }: Emergency, nowMs: number): boolean {
  return endedMs === undefined && nowMs < untilMs
}

export function isOverdue({ reviewedMs, reviewDueMs }: Emergency, nowMs: number): boolean {
  return reviewedMs === undefined && nowMs >= reviewDueMs
}
