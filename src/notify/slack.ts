import { isObject, type JsonObject, parseJson } from '../base/json.ts'
import { post } from './post.ts'
import type { Receiver, Sent } from './receiver.ts'
import { slackMessage, type SlackVotes } from './slack-blocks.ts'

export interface SlackApi {
  /** `https://slack.com/api/` */
  readonly url: string
  readonly token: string
}

export interface SlackTerms extends SlackApi {
  /** Name of the receiver: `slack:#approvals`. */
  readonly name: string
  readonly channel: string
  readonly votes: SlackVotes
}

/** A channel in Slack: one message for each approval, which says later what became of it and loses its buttons then. */
export function slack({ name, channel, votes, ...api }: SlackTerms): Receiver {
  return {
    name,
    async send(notice, { first, signal }): Promise<Sent> {
      const message = slackMessage(notice, votes)
      const place = first === undefined ? undefined : placeOf(first)
      if (place === undefined) return posted(api, { channel, ...message }, signal)
      return updated({ api, message, place }, signal)
    },
  }
}

async function posted(api: SlackApi, message: JsonObject, signal: AbortSignal): Promise<Sent> {
  const answer = await slackCall(api, 'chat.postMessage', message, signal)
  if (answer.kind !== 'ok') return answer
  const { channel, ts } = answer.answer
  const isPlace = typeof channel === 'string' && typeof ts === 'string'
  return { kind: 'sent', remote: isPlace ? `${channel} ${ts}` : undefined }
}

interface Updating {
  readonly api: SlackApi
  readonly message: JsonObject
  readonly place: { readonly channel: string; readonly ts: string }
}

async function updated({ api, message, place }: Updating, signal: AbortSignal): Promise<Sent> {
  const answer = await slackCall(api, 'chat.update', { ...message, ...place }, signal)
  if (answer.kind === 'ok') return { kind: 'sent' }
  // Somebody deleted it, so there is nothing left to decide with either.
  return answer.why === 'message_not_found' ? { kind: 'unwanted', why: 'the message was deleted' } : answer
}

function placeOf(first: string): { readonly channel: string; readonly ts: string } | undefined {
  const [channel, ts] = first.split(' ')
  return channel === undefined || ts === undefined ? undefined : { channel, ts }
}

type SlackAnswer =
  | { readonly kind: 'ok'; readonly answer: JsonObject }
  | { readonly kind: 'failed'; readonly why: string; readonly afterMs?: number | undefined }

/** Calls a method of Slack's Web API. */
export async function slackCall(
  { url, token }: SlackApi,
  method: string,
  message: JsonObject,
  signal: AbortSignal,
): Promise<SlackAnswer> {
  const headers = { 'content-type': 'application/json; charset=utf-8', authorization: `Bearer ${token}` }
  const answered = await post({ url: `${url}${method}`, headers, body: JSON.stringify(message), signal })
  if (answered.kind === 'failed') return answered
  const { status, text, afterMs } = answered
  if (status !== OK) return { kind: 'failed', why: `Slack answered ${method} with ${status}`, afterMs }
  const answer = objectIn(text)
  if (answer?.['ok'] === true) return { kind: 'ok', answer }
  return {
    kind: 'failed',
    why: typeof answer?.['error'] === 'string' ? answer['error'].slice(0, 100) : 'no answer of Slack',
  }
}

const OK = 200

function objectIn(text: string): JsonObject | undefined {
  try {
    const value = parseJson(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
