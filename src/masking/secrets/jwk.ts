import { decodeLatin1, encodeUtf8 } from '../../base/bytes.ts'
import { entityId } from '../entities.ts'
import type { Hit, Sink, WordDetector } from '../find/finding.ts'
import { CLOSE_BRACE, OPEN_BRACE, QUOTE, SPACE_PATTERN } from '../keys/text-bytes.ts'

const PRIVATE_KEY = entityId('private_key')
const SCORE = 0.95
/** A key of RSA with 8,192 bits has 9,000 bytes. */
const SIDE_BYTES = 12_288
const TYPE = encodeUtf8('"kty')

/** What RFC 7517 and 7518 keep secret: the private parts of RSA and elliptic curves, and keys of symmetric ciphers. */
const SECRET_MEMBER = new RegExp(
  String.raw`\\*"(?:d|p|q|dp|dq|qi|k)\\*"${SPACE_PATTERN}*:${SPACE_PATTERN}*\\*"([\w-]{16,}={0,2})(?=\\*")`,
  'g',
)

/** Members of a JSON Web Key, which is an object with a `kty` (RFC 7517, 4). */
export const JWK_DETECTOR: WordDetector = { words: ['"kty'], verify }

function verify({ view: { bytes }, start }: Hit, sink: Sink): void {
  if (!sink.may(PRIVATE_KEY, SCORE)) return
  const from = braceBeside(bytes, start, -1)
  const to = braceBeside(bytes, start, 1)
  sink.spend(to - from)
  if (bytes[from] !== OPEN_BRACE || bytes[to] !== CLOSE_BRACE) return
  for (const member of decodeLatin1(bytes, from, to).matchAll(SECRET_MEMBER)) {
    const end = from + member.index + member[0].length
    const length = member[1]?.length ?? 0
    sink.add({ entity: PRIVATE_KEY, start: end - length, end, score: SCORE, by: 'structure', rule: 'jwk' })
  }
}

/** The next brace to one side, or what stands there instead: another type, the end of the text or of what is looked at. */
function braceBeside(bytes: Uint8Array, start: number, step: 1 | -1): number {
  let at = start + step
  for (let left = SIDE_BYTES; left > 0 && at >= 0 && at < bytes.length; left--, at += step) {
    const byte = bytes[at]
    if (byte === OPEN_BRACE || byte === CLOSE_BRACE || (byte === QUOTE && isType(bytes, at))) break
  }
  return Math.max(0, at)
}

function isType(bytes: Uint8Array, at: number): boolean {
  return TYPE.every((byte, i) => bytes[at + i] === byte)
}
