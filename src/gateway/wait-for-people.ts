import { beforeIt } from '../approval/alike.ts'
import type { Approval } from '../approval/approval.ts'
import { encodeUtf8 } from '../base/bytes.ts'
import { stringifyJson } from '../base/json.ts'
import { SECOND_MS } from '../base/units.ts'
import type { FlatHeaders } from '../downstream/exchange.ts'
import { corsHeaders } from '../downstream/preflight.ts'
import type { ClientRequest } from '../protocol/message.ts'
import { writeEvent } from '../protocol/sse.ts'
import { needsText, pageOf, pendingText } from './approval-texts.ts'
import type { Gateway, Place } from './gateway.ts'
import { holdAsTask, mayBecomeTask } from './hold-as-task.ts'
import { wrap } from './hold-state.ts'
import type { Judged } from './judge.ts'
import { answerRefused, recordHeld, sayRefused } from './refuse.ts'
import { say } from './reply.ts'

interface Coming {
  readonly call: ClientRequest
  readonly round: number
}

/** How a client that waits is kept while people decide, from the best way down (approvals.md, 4). */
type Way =
  /** Modern: comes back by itself for as long as it is told to. */
  | 'rounds'
  /** Legacy, and it asked to be told of progress. */
  | 'progress'
  /** Legacy: an open stream with comments. */
  | 'comments'
  /** Nothing but silence. */
  | 'silence'

/** A client that is kept. */
export interface Rung {
  /** Resolves with what became of the approval; undefined once the client was told that nothing did yet. */
  wait(approval: Approval, judged: Judged): Promise<Approval | undefined>
  end(): void
}

/** Rounds in a row; SDK clients give up after ten. */
const ROUNDS_MAX = 8
const CAN_COME_BACK: readonly string[] = ['tools/call', 'prompts/get', 'resources/read']
/** Measured: with progress these wait for minutes, beyond any hold of ours. */
const PATIENT_CLIENTS = /^(?:claude-code|codex-mcp-client)/

/** Begins to keep the client of a call, or lets it go with a task. */
export function holdFor(coming: Coming, place: Place, gateway: Gateway): Rung {
  const { call } = coming
  return mayBecomeTask(call, place, gateway) ? holdAsTask(call, place, gateway) : hold(coming, place, gateway)
}

function hold({ call, round }: Coming, place: Place, gateway: Gateway): Rung {
  const way = wayOf(call, place)
  const { exchange, session } = place
  const { holds, desk, terms } = gateway.approvals
  const held = holds.begin(session.id, call.id)
  const gone = new AbortController()
  exchange.onGone(() => gone.abort())
  const signal = AbortSignal.any([gone.signal, held.signal])
  const until = gateway.now.ms() + holdMs(way, place, gateway)
  const unwatch = way === 'progress' || way === 'comments' ? openStream(place, gateway) : undefined
  session.streams += 1
  const progress = { n: 0 }
  return {
    async wait(approval, judged) {
      let now: Approval = approval
      for (;;) {
        if (way === 'progress') tellProgress(call, now, progress, { place, gateway })
        const tick = Math.min(
          until,
          gateway.now.ms() + (way === 'progress' ? terms.progressEveryMs : Number.MAX_SAFE_INTEGER),
        )
        now = (await desk.wait(now, { ms: tick, signal })) ?? now
        if (now.state !== 'pending') return now
        if (signal.aborted || gateway.now.ms() >= until) break
      }
      await sayPending(now, { call, round, way, judged, gaveUp: signal.aborted }, place, gateway)
      return undefined
    },
    end: () => {
      session.streams -= 1
      session.seenMs = gateway.now.ms()
      held.end()
      unwatch?.()
    },
  }
}

function wayOf(call: ClientRequest, { headers }: Place): Way {
  if (call.era === 'modern') return CAN_COME_BACK.includes(call.method) ? 'rounds' : 'silence'
  if (headers['accept']?.includes('text/event-stream') !== true) return 'silence'
  return call.progressToken === undefined ? 'comments' : 'progress'
}

function holdMs(way: Way, { session }: Place, { approvals }: Gateway): number {
  const { holdMs: silent, holdToldMs } = approvals.terms
  return way === 'progress' && PATIENT_CLIENTS.test(session.client?.name ?? '') ? holdToldMs : silent
}

const STREAM: FlatHeaders = ['Content-Type', 'text/event-stream']

/** Headers of our own making, and nothing of the server's: they may leave before there is an outcome (audit.md, 3.3). */
function openStream({ exchange, headers, principal }: Place, gateway: Gateway): () => void {
  exchange.begin(200, [...STREAM, ...corsHeaders(headers)])
  exchange.keepAlive(gateway.now.ms(), 0)
  return gateway.keepAlive().watch(exchange, principal)
}

function tellProgress(
  { progressToken }: ClientRequest,
  approval: Approval,
  progress: { n: number },
  { place, gateway }: { place: Place; gateway: Gateway },
): void {
  if (progressToken === undefined) return
  progress.n += 1
  const now = gateway.now.ms()
  const total = lengthOf(approval.expiresMs - approval.askedMs)
  const message = `Waiting for ${needsText(approval)} – ${pageOf(approval, gateway)} – ${lengthOf(now - approval.askedMs)} of ${total}`
  // The token is JSON text already: it goes back as it came.
  const params = `{"progressToken":${progressToken},"progress":${belowZero(progress.n)},"message":${stringifyJson(message)}}`
  const data = encodeUtf8(`{"jsonrpc":"2.0","method":"notifications/progress","params":${params}}`)
  void place.exchange.event(writeEvent({ fields: MESSAGE, data }), now)
}

/** Grows and never gets to 0, where servers begin to count: progress must increase, whoever tells it (MCP, progress). */
function belowZero(n: number): number {
  return -1 / n
}

const MESSAGE = encodeUtf8('event: message\n')

/** `02:10` */
function lengthOf(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / SECOND_MS))
  return [Math.floor(seconds / 60), seconds % 60].map((part) => String(part).padStart(2, '0')).join(':')
}

interface Said extends Coming {
  readonly way: Way
  readonly judged: Judged
  /** Nobody waits for an answer any more. */
  readonly gaveUp: boolean
}

async function sayPending(approval: Approval, said: Said, place: Place, gateway: Gateway): Promise<void> {
  const { call, round, way, judged, gaveUp } = said
  const text = pendingText(approval, pageOf(approval, gateway), beforeIt(gateway.approvals.desk, approval))
  const held = { ...judged, approval: approval.id }
  const proof = await recordHeld(
    call,
    { judged: held, text: gaveUp ? 'The client went away while the call waited.' : text },
    place,
    gateway,
  )
  if (gaveUp) {
    if (place.exchange.state === 'streaming') place.exchange.end()
    else if (place.exchange.state === 'waiting') say(place.exchange, 202, undefined, corsHeaders(place.headers))
    return
  }
  if (way !== 'rounds' || round + 1 >= ROUNDS_MAX) return answerRefused(call, text, place, { proof })
  const state = wrap(call, { approval: approval.id, round: round + 1 }, place, gateway)
  const result = stringifyJson({ resultType: 'input_required', requestState: state })
  const body = encodeUtf8(`{"jsonrpc":"2.0","id":${call.id},"result":${result}}`)
  sayRefused(body, place, { proof })
}
