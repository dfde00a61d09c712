import type { PrincipalId, SessionId } from '../base/ids.ts'
import {
  type Approval,
  APPROVAL_ID_BYTES,
  type ApprovalId,
  approvalId,
  type ApprovalState,
  goodForMs,
  isOpen,
  type NewAsk,
  type Person,
  type ShownCall,
  type Vote,
} from './approval.ts'
import { refusalOf } from './bounds.ts'
import { Claim } from './claim.ts'
import type { DeskParts, LoggedOut } from './desk-parts.ts'
import { Counts } from './counts.ts'
import { type ApprovalEvent, KIND_OF, reasonEvent, voteEvent } from './event.ts'
import { type ApprovalFilter, type ApprovalRows, type Change } from './rows.ts'
import { missingLines, type OuterFault, voteFault } from './tally.ts'
import type { AskOutcome, VoteOutcome } from './outcome.ts'
import { EventRecorder } from './recorder.ts'
import { LEFT_GROUP, Running } from './running.ts'
import { Waiters } from './waiters.ts'

/** Where approvals are asked for, given and used. Every step is in the store first, then on record, and only then takes effect. */
export class Desk {
  readonly #parts: DeskParts
  readonly #rows: ApprovalRows
  readonly #waiters = new Waiters()
  readonly #running = new Running()
  readonly #counts: Counts
  readonly #recorder: EventRecorder

  constructor(parts: DeskParts) {
    this.#parts = parts
    this.#rows = parts.rows
    this.#counts = new Counts(parts.rows)
    this.#recorder = new EventRecorder(parts.rows, parts.record)
  }

  get(id: ApprovalId): Approval | undefined {
    return this.#rows.get(id)
  }

  shown(id: ApprovalId): ShownCall {
    return this.#rows.shown(id)
  }

  list(filter: ApprovalFilter): readonly Approval[] {
    return this.#rows.list(filter)
  }

  /**
   * Asks for an approval, or joins the one that is open for the same. Resolves once it is on record. Nobody is asked a second
   * time for what is open, nor for what somebody refused a moment ago.
   */
  async ask(ask: NewAsk): Promise<AskOutcome> {
    const now = this.#parts.nowMs()
    const before = this.#rows.byHash(ask.hash)
    const known = before === undefined ? undefined : await this.#ifOverdue(before, now)
    if (known !== undefined && isOpen(known)) return this.#joined(known)
    const no = refusalOf(ask, known, { rows: this.#rows, limits: this.#parts.limits, nowMs: now })
    if (no !== undefined) return no
    const id = approvalId(this.#parts.random(APPROVAL_ID_BYTES))
    const event: ApprovalEvent = {
      kind: 'approval.requested',
      approval: id,
      atMs: now,
      state: 'pending',
      by: ask.requester,
      reason: ask.reason,
    }
    const n = this.#rows.insert(id, ask, event)
    if (n !== undefined) return { kind: 'new', approval: await this.#told(n, event) }
    // Somebody asked for the same while the one before was written down as over.
    const other = this.#rows.byHash(ask.hash)
    if (other === undefined || !isOpen(other)) throw new TypeError('an approval could not be kept')
    return this.#joined(other)
  }

  #joined(approval: Approval): AskOutcome {
    this.#counts.asked(approval.id)
    return { kind: 'joined', approval }
  }

  /** What is open for this call, and was asked for before anybody had seen how the tool is defined. */
  openUnseen(callHash: string): Approval | undefined {
    return this.#rows.openByCall(callHash).find(({ scope, definition }) => scope === 'once' && definition === '')
  }

  /** What is open for the same call of a tool that was defined otherwise then ends: nobody saw this tool. */
  async voidChanged(callHash: string, definition: string): Promise<readonly Approval[]> {
    const others = this.#rows
      .openByCall(callHash)
      // What was approved for a session or some time is of rules, and not of this tool alone.
      .filter(
        (one) =>
          one.scope === 'once' && one.definition !== '' && one.definition !== definition && one.state !== 'executing',
      )
    const changed = await Promise.all(
      others.map((one) =>
        this.#change(one.id, ['pending', 'approved'], 'revoked', { detail: 'the definition of the tool changed' }),
      ),
    )
    return changed.filter((one) => one !== undefined)
  }

  /** Resolves with the approval once something happened to it since it was `seen`, at `until.ms`, or when the signal aborts. */
  async wait(seen: Approval, until: { ms: number; signal: AbortSignal }): Promise<Approval | undefined> {
    const { id, state, votes } = seen
    const now = this.#rows.get(id)
    if (now === undefined || now.state !== state || now.votes.length !== votes.length) return now
    await this.#waiters.wait(id, Math.max(0, until.ms - this.#parts.nowMs()), until.signal)
    return this.#rows.get(id)
  }

  /** Whoever asked says why, where they had not. */
  async giveReason(id: ApprovalId, by: Person, reason: string): Promise<boolean> {
    const event = reasonEvent(id, { by, reason }, this.#parts.nowMs())
    const n = this.#rows.giveReason(id, reason, event)
    if (n === undefined) return false
    await this.#told(n, event)
    return true
  }

  /** `outer`: what whoever hands it in found wrong with it; then it is on record, and does not count. */
  async vote(id: ApprovalId, vote: Vote, outer?: OuterFault): Promise<VoteOutcome> {
    const before = this.#rows.get(id)
    if (before === undefined) return { kind: 'unknown' }
    const approval = await this.#ifOverdue(before, vote.atMs)
    const fault = outer ?? voteFault(approval, vote)
    const event = voteEvent(approval, vote)
    if (approval.state !== 'pending' || fault !== undefined) {
      const detail = fault ?? `not counted, for it is ${approval.state}`
      const told = { ...event, state: approval.state, detail }
      await this.#told(this.#rows.tell(told), told)
      return fault === undefined ? { kind: 'closed', approval } : { kind: 'refused', fault }
    }
    const n = this.#rows.addVote(id, vote, event)
    if (n === undefined) return { kind: 'closed', approval: this.#rows.get(id) ?? approval }
    const told = this.#told(n, event)
    // In the same turn as the vote, so that whatever else happens meanwhile finds it decided.
    const [, decided] = await Promise.all([told, this.#decide(id, vote.atMs)])
    return { kind: 'counted', approval: decided ?? this.#rows.get(id) ?? approval }
  }

  /** Goes by the votes there are. */
  #decide(id: ApprovalId, nowMs: number): Promise<Approval | undefined> {
    const approval = this.#rows.get(id)
    if (approval === undefined) return Promise.resolve(undefined)
    const denied = approval.votes.findLast(({ verdict }) => verdict === 'deny')
    if (denied !== undefined) {
      const { voter: by, reason } = denied
      return this.#change(id, ['pending'], 'denied', { by, reason, change: { decidedMs: nowMs, why: reason } })
    }
    if (missingLines(approval.lines, approval.votes).length > 0) return Promise.resolve(undefined)
    const change = { decidedMs: nowMs, usableUntilMs: nowMs + goodForMs(approval, this.#parts.limits.sessionMs) }
    return this.#change(id, ['pending'], 'approved', { change })
  }

  /**
   * Takes an approval for this passage and no other, once. Resolves once that is on record; undefined where somebody else had
   * it, or it may not be used any more. Whoever gets it calls `finish`.
   */
  async claim({ id, rules }: Approval, passage: object): Promise<Claim | undefined> {
    // Where the log was away, that somebody agreed may not be on record yet.
    await this.#recorder.tellRest()
    const event: ApprovalEvent = {
      kind: 'approval.claimed',
      approval: id,
      atMs: this.#parts.nowMs(),
      state: 'executing',
    }
    const n = this.#rows.claim(event)
    if (n === undefined) return undefined
    try {
      await this.#told(n, event)
    } catch (failure) {
      // Nothing ran, and people need not agree again because a disk was full.
      this.#rows.giveBack(id)
      throw failure
    }
    return Claim.issue(passage, { approval: id, basis: 'once', rules })
  }

  /** Uses what was approved for a session or some time; undefined where it is over. */
  use({ id }: Approval, passage: object): Claim | undefined {
    const approval = this.#rows.get(id)
    if (approval?.state !== 'approved' || approval.scope === 'once') return undefined
    if (this.#parts.nowMs() >= (approval.usableUntilMs ?? 0)) return undefined
    this.#counts.used(id)
    return Claim.issue(passage, { approval: id, basis: 'access', rules: approval.rules })
  }

  /** Calls `cut` when the approval ends while this runs on it. Returns what ends the watch. */
  whileRunning({ approval, basis }: Claim, cut: () => void): () => void {
    const requester = basis === 'access' ? this.#rows.get(approval)?.requester : undefined
    return requester === undefined ? () => undefined : this.#running.begin(approval, requester, cut)
  }

  /** Whether anything runs on what was approved for a session or some time. */
  get isRunning(): boolean {
    return this.#running.size > 0
  }

  /** Somebody came with these groups: what they were given as a member of others ends, and what runs on it. */
  async noticeGroups(principal: PrincipalId, groups: ReadonlySet<string>): Promise<void> {
    for (const id of this.#running.outgrown(principal, groups)) await this.revoke(id, undefined, LEFT_GROUP)
  }

  /** The call is over. It is not run again, whatever became of it. */
  finish({ approval, basis }: Claim, to: 'executed' | 'failed', why?: string): void {
    if (basis === 'once') this.#rows.finish(approval, to, { endedMs: this.#parts.nowMs(), why })
    this.#waiters.wake(approval)
  }

  /** The call was not sent after all, so what it took is there for the next one. */
  giveBack({ approval, basis }: Claim): void {
    if (basis === 'once') this.#rows.giveBack(approval)
    this.#waiters.wake(approval)
  }

  /** Takes back what was approved. What runs on it is cut; a call that was claimed runs on, and its end is on record. */
  revoke(id: ApprovalId, by: Person | undefined, reason: string): Promise<Approval | undefined> {
    return this.#change(id, ['approved'], 'revoked', { by, reason, change: { why: reason } })
  }

  /** Whoever asked does not want it any more. */
  cancel(id: ApprovalId, by: Person): Promise<Approval | undefined> {
    return this.#change(id, ['pending', 'approved'], 'cancelled', { by })
  }

  /** What was approved for a session ends with it. */
  sessionEnded(session: SessionId): Promise<void> {
    return this.#endAccess({ session }, () => true, SESSION_ENDED)
  }

  /** The same with a logout, also of sessions that nobody has come back to since a restart. */
  loggedOut({ principal, login }: LoggedOut): Promise<void> {
    const isTheirs = ({ requester }: Approval): boolean => principal !== undefined || requester.login === login
    return this.#endAccess({ principal }, isTheirs, 'they logged out')
  }

  /** Access that is still asked for ends too: nobody could use it. */
  async #endAccess(of: Partial<ApprovalFilter>, isOne: (one: Approval) => boolean, detail: string): Promise<void> {
    const open = this.#rows.list({ ...of, states: ['pending', 'approved'], limit: Number.MAX_SAFE_INTEGER })
    const access = open.filter((one) => one.scope !== 'once' && isOne(one))
    const end = async ({ id }: Approval) =>
      (await this.#change(id, ['pending'], 'cancelled', { detail })) ??
      this.#change(id, ['approved'], 'lapsed', { detail })
    await Promise.all(access.map(end))
  }

  /** Ends what ran out, and writes down what could wait. To be called now and then. */
  async tick(): Promise<void> {
    const now = this.#parts.nowMs()
    this.#counts.write()
    for (const approval of this.#rows.overdue(now, AT_ONCE_MAX)) await this.#ifOverdue(approval, now)
    await this.#recorder.tellRest()
    this.#recorder.settle()
    this.#rows.forget(now - this.#parts.limits.keptMs, AT_ONCE_MAX)
  }

  /**
   * At a start: calls that ran when the gateway ended may have run or not, and nobody runs them again. `sessions`: those that
   * somebody may come back to; the others ended with the gateway.
   */
  async recover(sessions: ReadonlySet<SessionId>): Promise<void> {
    await this.#recorder.tellRest()
    const all = { limit: Number.MAX_SAFE_INTEGER }
    for (const { id } of this.#rows.list({ ...all, states: ['executing'] }))
      await this.#change(id, ['executing'], 'unknown', { detail: 'the gateway ended while it ran' })
    await this.#endAccess({}, ({ session }) => !sessions.has(session), SESSION_ENDED)
    for (const { id } of this.#rows.list({ ...all, states: ['pending'] })) await this.#decide(id, this.#parts.nowMs())
    await this.tick()
  }

  async #ifOverdue(approval: Approval, nowMs: number): Promise<Approval> {
    const { id, state, expiresMs, usableUntilMs = Number.POSITIVE_INFINITY } = approval
    if (state === 'pending' && nowMs >= expiresMs)
      return (await this.#change(id, ['pending'], 'expired', { change: { decidedMs: nowMs } })) ?? approval
    if (state === 'approved' && nowMs >= usableUntilMs)
      return (await this.#change(id, ['approved'], 'lapsed', {})) ?? approval
    return approval
  }

  async #change(
    id: ApprovalId,
    from: readonly ApprovalState[],
    to: keyof typeof KIND_OF,
    said: Pick<ApprovalEvent, 'by' | 'reason' | 'detail'> & { readonly change?: Change },
  ): Promise<Approval | undefined> {
    const { change = {}, ...rest } = said
    const atMs = this.#parts.nowMs()
    const event: ApprovalEvent = { kind: KIND_OF[to], approval: id, atMs, state: to, ...rest }
    const ends = to === 'approved' ? {} : { endedMs: atMs }
    const n = this.#rows.change(from, event, { why: said.reason ?? said.detail, ...ends, ...change })
    if (n === undefined) return undefined
    if (to !== 'approved') this.#running.cut(id)
    return this.#told(n, event)
  }

  /** On record first; then whoever waits for it goes on. */
  async #told(n: number, event: ApprovalEvent): Promise<Approval> {
    const approval = await this.#recorder.tell(n, event)
    this.#waiters.wake(event.approval)
    this.#parts.onEvent?.(event)
    return approval
  }
}

const AT_ONCE_MAX = 1_000
const SESSION_ENDED = 'the session ended'
