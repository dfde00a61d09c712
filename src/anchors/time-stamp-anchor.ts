import { createHash, randomBytes, type X509Certificate } from 'node:crypto'
import * as fs from 'node:fs'
import { join } from 'node:path'
import type { SignedCheckpoint } from '../audit/checkpoint.ts'
import { writeNote } from '../audit/note.ts'
import { encodeUtf8 } from '../base/bytes.ts'
import type { Anchor } from './anchor.ts'
import { readBytes, reasonOf } from './http-answer.ts'
import { NONCE_BYTES, timeStampRequest } from './time-stamp-request.ts'
import { openTimeStamp } from './time-stamp-token.ts'

export interface TimeStampAnchorOptions {
  readonly url: string
  readonly trusted: readonly X509Certificate[]
  /** Where tokens are kept: `<size>.tsr` beside `<size>.txt`, the head that was stamped. */
  readonly folder: string
}

/** Free authorities are slow at times. */
const STAMP_MS = 20_000
const TOKEN_BYTES_MAX = 256 * 1024

/** Has the newest head stamped by a time-stamping authority (RFC 3161). A token that does not verify is not kept. */
export function timeStampAnchor(options: TimeStampAnchorOptions): Anchor {
  return { kind: 'rfc3161', place: options.url, leave: (head) => stamp(head, options) }
}

async function stamp(head: SignedCheckpoint, { folder, trusted, url }: TimeStampAnchorOptions): Promise<void> {
  const note = encodeUtf8(writeNote(head.note))
  const sha256 = createHash('sha256').update(note).digest()
  const nonce = newNonce()
  const token = await ask(url, timeStampRequest(sha256, nonce))
  openTimeStamp(token, { sha256, nonce, trusted })
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
  keep(join(folder, `${head.size}.txt`), note)
  // Last: a token without the head that it is of would prove nothing.
  keep(join(folder, `${head.size}.tsr`), token)
}

async function ask(url: string, request: Uint8Array): Promise<Uint8Array> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' },
    body: new Uint8Array(request),
    redirect: 'error',
    signal: AbortSignal.timeout(STAMP_MS),
  }).catch((failure: unknown) => {
    throw new Error(`${url} was not reached: ${reasonOf(failure)}`)
  })
  const bytes = await readBytes(response, TOKEN_BYTES_MAX)
  if (response.status !== 200) throw new Error(`${url} answered with status ${response.status}`)
  return bytes
}

/** A positive integer in its shortest form, so that it comes back as it went. */
function newNonce(): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES)
  nonce[0] = ((nonce[0] ?? 0) & 0x3f) | 0x40
  return nonce
}

function keep(path: string, bytes: Uint8Array): void {
  const fd = fs.openSync(`${path}.new`, 'w', 0o600)
  try {
    fs.writeSync(fd, bytes)
    fs.fsyncSync(fd)
  } finally {
    fs.closeSync(fd)
  }
  fs.renameSync(`${path}.new`, path)
}
