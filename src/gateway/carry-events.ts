import type { EntryIndex } from '../base/ids.ts'
import type { Evidence } from '../masking/evidence.ts'
import { dataOf, Masked, maskEvent } from '../masking/masked.ts'
import type { PassageMasking } from '../masking/passage.ts'
import type { Sent } from './carry.ts'
import { InOrder } from './in-order.ts'
import type { Gateway, Place } from './gateway.ts'
import { askAnalyzer, goneSignal } from './masking.ts'
import { isCommentOnly, passOn } from './pass-on.ts'
import { unansweredOf } from './records.ts'
import { releaseEvent } from './release.ts'
import type { ShownStream } from './show.ts'
import { charge } from './take-from-limits.ts'

/** The stream that a request was answered with, or the stream of a session. */
export interface Stream {
  readonly intent: EntryIndex
  /** The request it answers; undefined for a session's own stream. */
  readonly sent: Sent | undefined
  /** What is hidden in its events. */
  readonly masking: PassageMasking
  /** What was hidden in the event that is being carried. */
  evidence?: Evidence | undefined
  /** `Mcp-Session-Id` that came with it. */
  readonly sessionId?: string | undefined
  /** True once whoever runs the gateway was told that values came in pieces. */
  toldOfPieces?: boolean
  /** True once the reply to `sent` was seen. */
  answered?: boolean
  /** True once an event had an id: a client may ask for the stream again. */
  resumable?: boolean
}

/**
 * Carries the events of a stream to the client, one by one: masked, judged, recorded, released, in the order they came.
 * Headers leave with the first of them. Events that wait for the disk at the same time share its syncs, and a slow client
 * stops the reading of the upstream.
 */
export async function carryEvents(shown: ShownStream, of: Stream, place: Place, gateway: Gateway): Promise<void> {
  const { exchange, session, connection } = place
  const { status, headers, events, sessionId } = shown
  const stream: Stream = { ...of, sessionId }
  const order = new InOrder(gateway.limits.eventsInFlightMax)
  const unwatch = gateway.keepAlive().watch(exchange, place.principal)
  session.streams += 1
  exchange.onGone(() => events.close())
  const gone = goneSignal(place)
  try {
    for await (const raw of events) {
      await order.room()
      await askAnalyzer(dataOf(raw), stream.masking, place, gone)
      const event = maskEvent(raw, stream.masking.results, connection.hide)
      stream.evidence = stream.masking.results.takeEvidence?.()
      tellOfPieces(stream, place, gateway)
      if (isCommentOnly(Masked.read(event))) {
        // The server only says that it is alive, and so do we: no byte of its comment leaves unrecorded.
        exchange.keepAlive(gateway.now.ms(), 0)
        continue
      }
      const passed = passOn(event, stream, place, gateway)
      charge({ out: passed.out, evidence: stream.evidence }, stream.sent, gateway)
      order.push(gateway.audit.append(passed.entry), (proof) => {
        passed.once?.(proof.index)
        if (passed.out === undefined) return undefined
        return releaseEvent(passed.out, proof, exchange, { status, headers, nowMs: gateway.now.ms() })
      })
    }
    await order.drained()
    await leave(stream, place, gateway)
  } finally {
    session.streams -= 1
    session.seenMs = gateway.now.ms()
    unwatch()
    events.close()
  }
  exchange.end()
}

/** A server that cuts a value over several messages does so by chance, or to get it past: once for each stream. */
function tellOfPieces(stream: Stream, { connection }: Place, gateway: Gateway): void {
  if (stream.evidence?.pieces === undefined || stream.toldOfPieces === true) return
  stream.toldOfPieces = true
  gateway.warn('an MCP server sent a value in pieces, over several messages', {
    connection: connection.facts.name,
  })
}

/** The stream is over. A reply may still come by another one, if this could be resumed; else its call is closed here. */
async function leave({ sent, answered, resumable }: Stream, place: Place, gateway: Gateway): Promise<void> {
  if (sent === undefined) return
  const { streamed } = place.session
  if (resumable === true && sent.call.era === 'legacy') {
    const [oldest] = streamed.keys()
    if (streamed.size >= STREAMED_CALLS_MAX && oldest !== undefined) streamed.delete(oldest)
    const { intent, call, masking } = sent
    streamed.set(call.id, { intent, call, masks: masking.terms, answered: answered === true })
    return
  }
  if (answered !== true) await gateway.audit.append(unansweredOf(sent, place.exchange.state === 'done', place, gateway))
}

/** Streams of one session that a client may still come back to; more are forgotten, and their replies then refused. */
const STREAMED_CALLS_MAX = 64
