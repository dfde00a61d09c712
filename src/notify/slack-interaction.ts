import { createHmac } from 'node:crypto'
import { decodeUtf8, encodeUtf8, equalSecret } from '../base/bytes.ts'
import { isObject, type JsonObject, type JsonValue, parseJson } from '../base/json.ts'
import { MINUTE_MS } from '../base/units.ts'
import { SLACK_ACTIONS, SLACK_REASON } from './slack-blocks.ts'

/** Older, or further ahead, and it may have been recorded and played again. */
export const SLACK_WINDOW_MS = 5 * MINUTE_MS

export interface SlackRequest {
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Uint8Array
}

export type Checked =
  /** `signature`: what no other request of Slack has. */
  | { readonly kind: 'signed'; readonly signature: string }
  | { readonly kind: 'refused'; readonly reason: 'slack_unsigned' | 'slack_late' | 'slack_forged' }

/** Whether it is from Slack: `v0`, HMAC-SHA256 of `v0:timestamp:body` under the signing secret, over the bytes as they came. */
export function checkSlack({ headers, body }: SlackRequest, secret: string, nowMs: number): Checked {
  const { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': given } = headers
  if (timestamp === undefined || given === undefined || !/^\d{1,12}$/.test(timestamp))
    return { kind: 'refused', reason: 'slack_unsigned' }
  if (Math.abs(nowMs - Number(timestamp) * 1000) > SLACK_WINDOW_MS) return { kind: 'refused', reason: 'slack_late' }
  const signature = `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex')}`
  return equalSecret(encodeUtf8(given), encodeUtf8(signature))
    ? { kind: 'signed', signature }
    : { kind: 'refused', reason: 'slack_forged' }
}

/** A button that somebody pressed. */
export interface SlackPress {
  readonly user: string
  readonly channel: string
  readonly verdict: 'approve' | 'deny'
  readonly approval: string
  readonly reason: string | undefined
}

/** Undefined: nothing that decides, such as a link that was followed. */
export function readPress(body: Uint8Array): SlackPress | undefined {
  const payload = payloadIn(body)
  if (payload?.['type'] !== 'block_actions') return undefined
  const button = buttonIn(payload)
  const user = textAt(payload, 'user', 'id')
  const channel = textAt(payload, 'channel', 'id')
  if (button === undefined || user === undefined || channel === undefined) return undefined
  const reason = textAt(payload, 'state', 'values', SLACK_REASON.block, SLACK_REASON.action, 'value')?.trim()
  return { user, channel, ...button, reason: reason === '' ? undefined : reason }
}

function buttonIn({ actions }: JsonObject): Pick<SlackPress, 'verdict' | 'approval'> | undefined {
  const action: JsonValue | undefined = Array.isArray(actions) && actions.length === 1 ? actions[0] : undefined
  if (!isObject(action) || typeof action['value'] !== 'string') return undefined
  const { action_id: name, value: approval } = action
  const verdict = VERDICTS.find(({ action: known }) => known === name)?.verdict
  return verdict && { verdict, approval }
}

const VERDICTS = [
  { action: SLACK_ACTIONS.approve, verdict: 'approve' },
  { action: SLACK_ACTIONS.deny, verdict: 'deny' },
] as const

function payloadIn(body: Uint8Array): JsonObject | undefined {
  const [text, ...more] = new URLSearchParams(decodeUtf8(body)).getAll('payload')
  if (text === undefined || more.length > 0) return undefined
  try {
    const value = parseJson(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function textAt(from: JsonObject, ...path: readonly string[]): string | undefined {
  let value: JsonValue | undefined = from
  for (const key of path) value = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined
  return typeof value === 'string' ? value : undefined
}
