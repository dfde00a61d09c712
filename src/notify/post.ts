import { decodeUtf8 } from '../base/bytes.ts'
import { SECOND_MS } from '../base/units.ts'

export type Posted =
  | { readonly kind: 'answer'; readonly status: number; readonly text: string; readonly afterMs: number | undefined }
  | { readonly kind: 'failed'; readonly why: string }

export interface Post {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly signal: AbortSignal
}

const PATIENCE_MS = 10 * SECOND_MS
const ANSWER_BYTES_MAX = 65_536

/** Posts a body and reads a bounded answer. A redirect is an answer and is not followed: whom it names was never configured. */
export async function post({ url, headers, body, signal }: Post): Promise<Posted> {
  const late = AbortSignal.timeout(PATIENCE_MS)
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
      signal: AbortSignal.any([signal, late]),
    })
    const text = await readText(response)
    if (text === undefined) return { kind: 'failed', why: `the answer is longer than ${ANSWER_BYTES_MAX} bytes` }
    return { kind: 'answer', status: response.status, text, afterMs: afterMs(response.headers.get('retry-after')) }
  } catch (failure) {
    return { kind: 'failed', why: late.aborted ? `no answer within ${PATIENCE_MS / SECOND_MS} s` : reasonOf(failure) }
  }
}

async function readText(response: Response): Promise<string | undefined> {
  const chunks: string[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length
    if (bytes > ANSWER_BYTES_MAX) return undefined
    chunks.push(decodeUtf8(chunk))
  }
  return chunks.join('')
}

/** RFC 9110, 10.2.3, in seconds; a date is not worth a clock. */
function afterMs(header: string | null): number | undefined {
  return header !== null && /^\d{1,6}$/.test(header) ? Number(header) * SECOND_MS : undefined
}

/** "fetch failed" says nothing; its cause does. */
function reasonOf(failure: unknown): string {
  if (!(failure instanceof Error)) return String(failure)
  const { cause } = failure
  return cause instanceof Error ? cause.message || cause.name : failure.message
}
