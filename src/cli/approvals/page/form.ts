import { decodeUtf8 } from '../../../base/bytes.ts'
import type { ApiRequest } from '../../../downstream/http.ts'

export type Form = Pick<URLSearchParams, 'get'>

/** A reason, with each character escaped. */
const FORM_BYTES_MAX = 65_536
const FORM = /^application\/x-www-form-urlencoded\s*(?:;|$)/i

/** What a form of the page sent; undefined for anything else. */
export async function readForm({
  headers,
  readBody,
}: Pick<ApiRequest, 'headers' | 'readBody'>): Promise<Form | undefined> {
  if (!FORM.test(headers['content-type'] ?? '')) return undefined
  const body = await readBody(FORM_BYTES_MAX)
  if (body.kind !== 'body') return undefined
  try {
    const fields = new URLSearchParams(decodeUtf8(body.bytes))
    return new Set(fields.keys()).size === [...fields.keys()].length ? fields : undefined
  } catch {
    return undefined
  }
}

/** Whether a browser says that the form came from a page of this gateway; the proof in the form comes on top of it. */
export function isFromHere({ headers }: Pick<ApiRequest, 'headers'>, baseUrl: string): boolean {
  const { origin } = headers
  if (origin !== undefined) return origin === new URL(baseUrl).origin
  return headers['sec-fetch-site'] === 'same-origin'
}
