import { concat, fromHex } from '../base/bytes.ts'
import { assert } from '../base/assert.ts'

/** Bytes of the number that shows that an answer belongs to this request. */
export const NONCE_BYTES = 8

/** A TimeStampReq in DER (RFC 3161, 2.4.1): version 1, SHA-256, the nonce, and with the certificate in the answer. */
export function timeStampRequest(sha256: Uint8Array, nonce: Uint8Array): Uint8Array {
  assert(sha256.length === 32 && nonce.length === NONCE_BYTES, 'a hash and a nonce of their length')
  const first = nonce[0] ?? 0
  assert(first >= 1 && first <= 0x7f, 'a nonce is a positive integer in its shortest form')
  return concat([HEAD, sha256, Uint8Array.of(0x02, NONCE_BYTES), nonce, Uint8Array.of(0x01, 0x01, 0xff)])
}

/** SEQUENCE { 1, SEQUENCE { SEQUENCE { id-sha256, NULL }, OCTET STRING (32) … */
const HEAD = hex('30430201013031300d060960864801650304020105000420')

function hex(text: string): Uint8Array {
  const bytes = fromHex(text)
  assert(bytes !== undefined, 'hexadecimal')
  return bytes
}
