import type { SecondFactor } from '../identity/fresh-login.ts'
import { DAY_MS, MINUTE_MS, parseDuration, SECOND_MS } from '../base/units.ts'
import type { NotifyConfig, NotifyEntry } from './read-notify.ts'

/** `approvals` of the main file. */
export interface ApprovalsConfig {
  readonly holdMs: number
  readonly holdToldMs: number
  readonly progressEveryMs: number
  readonly deniedMs: number
  readonly keptMs: number
  readonly pendingMax: number
  readonly pendingPerPersonMax: number
  /** By subject of the agent's account. */
  readonly actsFor: Readonly<Record<string, readonly string[]>>
  readonly loginMaxAgeMs: number
  readonly reveal: readonly string[] | undefined
  readonly notify: NotifyConfig
  readonly secondFactor: SecondFactor
}

export interface ApprovalsEntry {
  readonly hold?: string
  readonly hold_with_progress?: string
  readonly progress_every?: string
  readonly denied_for?: string
  readonly kept_for?: string
  readonly pending_max?: number
  readonly pending_per_person_max?: number
  readonly acts_for?: Readonly<Record<string, readonly string[]>>
  readonly login_max_age?: string
  readonly reveal?: readonly string[]
  readonly page?: {
    readonly issuer: string
    readonly client_id: string
    readonly client_secret?: string
    readonly scopes?: readonly string[]
  }
  readonly notify?: NotifyEntry
  readonly second_factor?: { readonly amr?: readonly string[]; readonly acr?: readonly string[] }
}

const DEFAULT = { holdMs: 45 * SECOND_MS, toldMs: 4 * MINUTE_MS, progressMs: 10 * SECOND_MS, deniedMs: 30 * MINUTE_MS }
const KEPT_MS = 90 * DAY_MS
const PENDING_MAX = 10_000
const PENDING_PER_PERSON_MAX = 100
const LOGIN_MAX_AGE_MS = 15 * MINUTE_MS

/** RFC 8176: what is more than a password alone. */
export const SECOND_FACTORS: readonly string[] = ['mfa', 'otp', 'hwk', 'swk', 'fpt', 'face', 'iris', 'retina', 'vbm']

/** The schema has looked at the durations already. */
export function readApprovals(entry: ApprovalsEntry, notify: NotifyConfig): ApprovalsConfig {
  return {
    holdMs: ms(entry.hold, DEFAULT.holdMs),
    holdToldMs: ms(entry.hold_with_progress, DEFAULT.toldMs),
    progressEveryMs: Math.max(1, ms(entry.progress_every, DEFAULT.progressMs)),
    deniedMs: ms(entry.denied_for, DEFAULT.deniedMs),
    keptMs: ms(entry.kept_for, KEPT_MS),
    pendingMax: entry.pending_max ?? PENDING_MAX,
    pendingPerPersonMax: entry.pending_per_person_max ?? PENDING_PER_PERSON_MAX,
    actsFor: entry.acts_for ?? {},
    loginMaxAgeMs: ms(entry.login_max_age, LOGIN_MAX_AGE_MS),
    reveal: entry.reveal,
    notify,
    secondFactor: { amr: entry.second_factor?.amr ?? SECOND_FACTORS, acr: entry.second_factor?.acr ?? [] },
  }
}

function ms(text: string | undefined, otherwise: number): number {
  return text === undefined ? otherwise : (parseDuration(text) ?? otherwise)
}
