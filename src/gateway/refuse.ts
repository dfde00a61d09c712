import type { Receipt } from '../audit/log.ts'
import { mask, type Masked, Unmasked } from '../masking/masked.ts'
import type { FlatHeaders } from '../downstream/exchange.ts'
import { corsHeaders } from '../downstream/preflight.ts'
import { exhaustedText } from '../limits/exhausted-text.ts'
import type { Exhausted } from '../limits/limits.ts'
import type { Denied } from '../policy/decide.ts'
import { refusalText } from '../policy/refusal-text.ts'
import type { Outbound } from '../masking/passage.ts'
import { CODES, errorReply, OUR_CODES, toolRefusal } from '../protocol/errors.ts'
import type { ClientRequest } from '../protocol/message.ts'
import { messageWithReceipt } from '../protocol/receipt-place.ts'
import { missingTasks, takesTasks } from '../protocol/tasks-extension.ts'
import type { Gateway, Place } from './gateway.ts'
import { type Judged, NOBODYS } from './judge.ts'
import { tooLongText } from './note.ts'
import { refusedOf } from './records.ts'
import { RECEIPT_HEADER } from './release.ts'
import { say } from './reply.ts'

/**
 * Refuses a request: on record first, then answered. The session lives on. A refused tool is a tool result, which the model
 * reads and can act on; an HTTP error would make clients log in anew (protocol.md, 8.3).
 */
export async function refuse(call: ClientRequest, judged: Judged, place: Place, gateway: Gateway): Promise<void> {
  const { decision, about } = judged
  if (decision.kind === 'allow') throw new TypeError('an allowed call is not refused')
  const params = mask(new Unmasked(call.bytes), judged.masking.record)
  const proof = await gateway.audit.append(refusedOf(call, { judged, params }, place, gateway))
  if (decision === NOBODYS) return sayUnknown(call, place, { proof })
  answerRefused(call, refusalText(decision, about, place.connection.facts.name), place, { proof })
}

/** SEP-2663: a task that does not exist is a fault of the params, whoever else may have one of that id. */
function sayUnknown({ id, era, params }: ClientRequest, place: Place, refused: Refused): void {
  if (era === 'modern' && !takesTasks(params)) return sayRefused(missingTasks(id), place, { ...refused, status: 400 })
  sayRefused(errorReply(id, CODES.invalidParams, 'No task of yours has this id.'), place, refused)
}

/** The same where the policy allows it, and too much of it was done already. Says when to try again. */
export async function refuseByLimit(
  call: ClientRequest,
  { judged, taken }: { judged: Judged; taken: Exhausted },
  place: Place,
  gateway: Gateway,
): Promise<void> {
  const params = mask(new Unmasked(call.bytes), judged.masking.record)
  const text = `${exhaustedText(taken)} Nothing was sent to the server.`
  const decision: Denied = {
    kind: 'deny',
    rule: taken.rule,
    matched: judged.decision.matched,
    errors: judged.decision.errors,
    shadowed: judged.decision.shadowed,
    message: text,
    groupsThatMay: [],
  }
  const said = { judged: { ...judged, decision }, params, by: 'limit' } as const
  const proof = await gateway.audit.append(refusedOf(call, said, place, gateway))
  const retryAfter = String(Math.ceil(taken.retryAfterMs / 1000))
  answerRefused(call, text, place, { proof, headers: ['Retry-After', retryAfter] })
}

/** The same where the call holds what must not go to this server, or a stand-in that does not turn back there. */
export async function refuseByMasking(
  call: ClientRequest,
  { judged, outbound }: { judged: Judged; outbound: Extract<Outbound, { kind: 'refused' }> },
  place: Place,
  gateway: Gateway,
): Promise<void> {
  const params = mask(new Unmasked(call.bytes), judged.masking.record)
  const decision: Denied = {
    kind: 'deny',
    rule: 'masking',
    matched: judged.decision.matched,
    errors: judged.decision.errors,
    shadowed: judged.decision.shadowed,
    message: whyOf(outbound),
    groupsThatMay: [],
  }
  const said = { judged: { ...judged, decision }, params, by: 'masking' } as const
  const proof = await gateway.audit.append(refusedOf(call, said, place, gateway))
  if (outbound.fault === 'too-many')
    gateway.warn('more stand-ins were to turn back for one caller than may', {
      connection: place.connection.facts.name,
    })
  // A sealed text is one of the protocol's own params, also where a tool is called.
  if (outbound.isParams) return sayRefused(errorReply(call.id, CODES.invalidParams, outbound.text), place, { proof })
  answerRefused(call, outbound.text, place, { proof })
}

/** The same where the call is longer than what its class records. Its hash is on record. */
export async function refuseByRecording(
  call: ClientRequest,
  { judged, params }: { judged: Judged; params: Masked<Uint8Array> },
  place: Place,
  gateway: Gateway,
): Promise<void> {
  const text = tooLongText(params, place)
  const { errors, matched, shadowed } = judged.decision
  const decision: Denied = {
    kind: 'deny',
    rule: 'recording',
    matched,
    errors,
    shadowed,
    message: text,
    groupsThatMay: [],
  }
  const said = { judged: { ...judged, decision }, params, by: 'recording' } as const
  const proof = await gateway.audit.append(refusedOf(call, said, place, gateway))
  answerRefused(call, text, place, { proof })
}

/** What is wrong with a stand-in is for whoever reads the record; the client hears the same words whatever it is. */
function whyOf({ why, fault, text }: Extract<Outbound, { kind: 'refused' }>): string {
  return `${fault === undefined ? why : `${why}, ${fault}`}: ${text}`
}

/** The same for a call that waits for people, or waited in vain: `text` says what the client can do. */
export async function refuseHeld(
  call: ClientRequest,
  { judged, text }: { judged: Judged; text: string },
  place: Place,
  gateway: Gateway,
): Promise<void> {
  const proof = await recordHeld(call, { judged, text }, place, gateway)
  answerRefused(call, text, place, { proof })
}

/** That a call did not run, and what its client is told. */
export async function recordHeld(
  call: ClientRequest,
  { judged, text }: { judged: Judged; text: string },
  place: Place,
  gateway: Gateway,
): Promise<Receipt<'refused'>> {
  const { decision } = judged
  const params = mask(new Unmasked(call.bytes), judged.masking.record)
  const said = decision.kind === 'allow' ? judged : { ...judged, decision: { ...decision, message: text } }
  return gateway.audit.append(refusedOf(call, { judged: said, params }, place, gateway))
}

/** That a refusal is on record, and what its answer says besides. */
interface Refused {
  readonly proof: Receipt<'refused'>
  readonly headers?: FlatHeaders
  /** 200 where it is not given. */
  readonly status?: number
}

/** What a client is told of a request that did not run. */
export function answerRefused(call: ClientRequest, text: string, place: Place, refused: Refused): void {
  sayRefused(refusalReply(call, text, place), place, refused)
}

/** The model reads the result of a tool, and everything else is an error of the protocol. */
function refusalReply({ era, id, method }: ClientRequest, text: string, { connection }: Place): Uint8Array {
  const shown = connection.hide.text(text)
  return method === 'tools/call' ? toolRefusal(id, era, shown) : errorReply(id, OUR_CODES.refused, shown)
}

/** What a call ran on was taken back: it stops, and its client is told why. What took it back is on record as such. */
export function cutShort(call: ClientRequest, text: string, place: Place): void {
  place.exchange.cut(() => say(place.exchange, 200, refusalReply(call, text, place), corsHeaders(place.headers)))
}

/** With the receipt that its client wants: that a call was asked for must not be left out either (audit.md, 4.10). */
export function sayRefused(body: Uint8Array, place: Place, { headers = [], status = 200, proof }: Refused): void {
  const { exchange } = place
  const { clientReceipt } = proof
  const all = [...headers, ...corsHeaders(place.headers)]
  if (clientReceipt === undefined) return say(exchange, status, body, all)
  if (exchange.state === 'streaming') return say(exchange, status, messageWithReceipt(body, clientReceipt), all)
  say(exchange, status, body, [...all, RECEIPT_HEADER, clientReceipt])
}

/** The same for the stream or the end of a session, which have no id to answer to. */
export function refuseSession({ decision, about }: Judged, place: Place): void {
  if (decision.kind === 'allow') throw new TypeError('an allowed call is not refused')
  const text = refusalText(decision, about, place.connection.facts.name)
  say(place.exchange, 403, errorReply(undefined, OUR_CODES.refused, text), corsHeaders(place.headers))
}
