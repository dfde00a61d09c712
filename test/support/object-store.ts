// An S3-compatible store, as far as an anchor needs one: it checks every signature by itself, keeps what is locked, and knows
// `If-None-Match: *`.
import { createHash, createHmac } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import { concat } from '../../src/base/bytes.ts'

interface Stored {
  readonly body: Uint8Array
  readonly headers: Readonly<Record<string, unknown>>
}

export async function startObjectStore(secrets: Readonly<Record<string, string>>, region = 'eu-test-1') {
  const objects = new Map<string, Stored>()
  const refusals: string[] = []
  let lose = 0
  const server = createServer((req, res) => {
    const chunks: Uint8Array[] = []
    req.on('data', (chunk: Uint8Array) => chunks.push(chunk))
    req.on('end', () => {
      const body = concat(chunks)
      const why = refuse(req, body, secrets, region)
      if (why !== undefined) {
        refusals.push(why)
        res.writeHead(403)
        return res.end(`<?xml version="1.0"?><Error><Code>${why}</Code></Error>`)
      }
      const key = decodeURIComponent(req.url ?? '')
      const there = objects.get(key)
      if (req.method === 'GET') return there ? res.writeHead(200).end(there.body) : res.writeHead(404).end()
      if (there !== undefined && req.headers['if-none-match'] === '*') return res.writeHead(412).end()
      if (there !== undefined) return res.writeHead(403).end('<Error><Code>AccessDenied</Code></Error>')
      objects.set(key, { body, headers: req.headers })
      // The object is stored, and the answer never arrives.
      if (lose-- > 0) return req.socket.destroy()
      return res.writeHead(200).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return {
    endpoint: `http://127.0.0.1:${port}`,
    region,
    objects,
    refusals,
    loseAnswers: (count: number) => {
      lose = count
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Signature Version 4, from its description; shares nothing with the client. Undefined: right. */
function refuse(req: IncomingMessage, body: Uint8Array, secrets: Readonly<Record<string, string>>, region: string) {
  const form =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/
  const [, id = '', day = '', scope, names = '', signature] = form.exec(req.headers.authorization ?? '') ?? []
  const secret = secrets[id]
  const date = String(req.headers['x-amz-date'])
  if (secret === undefined || scope !== region || !date.startsWith(day)) return 'InvalidAccessKeyId'
  const wrong = refuseContent(req, body, names.split(';')) ?? refuseTime(date)
  if (wrong !== undefined) return wrong
  const toSign = ['AWS4-HMAC-SHA256', date, `${day}/${region}/s3/aws4_request`, sha256(canonical(req, names))].join(
    '\n',
  )
  const key = [region, 's3', 'aws4_request'].reduce(hmac, hmac(`AWS4${secret}`, day))
  return hmac(key, toSign).toString('hex') === signature ? undefined : 'SignatureDoesNotMatch'
}

function refuseTime(date: string): string | undefined {
  const at = Date.parse(date.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5'))
  return Math.abs(at - Date.now()) < 900_000 ? undefined : 'RequestTimeTooSkewed'
}

/** The body is the one that was signed, and no header of the store's own is outside of the signature. */
function refuseContent({ headers }: IncomingMessage, body: Uint8Array, signed: readonly string[]): string | undefined {
  if (!signed.includes('host')) return 'AccessDenied'
  if (Object.keys(headers).some((name) => name.startsWith('x-amz-') && !signed.includes(name))) return 'AccessDenied'
  if (body.length === 0) return undefined
  if (headers['x-amz-content-sha256'] !== sha256(body)) return 'XAmzContentSHA256Mismatch'
  const checksum = createHash('sha256').update(body).digest('base64')
  return headers['x-amz-checksum-sha256'] === checksum ? undefined : 'BadDigest'
}

function canonical({ headers, method, url }: IncomingMessage, names: string): string {
  const lines = names.split(';').map((name) => `${name}:${String(headers[name]).trim()}`)
  return [method, url, '', ...lines, '', names, headers['x-amz-content-sha256']].join('\n')
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}

function hmac(key: string | Uint8Array, text: string) {
  return createHmac('sha256', key).update(text).digest()
}
