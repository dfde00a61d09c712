// The record: what a reader of the log sees of a message. The envelope says who did what, when, and what was decided; the
// bodies stand beside it as they passed, masked. Nothing here knows a file; the log takes text, the readers get records.
import type { Micros } from '../base/clock.ts'
import type { EntryIndex, SessionId } from '../base/ids.ts'
import { type JsonObject, stringifyJson } from '../base/json.ts'
import type { EntryKind } from '../audit/entry.ts'
import { isoMicros } from '../audit/iso-time.ts'
import { hasIndexKeys, integer, sortedText, sortKeys } from './sorted-json.ts'

/** Version 1 (audit.md, 12.2). Fields are added, never re-used. Numbers are integers; the unit is in the name. */
export interface Envelope {
  readonly id: string
  readonly kind: EntryKind
  /** `gw`: made by the gateway itself. */
  readonly dir: 'c2s' | 's2c' | 'gw'
  /** Seq of the intent that this record belongs to. */
  readonly of?: EntryIndex | undefined
  readonly ts: Micros
  readonly mono_us: number
  readonly tenant?: string | undefined
  readonly session?: EnvelopeSession | undefined
  readonly trace?: { readonly trace_id: string; readonly span_id: string } | undefined
  readonly actor?: EnvelopeActor | undefined
  readonly conn?: EnvelopeConnection | undefined
  readonly mcp?: EnvelopeMcp | undefined
  readonly decision?: EnvelopeDecision | undefined
  readonly facts?: JsonObject | undefined
  readonly masking?: EnvelopeMasking | undefined
  readonly io?: EnvelopeIo | undefined
  readonly outcome?: EnvelopeOutcome | undefined
  readonly change?: JsonObject | undefined
  readonly view?: JsonObject | undefined
  readonly alert?: JsonObject | undefined
  readonly class?: JsonObject | undefined
  readonly log?: JsonObject | undefined
  readonly tombstone?: JsonObject | undefined
  readonly hold?: JsonObject | undefined
  readonly error?: { readonly code: string; readonly detail?: string | undefined } | undefined
  readonly tags?: readonly string[] | undefined
}

export interface EnvelopeSession {
  readonly id: SessionId
  readonly basis: 'mcp-session-id' | 'process' | 'trace' | 'window'
  readonly n: number
  readonly started?: Micros | undefined
}
export interface EnvelopeActor {
  readonly sub: string
  readonly iss: string
  readonly email?: string | undefined
  readonly groups: readonly string[]
  readonly client: {
    readonly id?: string | undefined
    readonly name?: string | undefined
    readonly version?: string | undefined
  }
  readonly ip: string
  readonly ua?: string | undefined
}
export interface EnvelopeConnection {
  readonly name: string
  readonly type: 'mcp-http' | 'mcp-sse' | 'mcp-stdio' | 'tunnel'
  readonly labels: Readonly<Record<string, string>>
  readonly server?: { readonly name: string; readonly version?: string | undefined } | undefined
}
export interface EnvelopeMcp {
  readonly era: 'legacy' | 'modern'
  readonly proto?: string | undefined
  readonly transport: 'http' | 'sse' | 'stdio'
  readonly method: string
  readonly target?: string | undefined
  readonly req_id?: string | undefined
  readonly is_error?: boolean | undefined
  /** Lines of a streamed event other than its data: id, event, retry, comments. */
  readonly event?: string | undefined
}
export interface EnvelopeDecision {
  readonly effect: 'allow' | 'deny' | 'approve' | 'error'
  readonly rule: string
  readonly matched?: readonly string[] | undefined
  readonly reason?: string | undefined
  readonly policy: string
  readonly mode: 'enforce' | 'shadow'
  /** Not the rules decided, but a limit that they set. */
  readonly by?: 'limit' | 'masking' | 'recording' | undefined
  /** Rules whose condition could not be answered. */
  readonly errors?: readonly string[] | undefined
  /** Rules in shadow mode that matched, each with its effect before it: `deny no-exports`. */
  readonly shadowed?: readonly string[] | undefined
  /** How many items were left out of a list. */
  readonly left_out?: number | undefined
  readonly latency_us: number
}
export interface EnvelopeMasking {
  /** How often each action was taken on each kind, `{ email: { surrogate: 3 } }`; never a value. */
  readonly entities: Readonly<Record<string, Readonly<Record<string, number | undefined>>>>
  /** How often each kind was found where the protocol itself is written, and so was left: `{ email: 1 }`. */
  readonly left_in_place?: Readonly<Record<string, number>> | undefined
  /** Names the rules that were applied. */
  readonly rules?: string | undefined
  /** Bytes of the message before. */
  readonly bytes_in?: number | undefined
  /** Parts that nothing could be read from, by their kind. */
  readonly not_inspected?: readonly string[] | undefined
  /** `clean`: nothing was found. `passed`: what leaves was searched again. */
  readonly verified?: 'clean' | 'passed' | undefined
  /** Stand-ins that this message was the first to use. */
  readonly minted?: number | undefined
  /** Places that were hidden because of the message before, or the text before: values in pieces. */
  readonly pieces?: number | undefined
  /** Stand-ins that turned back into values on the way to the server, by id. */
  readonly restored?: readonly string[] | undefined
}
export interface EnvelopeIo {
  readonly bytes_in?: number | undefined
  readonly bytes_out?: number | undefined
  readonly status?: number | undefined
  readonly upstream_us?: number | undefined
  readonly total_us?: number | undefined
  /** Place of this message or chunk, from 0. */
  readonly part?: { readonly i: number; readonly of?: number | undefined } | undefined
  /** The body is longer than its retention class allows: it is committed to, and not kept. */
  readonly truncated?: true | undefined
}
export interface EnvelopeOutcome {
  readonly status: 'ok' | 'tool_error' | 'upstream_error' | 'cancelled' | 'refused' | 'unknown'
  readonly detail?: string | undefined
}

/**
 * The committed text: keys sorted at every level, no white space, integers only, so that it is RFC 8785 canonical JSON
 * without a canonicaliser. The literals below are in sorted order, which is what makes this cheap.
 */
export function writeEnvelope(e: Envelope): string {
  const object = {
    actor: e.actor && actor(e.actor),
    alert: sortKeys(e.alert),
    change: sortKeys(e.change),
    class: sortKeys(e.class),
    conn: e.conn && connection(e.conn),
    ...body(e),
  }
  return freeForm(e).some(hasIndexKeys) ? sortedText(object) : stringifyJson(object)
}

/** Text of what all records of one caller on one connection begin with. */
export type EnvelopeHead = string & { readonly envelopeHead: unique symbol }

/** Written once for many records of the same caller on the same connection. */
export function writeHead(caller: EnvelopeActor, conn: EnvelopeConnection): EnvelopeHead {
  const head = sortedText({ actor: actor(caller), conn: connection(conn) }).slice(0, -1)
  if (!isHead(head)) throw new TypeError('not the head of an envelope')
  return head
}

function isHead(text: string): text is EnvelopeHead {
  return text.startsWith('{"actor":')
}

/** The same text as `writeEnvelope` of an envelope with that caller and connection, for a third of the work. */
export function writeAfterHead(head: EnvelopeHead, e: PlainEnvelope): string {
  const rest = body(e)
  return `${head},${(hasIndexKeys(e.facts) ? sortedText(rest) : stringifyJson(rest)).slice(1)}`
}

/** An envelope whose remaining members, facts apart, have keys of our own choosing only. */
export type PlainEnvelope = Omit<
  Envelope,
  'actor' | 'alert' | 'change' | 'class' | 'conn' | 'hold' | 'log' | 'tombstone' | 'view'
>

function body(e: Omit<Envelope, 'actor' | 'alert' | 'change' | 'class' | 'conn'>) {
  return {
    decision: e.decision && decision(e.decision),
    dir: e.dir,
    error: e.error && { code: e.error.code, detail: e.error.detail },
    facts: sortKeys(e.facts),
    hold: sortKeys(e.hold),
    id: e.id,
    io: e.io && io(e.io),
    kind: e.kind,
    log: sortKeys(e.log),
    masking: e.masking && masking(e.masking),
    mcp: e.mcp && mcp(e.mcp),
    mono_us: integer(e.mono_us),
    of: e.of,
    outcome: e.outcome && { detail: e.outcome.detail, status: e.outcome.status },
    session: e.session && session(e.session),
    tags: e.tags,
    tenant: e.tenant,
    tombstone: sortKeys(e.tombstone),
    trace: e.trace && { span_id: e.trace.span_id, trace_id: e.trace.trace_id },
    ts: isoMicros(e.ts),
    v: 1,
    view: sortKeys(e.view),
  }
}

/** The members whose keys are not ours to order. */
function freeForm(e: Envelope): readonly (JsonObject | undefined)[] {
  return [e.alert, e.change, e.class, e.conn?.labels, e.facts, e.hold, e.log, e.masking?.entities, e.tombstone, e.view]
}

function actor({ client, email, groups, ip, iss, sub, ua }: EnvelopeActor): JsonObject {
  return { client: { id: client.id, name: client.name, version: client.version }, email, groups, ip, iss, sub, ua }
}

function connection({ labels, name, server, type }: EnvelopeConnection): JsonObject {
  return { labels: sortKeys(labels), name, server: server && { name: server.name, version: server.version }, type }
}

function decision(d: EnvelopeDecision): JsonObject {
  return {
    by: d.by,
    effect: d.effect,
    errors: d.errors,
    latency_us: integer(d.latency_us),
    left_out: integer(d.left_out),
    matched: d.matched,
    mode: d.mode,
    policy: d.policy,
    reason: d.reason,
    rule: d.rule,
    shadowed: d.shadowed,
  }
}

function io(i: EnvelopeIo): JsonObject {
  return {
    bytes_in: integer(i.bytes_in),
    bytes_out: integer(i.bytes_out),
    part: i.part && { i: integer(i.part.i), of: integer(i.part.of) },
    status: integer(i.status),
    total_us: integer(i.total_us),
    truncated: i.truncated,
    upstream_us: integer(i.upstream_us),
  }
}

function masking(m: EnvelopeMasking): JsonObject {
  return {
    bytes_in: integer(m.bytes_in),
    entities: sortKeys(m.entities),
    left_in_place: m.left_in_place && sortKeys(m.left_in_place),
    minted: integer(m.minted),
    not_inspected: m.not_inspected && [...m.not_inspected],
    pieces: integer(m.pieces),
    restored: m.restored && [...m.restored],
    rules: m.rules,
    verified: m.verified,
  }
}

function mcp({ era, event, is_error, method, proto, req_id, target, transport }: EnvelopeMcp): JsonObject {
  return { era, event, is_error, method, proto, req_id, target, transport }
}

function session({ basis, id, n, started }: EnvelopeSession): JsonObject {
  return { basis, id, n: integer(n), started: started === undefined ? undefined : isoMicros(started) }
}
