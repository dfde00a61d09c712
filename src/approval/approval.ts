// A risky call waits here until other people agree. The approval is the record; connections are only ways to wait for it.
// This folder promises: nobody agrees to what they asked for themselves, what was agreed to runs once and exactly as it was
// shown, and whatever happens to it is durable and on record before it has an effect (approvals.md).
import type { PrincipalId, RuleId, SessionId } from '../base/ids.ts'
import type { SealedBox } from '../base/sealed-box.ts'

/** Eight characters in two groups, such as `7Kq2-9FzR`. It names an approval to people and opens nothing. */
export type ApprovalId = string & { readonly approvalId: unique symbol }

/**
 * ```
 * pending ──approve──▶ approved ──claim──▶ executing ──▶ executed | failed
 *    ├─deny──▶ denied      ├─time──▶ lapsed      └─crash──▶ unknown
 *    ├─time──▶ expired     └─revoke─▶ revoked
 *    └─cancel▶ cancelled
 * ```
 * What is good for a session or some time stays `approved` while it is used, and ends as `lapsed` or `revoked`.
 */
export const APPROVAL_STATES = [
  'pending',
  'approved',
  'executing',
  'executed',
  'failed',
  'denied',
  'expired',
  'cancelled',
  'lapsed',
  'revoked',
  'unknown',
] as const
export type ApprovalState = (typeof APPROVAL_STATES)[number]
/** Of what waits for people or for its call, or runs. */
export const OPEN_STATES: readonly ApprovalState[] = ['pending', 'approved', 'executing']

/** This call, this session, or so many milliseconds and no longer than the session. */
export type Scope = 'once' | 'session' | number

/** Who must agree, and for how long that holds, as a rule says it. */
export interface ApprovalTerms {
  /** Every line must be met, by people other than the caller. */
  readonly by: readonly { readonly group: string; readonly count: number }[]
  readonly scope: Scope
  readonly reasonRequired: boolean
  readonly expiresMs: number
  /** How long what was agreed to may wait for its call. */
  readonly runWithinMs: number
  readonly notify: readonly string[]
  /** Names this wording of the rule: what was agreed to under another one does not count. */
  readonly digest: string
}

/** Somebody, as their token says. */
export interface Person {
  readonly principal: PrincipalId
  readonly issuer: string
  readonly subject: string
  readonly email?: string | undefined
  readonly name?: string | undefined
  /** Subjects and addresses of the people that this one acts for: of an agent with an account of its own. */
  readonly actsFor?: readonly string[] | undefined
}

export interface Requester extends Person {
  /** Readable names of their groups when they asked. */
  readonly groups: readonly string[]
  /** Names their session at the issuer, where their token says it: with that ends what was approved for a session. */
  readonly login?: string | undefined
  /** The OAuth client, and what it says of itself. */
  readonly clientId?: string | undefined
  readonly client?: { readonly name?: string | undefined; readonly version?: string | undefined } | undefined
}

/** A rule that wants people to agree. */
export interface Line {
  readonly rule: RuleId
  readonly group: string
  readonly count: number
}

export interface CoveredRule {
  readonly rule: RuleId
  readonly digest: string
}

/** What is shown of a call, and may be long: read for one approval at a time, or a list of them would be megabytes. */
export interface ShownCall {
  /** JSON text of the arguments as everybody may see them: masked. */
  readonly shown: string
  /** JSON text of what the policy looked at. */
  readonly facts: string
}

/** What is asked for; it never changes. */
export interface Ask {
  /** What it is good for, and nothing else: `requestHash` of the call, or of the session's use of these rules. */
  readonly hash: string
  /** The same without the definition of the tool. */
  readonly callHash: string
  /** Calls of the same kind by whomever: what the last approved one is found by. */
  readonly fingerprint: string
  readonly requester: Requester
  readonly session: SessionId
  readonly connection: string
  readonly method: string
  /** Name of the tool or prompt, or URI; empty where access is asked for ahead of need. */
  readonly target: string
  /** Hash of the tool's definition as it was last listed; empty where it never was. */
  readonly definition: string
  /** Version of the policy that wanted it. */
  readonly policy: string
  readonly rules: readonly CoveredRule[]
  readonly lines: readonly Line[]
  readonly scope: Scope
  readonly reasonRequired: boolean
  readonly runWithinMs: number
  readonly notify: readonly string[]
  readonly message?: string | undefined
}

export const VERDICTS = ['approve', 'deny', 'ask'] as const
/** `ask`: a question back to whoever wants it. */
export type Verdict = (typeof VERDICTS)[number]
export type Via = 'api' | 'page' | 'terminal' | 'slack'

export interface Vote {
  readonly voter: Person
  /** Readable names of the voter's groups when they voted. */
  readonly groups: readonly string[]
  readonly verdict: Verdict
  readonly reason: string | undefined
  readonly via: Via
  readonly atMs: number
}

export interface Approval extends Ask {
  readonly id: ApprovalId
  readonly state: ApprovalState
  readonly reason: string | undefined
  /** How often it was asked for: an agent that loops is seen by it. */
  readonly asks: number
  /** How often it was used; `once` is used once at most. */
  readonly uses: number
  readonly askedMs: number
  /** Nobody may agree after that. */
  readonly expiresMs: number
  readonly decidedMs: number | undefined
  /** It may be used until then; undefined before it is approved. */
  readonly usableUntilMs: number | undefined
  readonly endedMs: number | undefined
  /** Why it was denied, revoked or failed. */
  readonly why: string | undefined
  readonly votes: readonly Vote[]
}

/** The exact request, for those who may reveal it. */
export interface NewAsk extends Ask, ShownCall {
  readonly reason: string | undefined
  readonly expiresMs: number
  readonly exact: SealedBox
}

/** Without the letters and digits that people mix up. */
const ID_ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz'
const ID_FORM = /^[2-9A-HJ-NP-Za-km-z]{4}-[2-9A-HJ-NP-Za-km-z]{4}$/
const ID_CHARS = 8
export const APPROVAL_ID_BYTES = ID_CHARS

/** `random`: 8 random bytes. About 46 bits: a name that must not repeat, and no secret. */
export function approvalId(random: Uint8Array): ApprovalId {
  const text = Array.from(random.subarray(0, ID_CHARS), (byte) => ID_ALPHABET.charAt(byte % ID_ALPHABET.length)).join(
    '',
  )
  const id = `${text.slice(0, 4)}-${text.slice(4)}`
  if (!isApprovalId(id)) throw new RangeError('an approval id needs 8 random bytes')
  return id
}

export function isApprovalId(text: string): text is ApprovalId {
  return ID_FORM.test(text)
}

/** It waits for people, for its call, or its call runs: another one for the same is not asked for. */
export function isOpen({ state }: Pick<Approval, 'state'>): boolean {
  return OPEN_STATES.includes(state)
}

/** How long it may be used once people have agreed. `sessionMs`: the longest that a session is good for. */
export function goodForMs({ scope, runWithinMs }: Approval, sessionMs: number): number {
  if (scope === 'once') return runWithinMs
  return scope === 'session' ? sessionMs : Math.min(scope, sessionMs)
}
