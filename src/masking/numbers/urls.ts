import { entityId } from '../entities.ts'
import type { Hit, Sink, WordDetector } from '../find/finding.ts'
import { ALNUM, DIGIT, skipEscape, startsWord, tableOf, union } from '../scan/bytes-tables.ts'

const URL_ENTITY = entityId('url')
const SCORE_SCHEME = 0.7
/** `example.com` is the name of a file or a package as well. */
const SCORE_HOST = 0.5
const URL_BYTES_MAX = 2048
const SCHEME_BYTES_MAX = 24
const HOST_BYTES_MAX = 253
const SCHEME = '://'
const AT_SIGN = 0x40
const DOT = 0x2e
const SLASH = 0x2f
const HOST = union(ALNUM, tableOf('.-'))
/** Brackets, quotes, spaces and backslashes end an address in text. */
const REST = union(ALNUM, tableOf("-._~:/?#@!$&()*+,;=%[]'"))
const SCHEME_BYTES = union(ALNUM, tableOf('+.-'))
/** At the end they belong to the sentence. */
const TRAILING = tableOf(".,;:!?)]'")
const DOMAINS = [
  '.com',
  '.org',
  '.net',
  '.edu',
  '.gov',
  '.io',
  '.dev',
  '.app',
  '.co',
  '.info',
  '.biz',
  '.eu',
  '.de',
  '.uk',
  '.fr',
  '.es',
  '.it',
  '.nl',
  '.pl',
  '.se',
  '.br',
  '.jp',
  '.cn',
  '.in',
  '.au',
  '.ca',
  '.ch',
  '.at',
  '.be',
  '.ru',
  '.us',
  '.me',
  '.ai',
] as const

/** Addresses of the web: with a scheme, with `www.`, or a bare host with a common top level domain. */
export const URLS: WordDetector = { words: [SCHEME, 'www.', ...DOMAINS], verify }

function verify(hit: Hit, sink: Sink): void {
  if (!sink.may(URL_ENTITY, SCORE_HOST)) return
  const word = URLS.words[hit.word]
  const span = word === SCHEME ? withScheme(hit) : bareHost(hit, word === 'www.')
  if (span === undefined) return
  sink.spend(span.end - span.start)
  sink.add({ entity: URL_ENTITY, ...span, by: 'shape', rule: 'url' })
}

interface Span {
  readonly start: number
  readonly end: number
  readonly score: number
}

function withScheme({ view, start, end }: Hit): Span | undefined {
  const { bytes } = view
  const from = skipEscape(view, walkLeft(bytes, start, { table: SCHEME_BYTES, most: SCHEME_BYTES_MAX }), start)
  const to = endOfUrl(bytes, end)
  return from === start || DIGIT[bytes[from] ?? 0] === 1 || to <= end
    ? undefined
    : { start: from, end: to, score: SCORE_SCHEME }
}

function bareHost(hit: Hit, isWww: boolean): Span | undefined {
  const { view, start, end } = hit
  const { bytes } = view
  const from = isWww ? start : skipEscape(view, walkLeft(bytes, start, { table: HOST, most: HOST_BYTES_MAX }), start)
  if (!startsWord(view, from) || bytes[from - 1] === AT_SIGN || bytes[from - 1] === SLASH) return undefined
  const host = endOfHost(bytes, end)
  const isWhole = isWww ? bytes.subarray(end, host).includes(DOT) : from < start && endsHost(bytes, end, host)
  if (!isWhole) return undefined
  return {
    start: from,
    end: bytes[host] === SLASH ? endOfUrl(bytes, host) : host,
    score: isWww ? SCORE_SCHEME : SCORE_HOST,
  }
}

/** No longer top level domain, and no further label but a country's: that one would be a hit of its own. */
function endsHost(bytes: Uint8Array, end: number, host: number): boolean {
  return ALNUM[bytes[end] ?? 0] === 0 && host - end <= '.xx'.length
}

function endOfHost(bytes: Uint8Array, from: number): number {
  let end = from
  while (end - from < HOST_BYTES_MAX && HOST[bytes[end] ?? 0] === 1) end += 1
  while (end > from && ALNUM[bytes[end - 1] ?? 0] === 0) end -= 1
  return end
}

function endOfUrl(bytes: Uint8Array, from: number): number {
  let end = from
  while (end - from < URL_BYTES_MAX && REST[bytes[end] ?? 0] === 1) end += 1
  while (end > from && TRAILING[bytes[end - 1] ?? 0] === 1) end -= 1
  return end
}

function walkLeft(bytes: Uint8Array, start: number, { table, most }: { table: Uint8Array; most: number }): number {
  let from = start
  while (from > 0 && start - from < most && table[bytes[from - 1] ?? 0] === 1) from -= 1
  return from
}
