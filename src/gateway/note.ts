import type { EntryKind } from '../audit/entry.ts'
import type { Entry } from '../audit/log.ts'
import { GatewayError } from '../base/assert.ts'
import type { EntryIndex } from '../base/ids.ts'
import type { JsonObject } from '../base/json.ts'
import type { Evidence } from '../masking/evidence.ts'
import { type Masked, Masked as MaskedValue, maskText, Unmasked } from '../masking/masked.ts'
import type { Decision } from '../policy/decide.ts'
import type { Passage } from '../protocol/message.ts'
import {
  type EnvelopeActor,
  type EnvelopeDecision,
  type EnvelopeIo,
  type EnvelopeMasking,
  type EnvelopeMcp,
  type EnvelopeOutcome,
  writeAfterHead,
} from '../recording/envelope.ts'
import type { CallRef, ClientInfo, Session } from '../session/session.ts'
import type { Gateway, Place, RecordingLimit } from './gateway.ts'

/** What one record says beyond who, where and when. */
export interface Note {
  readonly of?: EntryIndex | undefined
  readonly dir?: 'c2s' | 's2c' | 'gw'
  readonly mcp?: EnvelopeMcp | undefined
  readonly decision?: EnvelopeDecision | undefined
  /** What the decision was made from. */
  readonly facts?: JsonObject | undefined
  readonly outcome?: EnvelopeOutcome | undefined
  readonly io?: EnvelopeIo | undefined
  readonly leftOut?: number | undefined
  /** What was hidden in it. */
  readonly evidence?: Evidence | undefined
  /** Stand-ins that turned back into values on the way to the server, by id. */
  readonly restored?: readonly string[] | undefined
  readonly request?: Masked<Uint8Array> | undefined
  readonly response?: Masked<Uint8Array> | undefined
}

/** Makes the entry of a passage: its envelope is masked like everything else that is kept. */
export function note<Kind extends EntryKind>(
  kind: Kind,
  at: { place: Place; gateway: Gateway },
  said: Note,
): Entry<Kind> {
  const { place, gateway } = at
  const { session, connection } = place
  const time = gateway.now.micros()
  const { leftOut } = said
  const hashOnly = isHashOnly(kind, said, connection.recording)
  const envelope = writeAfterHead(gateway.heads.of(place), {
    id: gateway.ids.record(),
    kind,
    dir: said.dir ?? 'c2s',
    of: said.of,
    ts: time,
    mono_us: gateway.now.mono(),
    session: { id: session.id, basis: session.basis, n: next(session) },
    mcp: said.mcp,
    decision:
      leftOut !== undefined && leftOut > 0
        ? { ...EMPTY_DECISION, policy: place.policy.shortVersion, left_out: leftOut }
        : said.decision,
    masking: maskingSaid(said),
    facts: said.facts,
    io: hashOnly ? { ...said.io, truncated: true } : said.io,
    outcome: said.outcome,
  })
  return {
    kind,
    time,
    session: session.id,
    retentionClass: connection.retentionClass,
    envelope: maskText(new Unmasked(envelope), connection.hide),
    request: said.request,
    response: said.response,
    // What a client hears of is an outcome, a refusal, or comes from its server.
    clientReceipt: kind === 'outcome' || kind === 'refused' || said.dir === 's2c' ? connection.receipts : undefined,
    hashOnly,
  }
}

/**
 * Whether only the hash of its bodies is kept. Throws `recording_limit` where a body is longer than its class records, and the
 * class says that it may not pass then. What is refused does not pass in any case.
 */
function isHashOnly(
  kind: EntryKind,
  { request, response }: Note,
  { maxBodyBytes, overLimit }: RecordingLimit,
): boolean {
  const bytes = Math.max(bytesOf(request), bytesOf(response))
  if (bytes <= maxBodyBytes) return false
  if (overLimit === 'hash-only' || kind === 'refused') return true
  throw new GatewayError('recording_limit', tooLong(bytes, maxBodyBytes))
}

/** Whether it may not pass because it cannot be recorded; then it is refused, on record. */
export function isTooLong(body: Masked<Uint8Array>, { connection }: Place): boolean {
  const { maxBodyBytes, overLimit } = connection.recording
  return overLimit === 'block' && bytesOf(body) > maxBodyBytes
}

/** For clients, and for the record. */
export function tooLongText(body: Masked<Uint8Array>, { connection }: Place): string {
  return tooLong(bytesOf(body), connection.recording.maxBodyBytes)
}

function tooLong(bytes: number, most: number): string {
  return `The message has ${bytes} bytes, and at most ${most} are recorded for this connection, so it may not pass. Ask for less at a time; whoever runs the gateway can raise max_body of its retention class.`
}

function bytesOf(body: Masked<Uint8Array> | undefined): number {
  return body === undefined ? 0 : MaskedValue.read(body).byteLength
}

function maskingSaid({ evidence, restored = NOTHING_RESTORED }: Note): EnvelopeMasking | undefined {
  if (evidence === undefined && restored.length === 0) return undefined
  const said = restored.length === 0 ? undefined : restored
  if (evidence === undefined) return { entities: {}, restored: said }
  const { rules, counts, bytesIn, notInspected, verified, minted, pieces, leftInPlace } = evidence
  return {
    entities: counts,
    rules,
    bytes_in: bytesIn,
    not_inspected: some(notInspected),
    left_in_place: leftInPlace,
    verified,
    minted: minted > 0 ? minted : undefined,
    pieces,
    restored: said,
  }
}

const NOTHING_RESTORED: readonly string[] = []

/** A filtered list was allowed as such; what was left out of it is what this decision is about. */
const EMPTY_DECISION = { effect: 'allow', rule: 'filtered', mode: 'enforce', latency_us: 0 } as const

function next(session: Session): number {
  session.n += 1
  return session.n
}

/** Who calls, through which client; `client` is what the client says of itself, and so is masked like everything it says. */
export function actorOf(
  { principal, address, headers, connection }: Pick<Place, 'principal' | 'address' | 'headers' | 'connection'>,
  client: ClientInfo | undefined,
): EnvelopeActor {
  const label = (text: string | undefined) => (text === undefined ? undefined : connection.masker.label(text))
  return {
    sub: principal.subject,
    iss: principal.issuer,
    email: principal.email,
    groups: principal.groups,
    client: { id: principal.clientId, name: label(client?.name), version: label(client?.version) },
    ip: address,
    ua: label(headers['user-agent']),
  }
}

export function decisionOf(
  decision: Decision,
  { place, gateway }: { place: Place; gateway: Gateway },
): EnvelopeDecision {
  return {
    effect: decision.kind === 'allow' ? (decision.would ?? 'allow') : decision.kind,
    rule: decision.rule,
    matched: decision.matched,
    errors: some(decision.errors),
    shadowed: some(decision.shadowed.map(({ rule, effect }) => `${effect} ${rule}`)),
    reason: decision.kind === 'allow' ? undefined : decision.message,
    policy: place.policy.shortVersion,
    mode: place.policy.mode,
    latency_us: gateway.now.mono() - place.since,
  }
}

/** Most decisions have none, and a record does not say so each time. */
function some(list: readonly string[]): readonly string[] | undefined {
  return list.length === 0 ? undefined : list
}

export function mcpOf(passage: Passage, place: Place): EnvelopeMcp {
  switch (passage.kind) {
    case 'request':
      return mcpOfCall(passage, place)
    case 'notification':
      return mcp(passage.era, passage.method, {}, place)
    case 'answer':
      return mcp(passage.era, '(answer)', { req_id: passage.id }, place)
    case 'listen':
      return mcp(passage.era, '(stream)', { target: passage.lastEventId }, place)
    case 'end':
      return mcp(passage.era, '(end)', {}, place)
  }
}

export function mcpOfCall({ id, era, method, target }: CallRef, place: Place, isError = false): EnvelopeMcp {
  return mcp(era, method, { target, req_id: id, is_error: isError ? true : undefined }, place)
}

type About = Pick<EnvelopeMcp, 'target' | 'req_id' | 'is_error'>

function mcp(era: EnvelopeMcp['era'], method: string, { target, req_id, is_error }: About, place: Place): EnvelopeMcp {
  const proto = place.headers['mcp-protocol-version'] ?? place.session.revision
  // Names and URIs are the words of client and server, and records are kept for years.
  const label = target === undefined ? undefined : place.connection.masker.label(target)
  return { era, proto, transport: 'http', method, target: label, req_id, is_error }
}
