import type { JsonObject } from '../base/json.ts'
import { SECOND_MS } from '../base/units.ts'

/** What of a token says that its person logged in with more than a password (RFC 8176; OpenID Connect Core, 2). */
export interface SecondFactor {
  /** Values of `amr`, any of which is enough. */
  readonly amr: readonly string[]
  /** Values of `acr`, any of which is enough. */
  readonly acr: readonly string[]
}

/** Why a login is not good enough for what needs a person who is there now; undefined where it is. */
export function freshLogin(
  claims: JsonObject,
  { amr, acr, withinSeconds, nowMs }: SecondFactor & { readonly withinSeconds: number; readonly nowMs: number },
): string | undefined {
  const { auth_time: authTime, amr: methods, acr: level } = claims
  if (typeof authTime !== 'number') return 'The token does not say when you logged in. Log in again, with max_age.'
  // A login from the future is no login; clocks may be off by a little.
  const ageMs = nowMs - authTime * SECOND_MS
  if (ageMs > withinSeconds * SECOND_MS || ageMs < -CLOCK_SKEW_MS)
    return `You logged in too long ago. Log in again, at most ${withinSeconds} seconds before.`
  const byMethod =
    Array.isArray(methods) && methods.some((method) => typeof method === 'string' && amr.includes(method))
  const byLevel = typeof level === 'string' && acr.includes(level)
  return byMethod || byLevel ? undefined : 'You logged in without a second factor. Log in again, with one.'
}

const CLOCK_SKEW_MS = 30_000
