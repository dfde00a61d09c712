import { isoMicros } from '../audit/iso-time.ts'
import type { JsonObject } from '../base/json.ts'
import type { RecordedSession } from './load-session.ts'
import { MARKS, type ReplayEvent } from './replay-event.ts'
import { textAt } from './read.ts'

/** Facts of a session, before anybody reads it. */
export interface SessionFacts {
  readonly id: string
  readonly origin: string
  readonly basis: string | undefined
  readonly era: string | undefined
  readonly who: string | undefined
  readonly client: string | undefined
  readonly connection: string | undefined
  readonly first: string
  readonly last: string
  readonly duration_us: number
  readonly records: number
  readonly calls: number
  readonly marks: Readonly<Record<string, number>>
  readonly tools: Readonly<Record<string, number>>
  readonly masked: Readonly<Record<string, number>>
  readonly bytes: number
  readonly integrity: Readonly<Record<string, number>>
}

export function sessionFacts({ basis, events, id, origin }: RecordedSession): SessionFacts {
  const first = events[0]?.at ?? 0
  const last = events.at(-1)?.at ?? first
  const calls = events.filter(({ kind, to }) => kind === 'intent' && to === 'server')
  return {
    id,
    origin,
    basis,
    era: firstText(events, 'mcp', 'era'),
    who: events.find(({ who }) => who !== undefined)?.who,
    client: firstText(events, 'actor', 'client', 'name'),
    connection: events.find(({ connection }) => connection !== undefined)?.connection,
    first: isoMicros(first),
    last: isoMicros(last),
    duration_us: last - first,
    records: events.length,
    calls: calls.length,
    marks: counted(MARKS, (mark) => events.filter(({ marks }) => marks.includes(mark)).length),
    tools: sumOf(calls.map(({ method, target }) => (method === 'tools/call' ? { [target ?? '?']: 1 } : {}))),
    masked: sumOf(events.map(({ masked }) => masked)),
    bytes: events.reduce((sum, { request, response }) => sum + (request?.bytes ?? 0) + (response?.bytes ?? 0), 0),
    integrity: sumOf(events.map(({ integrity }) => ({ [integrity]: 1 }))),
  }
}

/** `5 calls, 1 denied, 1 masked (email 1, credit_card 1)`. */
export function factsLine({ basis, calls, era, marks, masked, records }: SessionFacts): string {
  const kinds = Object.entries(masked).map(([kind, count]) => `${kind} ${count}`)
  const marked = Object.entries(marks).map(([mark, count]) => `${count} ${mark}`)
  const rests = `${era ?? 'no'} era, session by ${basis ?? 'nothing recorded'}`
  return [
    rests,
    `${records} records`,
    `${calls} calls`,
    ...marked,
    ...(kinds.length === 0 ? [] : [kinds.join(' ')]),
  ].join(', ')
}

/** The session as JSON: facts, then its events in order with bodies and envelopes. */
export function sessionJson(session: RecordedSession): JsonObject {
  return { v: 1, session: { ...sessionFacts(session) }, events: session.events.map(eventJson) }
}

function eventJson(event: ReplayEvent): JsonObject {
  const { request, response, ...rest } = event
  return {
    ...rest,
    request: request === undefined ? undefined : { ...request },
    response: response === undefined ? undefined : { ...response },
  }
}

function firstText(events: readonly ReplayEvent[], ...path: readonly string[]): string | undefined {
  for (const { envelope } of events) {
    const text = textAt(envelope, ...path)
    if (text !== undefined) return text
  }
  return undefined
}

function counted<K extends string>(keys: readonly K[], count: (key: K) => number): Readonly<Record<string, number>> {
  return Object.fromEntries(keys.map((key) => [key, count(key)]).filter(([, times]) => times !== 0))
}

function sumOf(counts: readonly Readonly<Record<string, number>>[]): Readonly<Record<string, number>> {
  const sums = new Map<string, number>()
  for (const one of counts) for (const [key, count] of Object.entries(one)) sums.set(key, (sums.get(key) ?? 0) + count)
  return Object.fromEntries(sums)
}
