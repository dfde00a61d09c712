import { parseJson } from '../base/json.ts'
import { mayFetch } from './issuer.ts'

/** Milliseconds for one document, redirects included. A login waits for it. */
const FETCH_TIMEOUT_MS = 5_000
/** Bytes of a metadata document or key set. Real ones have 2 to 20 KiB. */
const DOCUMENT_BYTES_MAX = 256 * 1024
/** Redirects that are followed, within one origin. */
const REDIRECTS_MAX = 3

/** Fetches a JSON document of an issuer. Throws a plain Error that names the URL and what was wrong. */
export async function fetchJson(url: string, issuer: string): Promise<unknown> {
  const signal = AbortSignal.timeout(FETCH_TIMEOUT_MS)
  const response = await follow(url, issuer, signal)
  if (response.status !== 200) {
    await response.body?.cancel()
    throw new Error(`${url} answered with status ${response.status}`)
  }
  return parseJson(await readText(response, url))
}

/** Another origin would be another party that could say whose signatures we believe. */
async function follow(url: string, issuer: string, signal: AbortSignal): Promise<Response> {
  let at = url
  for (let redirects = 0; redirects <= REDIRECTS_MAX; redirects += 1) {
    if (!mayFetch(at, issuer)) throw new Error(`${at} is not an address that keys may come from`)
    const response = await fetch(at, { redirect: 'manual', signal, headers: { accept: 'application/json' } })
    const location = response.headers.get('location')
    if (response.status < 300 || response.status >= 400 || location === null) return response
    await response.body?.cancel()
    const next = new URL(location, at)
    if (next.origin !== new URL(url).origin) throw new Error(`${url} redirects to another origin, ${next.origin}`)
    at = next.href
  }
  throw new Error(`${url} redirects more than ${REDIRECTS_MAX} times`)
}

async function readText(response: Response, url: string): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let text = ''
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > DOCUMENT_BYTES_MAX) throw new Error(`${url} sends more than ${DOCUMENT_BYTES_MAX} bytes`)
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}
