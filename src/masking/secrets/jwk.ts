import { decodeLatin1, encodeUtf8 } from '../../base/bytes.ts'
import { entityId } from '../entities.ts'
import type { Hit, Sink, WordDetector } from '../find/finding.ts'
import { CLOSE_BRACE, OPEN_BRACE, QUOTE, SPACE_PATTERN } from '../keys/text-bytes.ts'

const PRIVATE_KEY = entityId('private_key')
const SCORE = 0.95
/** A key of RSA with 8,192 bits has 9,000 bytes. */
const SIDE_BYTES = 12_288
const TYPE = encodeUtf8('"kty')

/** The quote comes first: what looks for the backslashes before it would read a run of them again from each. */
const member = (names: string): RegExp =>
  new RegExp(String.raw`"(?:${names})\\*"${SPACE_PATTERN}*:${SPACE_PATTERN}*\\*"([\w-]+={0,2})(?=\\*")`, 'g')
/** What RFC 7517 and 7518 keep secret: the private parts of RSA and elliptic curves, and keys of symmetric ciphers. */
const SECRET_MEMBER = member('d|p|q|dp|dq|qi|k')
/** Further primes of RSA, and what each of them keeps secret beside its `d` (RFC 7518, 6.3.2.7). */
const OTHER_PRIMES = new RegExp(String.raw`"oth\\*"${SPACE_PATTERN}*:${SPACE_PATTERN}*\[[^\]]*`, 'g')
const SECRET_OF_PRIME = member('r|t')

/** Members of a JSON Web Key, which is an object with a `kty` (RFC 7517, 4). */
export const JWK_DETECTOR: WordDetector = { words: ['"kty'], verify }

function verify({ view: { bytes }, start }: Hit, sink: Sink): void {
  if (!sink.may(PRIVATE_KEY, SCORE)) return
  const from = braceBeside(bytes, start, -1)
  const to = braceBeside(bytes, start, 1)
  sink.spend(to - from)
  if (bytes[from] !== OPEN_BRACE || bytes[to] !== CLOSE_BRACE) return
  const text = decodeLatin1(bytes, from, to)
  addMembers(sink, { text, from }, SECRET_MEMBER)
  for (const primes of text.matchAll(OTHER_PRIMES))
    addMembers(sink, { text: primes[0], from: from + primes.index }, SECRET_OF_PRIME)
}

function addMembers(sink: Sink, { text, from }: { text: string; from: number }, members: RegExp): void {
  for (const found of text.matchAll(members)) {
    const end = from + found.index + found[0].length
    const length = found[1]?.length ?? 0
    sink.add({ entity: PRIVATE_KEY, start: end - length, end, score: SCORE, by: 'structure', rule: 'jwk' })
  }
}

/**
 * The brace of the object to one side, past those of objects in it, or what stands there instead: another type, the end of the
 * text or of what is looked at.
 */
function braceBeside(bytes: Uint8Array, start: number, step: 1 | -1): number {
  const [opens, closes] = step > 0 ? [OPEN_BRACE, CLOSE_BRACE] : [CLOSE_BRACE, OPEN_BRACE]
  let at = start + step
  let depth = 0
  for (let left = SIDE_BYTES; left > 0 && at >= 0 && at < bytes.length; left--, at += step) {
    const byte = bytes[at]
    if (byte === opens) depth++
    else if (byte === closes && depth-- === 0) break
    else if (byte === QUOTE && isType(bytes, at)) break
  }
  return Math.max(0, at)
}

function isType(bytes: Uint8Array, at: number): boolean {
  return TYPE.every((byte, i) => bytes[at + i] === byte)
}
