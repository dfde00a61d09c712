import type { Exhausted, Lease } from '../limits/limits.ts'
import type { Evidence } from '../masking/evidence.ts'
import { type Masked, Masked as MaskedValue } from '../masking/masked.ts'
import { nameOf } from '../policy/decide.ts'
import type { Sent } from './carry.ts'
import type { Gateway, Place } from './gateway.ts'
import type { Judged } from './judge.ts'

type TakenHere = { readonly kind: 'taken'; readonly lease: Lease | undefined } | Exhausted

/** Counts a permitted call against the limits that the policy sets for it: against all of them, or it is refused. */
export function takeFromLimits({ decision, about }: Judged, place: Place, gateway: Gateway): TakenHere {
  if (decision.kind === 'deny' || decision.obligations.limits.length === 0) return NOT_LIMITED
  const { principal, connection, session } = place
  const subject = {
    identity: principal.id,
    connection: connection.facts.name,
    // What was taken is kept by this name, and a client may call a tool whatever it likes.
    tool: connection.masker.label(nameOf(about)),
    session: session.id,
    client: principal.clientId ?? '',
  }
  return gateway.rateLimits.take(decision.obligations.limits, subject, gateway.now.ms())
}

const NOT_LIMITED = { kind: 'taken', lease: undefined } as const

interface Going {
  readonly out: Masked<Uint8Array> | undefined
  /** What was hidden in it. */
  readonly evidence: Evidence | undefined
}

/** What goes out to the client counts against limits of bytes and of masked values: of a reply, or of each event of a stream. */
export function charge({ out, evidence }: Going, sent: Sent | undefined, gateway: Gateway): void {
  if (out === undefined || sent?.lease === undefined) return
  const now = gateway.now.ms()
  sent.lease.bytes(MaskedValue.read(out).byteLength, now)
  const masked = countOf(evidence)
  if (masked > 0) sent.lease.masked(masked, now)
}

function countOf(evidence: Evidence | undefined): number {
  let count = 0
  for (const actions of Object.values(evidence?.counts ?? {}))
    for (const [action, times] of Object.entries(actions)) if (action !== 'allow') count += times
  return count
}
