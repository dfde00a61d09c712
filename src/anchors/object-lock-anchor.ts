import { createHash } from 'node:crypto'
import { AwsClient } from 'aws4fetch'
import { parseSignedCheckpoint, type SignedCheckpoint } from '../audit/checkpoint.ts'
import { writeNote } from '../audit/note.ts'
import { encodeUtf8, equal, toBase64, toHex } from '../base/bytes.ts'
import { DAY_MS } from '../base/units.ts'
import { type Anchor, AnchorConflict } from './anchor.ts'
import { readBytes, reasonOf } from './http-answer.ts'

export interface ObjectLockOptions {
  /** `https://s3.eu-central-1.amazonaws.com`; the bucket goes into the path, which every store understands. */
  readonly endpoint: string
  readonly bucket: string
  readonly region: string
  /** Before `<origin>/checkpoint/<size>`. */
  readonly prefix: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** So long nobody, the owner of the bucket included, can delete or change a head. */
  readonly retainMs: number
  readonly nowMs: () => number
}

const PUT_MS = 20_000
const ANSWER_BYTES_MAX = 64 * 1024
const PRECONDITION_FAILED = 412

/** Puts heads into object storage under Object Lock in COMPLIANCE mode, each once and for good. */
export function objectLockAnchor(options: ObjectLockOptions): Anchor {
  const { accessKeyId, secretAccessKey, region } = options
  const client = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3', retries: 0 })
  return {
    kind: 'object-lock',
    place: `${options.bucket} at ${options.endpoint}`,
    leave: (head) => put(head, client, options),
  }
}

async function put(head: SignedCheckpoint, client: AwsClient, options: ObjectLockOptions): Promise<void> {
  const note = encodeUtf8(writeNote(head.note))
  const sha256 = createHash('sha256').update(note).digest()
  const url = urlOf(head, options)
  const response = await send(client, url, {
    method: 'PUT',
    body: new Uint8Array(note),
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      // Whoever has our credentials must not put another head over this one.
      'if-none-match': '*',
      'x-amz-content-sha256': toHex(sha256),
      // A lock is refused without a checksum.
      'x-amz-checksum-sha256': toBase64(sha256),
      'x-amz-object-lock-mode': 'COMPLIANCE',
      'x-amz-object-lock-retain-until-date': untilOf(options),
    },
  })
  const text = await readBytes(response, ANSWER_BYTES_MAX)
  if (response.status === 200) return
  if (response.status === PRECONDITION_FAILED) return compare(head, client, url)
  const code = /<Code>([A-Za-z0-9]{1,60})<\/Code>/.exec(new TextDecoder().decode(text))?.[1]
  throw new Error(`${url} answered with status ${response.status}${code === undefined ? '' : ` (${code})`}`)
}

/** After an answer that was lost, the object is there already. The same tree is success; another one is a second history. */
async function compare(head: SignedCheckpoint, client: AwsClient, url: string): Promise<void> {
  const response = await send(client, url, { method: 'GET' })
  const there = response.status === 200 ? parseSignedCheckpoint(await readBytes(response, ANSWER_BYTES_MAX)) : undefined
  if (there === undefined) throw new Error(`${url} is there and cannot be read (status ${response.status})`)
  if (there.origin !== head.origin || there.size !== head.size || !equal(there.root, head.root))
    throw new AnchorConflict(`${url} holds another head with ${there.size} records`)
}

async function send(client: AwsClient, url: string, init: RequestInit): Promise<Response> {
  try {
    return await client.fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(PUT_MS) })
  } catch (failure) {
    throw new Error(`${url} was not reached: ${reasonOf(failure)}`, { cause: failure })
  }
}

/** In order of size when they are listed. */
function urlOf({ origin, size }: SignedCheckpoint, { bucket, endpoint, prefix }: ObjectLockOptions): string {
  const key = `${prefix}${origin}/checkpoint/${String(size).padStart(SIZE_DIGITS, '0')}`
  return `${endpoint.replace(/\/$/, '')}/${encodeURIComponent(bucket)}/${key.split('/').map(encodeURIComponent).join('/')}`
}

const SIZE_DIGITS = 16

/** Whole days, so that a repeated PUT asks for the same. */
function untilOf({ nowMs, retainMs }: ObjectLockOptions): string {
  const until = Math.ceil((nowMs() + retainMs) / DAY_MS) * DAY_MS
  return new Date(until).toISOString().replace(/\.\d{3}Z$/, 'Z')
}
