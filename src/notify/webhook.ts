import { createHmac } from 'node:crypto'
import { fromBase64 } from '../base/bytes.ts'
import type { JsonValue } from '../base/json.ts'
import { fieldsOf, type Notice, time } from './notice.ts'
import { post } from './post.ts'
import type { Receiver, Sent } from './receiver.ts'
import { fill } from './template.ts'

export interface WebhookTerms {
  readonly name: string
  readonly url: string
  /** Undefined: messages are not signed. */
  readonly key: Uint8Array | undefined
  /** Value of the Authorization header. */
  readonly authorization: string | undefined
  /** What is sent instead of our own form. */
  readonly template: JsonValue | undefined
  readonly nowMs: () => number
}

const GONE = 410

/** A webhook as Standard Webhooks 1.0 describes it: an id that stays, a time, and a signature over both and the body. */
export function webhook({ name, url, key, authorization, template, nowMs }: WebhookTerms): Receiver {
  return {
    name,
    async send(notice, { signal }): Promise<Sent> {
      const body = bodyOf(notice, template)
      const seconds = String(Math.floor(nowMs() / 1000))
      const headers = {
        'content-type': 'application/json',
        'user-agent': 'sallyport',
        'webhook-id': notice.key,
        'webhook-timestamp': seconds,
        ...(key === undefined ? {} : { 'webhook-signature': signature(key, { id: notice.key, seconds, body }) }),
        ...(authorization === undefined ? {} : { authorization }),
      }
      const posted = await post({ url, headers, body, signal })
      if (posted.kind === 'failed') return posted
      const { status, afterMs } = posted
      if (status >= 200 && status < 300) return { kind: 'sent' }
      if (status === GONE) return { kind: 'unwanted', why: 'it answered with 410: it is gone' }
      const isRedirect = status >= 300 && status < 400
      const why = `it answered with ${status}${isRedirect ? ', and redirects are not followed' : ''}`
      return { kind: 'failed', why, afterMs }
    },
  }
}

function bodyOf(notice: Notice, template: JsonValue | undefined): string {
  const fields = fieldsOf(notice)
  if (template !== undefined) return JSON.stringify(fill(template, fields))
  return JSON.stringify({ type: `approval.${notice.step}`, timestamp: time(notice.atMs), data: fields })
}

/** `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`. */
export function signature(
  key: Uint8Array,
  { id, seconds, body }: { readonly id: string; readonly seconds: string; readonly body: string },
): string {
  return `v1,${createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')}`
}

const KEY_BYTES_MIN = 24
const KEY_BYTES_MAX = 64

/** The key in a secret such as `whsec_…`: 24 to 64 bytes of base64; undefined where it is none. */
export function webhookKey(secret: string): Uint8Array | undefined {
  const key = fromBase64(secret.trim().replace(/^whsec_/, ''))
  return key !== undefined && key.length >= KEY_BYTES_MIN && key.length <= KEY_BYTES_MAX ? key : undefined
}
