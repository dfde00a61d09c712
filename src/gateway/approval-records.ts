import type { Approval, Person } from '../approval/approval.ts'
import type { ApprovalEvent, ApprovalEventKind } from '../approval/event.ts'
import type { Entry } from '../audit/log.ts'
import type { JsonObject } from '../base/json.ts'
import { type Hide, maskText, Unmasked } from '../masking/masked.ts'
import { writeEnvelope } from '../recording/envelope.ts'
import type { OpenConnection } from './gateway.ts'
import { connectionOf } from './heads.ts'
import type { Maker } from './session-records.ts'

/**
 * What happened to an approval, in the session that asked for it. What people wrote is masked like every other text; the
 * arguments stand in the record of the call, and here only which approval it is.
 */
export function approvalEventOf(
  event: ApprovalEvent,
  approval: Approval,
  { connection, hide }: { connection: OpenConnection | undefined; hide: Hide },
  { now, ids }: Maker,
): Entry<ApprovalEventKind> {
  const { kind } = event
  const time = now.micros()
  const envelope = writeEnvelope({
    id: ids.record(),
    kind,
    dir: 'gw',
    ts: time,
    mono_us: now.mono(),
    conn: connection && connectionOf(connection),
    approval: said(event, approval, (text) => hide.text(text)),
  })
  return {
    kind,
    time,
    session: approval.session,
    retentionClass: connection?.retentionClass,
    envelope: maskText(new Unmasked(envelope), connection?.hide ?? hide),
  }
}

function said(event: ApprovalEvent, approval: Approval, hide: (text: string) => string): JsonObject {
  const { by, groups, verdict, reason, via, detail, state, atMs } = event
  const { id, requester, target, method, rules, lines, scope, policy, hash, expiresMs, usableUntilMs } = approval
  return {
    id,
    state,
    at_ms: atMs,
    by: by === undefined ? undefined : personOf(by),
    groups: groups === undefined ? undefined : [...groups],
    verdict,
    reason: reason === undefined ? undefined : hide(reason),
    via,
    detail,
    hash,
    requester: personOf(requester),
    method,
    target,
    rules: rules.map(({ rule, digest }) => `${rule} ${digest}`),
    needs: lines.map(({ rule, group, count }) => ({ rule, group, count })),
    scope: typeof scope === 'number' ? `${scope}ms` : scope,
    policy,
    expires_ms: expiresMs,
    usable_until_ms: usableUntilMs,
  }
}

function personOf({ issuer, subject, email, name }: Person): JsonObject {
  return { iss: issuer, sub: subject, email, name }
}
