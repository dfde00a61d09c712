// A URL in the arguments of a tool, as the WHATWG URL Standard reads it. Where other readers are known to see another
// host than that standard does, the URL is not parsed: an upstream may be one of them.
import { NO_HTTP, type HttpFacts } from '../facts.ts'
import { badCharacters } from '../text.ts'
import { isPrivateHost } from './private-address.ts'

/** Characters. Servers and proxies take about as much. */
const URL_LENGTH_MAX = 8_192

export interface HttpInput {
  readonly url: string
  readonly method?: string | undefined
  readonly bodyBytes?: number | undefined
}

/** Reads one URL. A scheme other than http and https is shown as it is, and its host is private unless known to be public. */
export function readHttp(input: HttpInput): HttpFacts {
  const method = (input.method ?? 'GET').toUpperCase()
  const error = faultOf(input.url) ?? (/^[A-Z]{1,32}$/.test(method) ? undefined : 'the method is no word')
  const url = error === undefined ? URL.parse(input.url) : null
  if (url === null) return { ...NO_HTTP, present: true, error: error ?? 'not an absolute URL' }
  const scheme = url.protocol.slice(0, -1)
  const host = isHttp(scheme) ? url.hostname : hostOfOther(url.hostname)
  return {
    present: true,
    parsed: true,
    error: '',
    method,
    scheme,
    host: host.replace(/\.+$/, ''),
    port: url.port === '' ? defaultPort(scheme) : Number(url.port),
    path: url.pathname,
    private_address: isPrivateHost(host),
    userinfo: url.username !== '' || url.password !== '',
    body_bytes: input.bodyBytes ?? 0,
  }
}

function faultOf(text: string): string | undefined {
  if (text.length > URL_LENGTH_MAX) return `the URL is longer than ${URL_LENGTH_MAX} characters`
  // The standard drops tabs, newlines and spaces at the ends; others stop there.
  if (/[\s\\]/.test(text)) return 'the URL has white space or a backslash'
  const hidden = badCharacters(text)
  if (hidden !== undefined) return hidden
  const parts = /^([a-z][a-z0-9+.-]*):(\/\/([^/?#]*))?/i.exec(text)
  const scheme = parts?.[1]?.toLowerCase()
  if (scheme === undefined) return 'not an absolute URL'
  const authority = parts?.[3] ?? ''
  // `http:host`, `http:/host` and `http:///host` have a host for browsers only.
  if (isHttp(scheme) && authority === '') return 'the URL has no host'
  return authorityFault(authority)
}

function authorityFault(authority: string): string | undefined {
  const at = authority.indexOf('@')
  if (at !== authority.lastIndexOf('@')) return 'the URL has more than one @ before the path'
  const host = authority.slice(at + 1)
  // Escapes and letters that are folded to ASCII are read by some and not by others.
  if (!/^(?:[a-z0-9._-]*|\[[0-9a-f:.]+\])(?::\d*)?$/i.test(host)) return 'the host of the URL has unusual characters'
  return undefined
}

/** Hosts of other schemes are not normalised by the standard. */
function hostOfOther(host: string): string {
  return host === '' ? '' : (URL.parse(`http://${host}`)?.hostname ?? '')
}

function isHttp(scheme: string): boolean {
  return scheme === 'http' || scheme === 'https'
}

function defaultPort(scheme: string): number {
  if (scheme === 'https') return 443
  return scheme === 'http' ? 80 : 0
}
