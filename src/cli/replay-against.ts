import { diff } from 'node:util'
import { isObject, type JsonObject, type JsonValue, parseJson } from '../base/json.ts'
import { FACT_KINDS, type Facts } from '../facts/facts.ts'
import type { RecordedSession } from '../recording/load-session.ts'
import { maskedKinds } from '../recording/print.ts'
import { replayEvent } from '../recording/replay-event.ts'
import { readable } from '../recording/timeline.ts'
import type { Compared } from './backtest-run.ts'

/** Makes a call of a tool as whoever looks, through the gateway, which decides, records and masks it like any other. */
export interface Caller {
  call(params: JsonObject): Promise<string>
}

/** What became of making a recorded call again. */
export type Again =
  | { readonly kind: 'skipped' | 'failed'; readonly why: string }
  | { readonly kind: 'same' }
  /** Lines of the old result with `-`, of the new one with `+`. */
  | { readonly kind: 'differs'; readonly diff: readonly string[] }

/** Stand-ins and masked values in arguments: what was sent then is not on record, and must not be made up. */
const HIDDEN = /\b(?:sur|h)_[a-z][a-z0-9_]*_[0-9a-z]{16,18}\b|redacted:[a-z]|\[[^\]]*masked[^\]]*\]/

/** Only what the other policy allows, and what reads by every fact that is known of it, is sent. */
export async function callAgain(compared: Compared, session: RecordedSession, caller: Caller): Promise<Again> {
  const params = paramsOf(compared)
  const why = whyNot(compared, params)
  if (why !== undefined || params === undefined) return { kind: 'skipped', why: why ?? 'its request is not on record' }
  const { seq } = compared.record.stored
  const outcome = session.events.find((event) => event.kind === 'outcome' && event.of === seq)
  if (outcome?.response === undefined) return { kind: 'skipped', why: 'its result is not on record' }
  try {
    return compareResults(outcome.response.text, await caller.call(params))
  } catch (error) {
    return { kind: 'failed', why: error instanceof Error ? error.message : 'the gateway did not answer' }
  }
}

function whyNot({ asked, is, record }: Compared, params: JsonObject | undefined): string | undefined {
  if (asked.circumstances.method !== 'tools/call') return 'it is no call of a tool'
  if (is.effect !== 'allow') return 'the policy does not allow it'
  if (!onlyReads(asked.circumstances.facts)) return 'nothing shows that it only reads'
  const { masked, request } = { masked: maskedKinds(record.envelope), request: replayEvent(record).request?.text ?? '' }
  if (Object.keys(masked).length > 0 || HIDDEN.test(request)) return 'values in it are hidden, and are not restored'
  return params === undefined ? 'its request is not on record' : undefined
}

/** Something was read in it by a parser, all of it, and everything reads. */
export function onlyReads(facts: Facts): boolean {
  const present = FACT_KINDS.map((kind) => facts[kind]).filter((one) => one.present)
  return present.length > 0 && present.every((one) => one.parsed && verbsOf(one).every((verb) => verb === 'read'))
}

function verbsOf(one: Facts[keyof Facts]): readonly string[] {
  if ('verbs' in one) return one.verbs.length === 0 ? ['unknown'] : one.verbs
  return ['GET', 'HEAD'].includes(one.method) && one.body_bytes === 0 ? ['read'] : ['unknown']
}

function paramsOf({ record }: Compared): JsonObject | undefined {
  const bytes = record.stored.parts.request?.bytes
  const message: JsonValue = bytes === undefined ? null : parseJson(bytes)
  const params = isObject(message) ? message['params'] : undefined
  if (!isObject(params)) return undefined
  // It belongs to the request then: tokens of progress, trace ids, the client of that day.
  const { _meta: _, ...rest } = params
  return rest
}

/** Stand-ins are other ones for every caller, so they compare as their kind. */
export function compareResults(before: string, after: string): Again {
  const [old, now] = [before, after].map((text) => readable(text).replaceAll(STAND_IN, '$1_…').split('\n'))
  const parts = diff(old ?? [], now ?? [])
  if (parts.every(([op]) => op === 0)) return { kind: 'same' }
  const lines = parts.filter(([op]) => op !== 0).map(([op, line]) => `${op === 1 ? '-' : '+'} ${line}`)
  const more = lines.length > DIFF_LINES ? [`… ${lines.length - DIFF_LINES} more lines`] : []
  return { kind: 'differs', diff: [...lines.slice(0, DIFF_LINES), ...more] }
}

const STAND_IN = /\b((?:sur|h)_[a-z][a-z0-9_]*)_[0-9a-z]{16,18}\b/g
const DIFF_LINES = 40
