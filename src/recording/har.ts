import type { JsonObject } from '../base/json.ts'
import { isoMicros } from '../audit/iso-time.ts'
import type { RecordedSession } from './load-session.ts'
import { numberAt, textAt } from './read.ts'
import type { ReplayBody, ReplayEvent } from './replay-event.ts'
import { sessionFacts } from './session-summary.ts'

/**
 * The session as HAR 1.2, an entry for each call. What went over the wire between gateway and server is not recorded, only
 * what passed, masked: so URLs are made up (`https://CONNECTION.mcp.invalid/`), and our own fields stand under `_mcp`.
 */
export function har(session: RecordedSession, version: string): JsonObject {
  const outcomes = new Map(session.events.flatMap((one) => (one.kind === 'outcome' ? [[one.of, one] as const] : [])))
  const calls = session.events.filter(({ kind }) => kind === 'intent' || kind === 'refused')
  return {
    log: {
      version: '1.2',
      creator: { name: 'sallyport', version },
      comment: `session ${session.id}`,
      entries: calls.map((call) => entryOf(call, call.kind === 'intent' ? outcomes.get(call.seq) : undefined)),
      _mcp: { ...sessionFacts(session) },
    },
  }
}

function entryOf(call: ReplayEvent, outcome: ReplayEvent | undefined): JsonObject {
  const tookMs = (outcome?.took_us ?? (outcome === undefined ? 0 : Math.max(0, outcome.at - call.at))) / 1000
  const startUs = outcome?.took_us === undefined ? call.at : outcome.at - outcome.took_us
  return {
    startedDateTime: isoMicros(startUs),
    time: tookMs,
    request: requestOf(call),
    response: responseOf(outcome),
    cache: {},
    timings: { send: 0, wait: tookMs, receive: 0 },
    _mcp: {
      seq: call.seq,
      outcome_seq: outcome?.seq,
      kind: call.kind,
      who: call.who,
      connection: call.connection,
      method: call.method,
      target: call.target,
      effect: call.effect,
      rule: call.rule,
      reason: call.reason,
      policy: call.policy,
      status: outcome?.status ?? call.status,
      masked: { ...call.masked, ...outcome?.masked },
      integrity: [call.integrity, ...(outcome === undefined ? [] : [outcome.integrity])],
    },
  }
}

function requestOf({ connection, envelope, method, request, target }: ReplayEvent): JsonObject {
  const path = [method ?? '', target].filter((part) => part !== undefined).map(encodeURIComponent)
  return {
    method: 'POST',
    url: `https://${encodeURIComponent(connection ?? 'gateway')}.mcp.invalid/${path.join('/')}`,
    httpVersion: textAt(envelope, 'mcp', 'transport') === 'stdio' ? 'stdio' : 'HTTP/1.1',
    cookies: [],
    headers: [],
    queryString: [],
    ...(request === undefined ? {} : { postData: { mimeType: 'application/json', text: request.text } }),
    headersSize: -1,
    bodySize: request?.bytes ?? 0,
  }
}

function responseOf(outcome: ReplayEvent | undefined): JsonObject {
  const status = outcome === undefined ? undefined : numberAt(outcome.envelope, 'io', 'status')
  return {
    // 0 is what browsers write where no answer came.
    status: status ?? (outcome?.status === 'ok' ? 200 : 0),
    statusText: outcome?.status ?? 'refused',
    httpVersion: 'HTTP/1.1',
    cookies: [],
    headers: [],
    content: contentOf(outcome?.response),
    redirectURL: '',
    headersSize: -1,
    bodySize: outcome?.response?.bytes ?? 0,
  }
}

function contentOf(body: ReplayBody | undefined): JsonObject {
  if (body === undefined) return { size: 0, mimeType: 'x-unknown' }
  const { base64, bytes, text } = body
  return { size: bytes, mimeType: 'application/json', text, ...(base64 ? { encoding: 'base64' } : {}) }
}
