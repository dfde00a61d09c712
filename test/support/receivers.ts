// Where people are told of approvals: receivers of HTTP with a signature check of their own, a Slack that answers by script,
// and a real SMTP server. Each listens on a free port of this machine.
import { Buffer } from 'node:buffer'
import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { SMTPServer } from 'smtp-server'
import { portOf } from './issuer.ts'
import { isRecord } from './process.ts'

export interface Got {
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
  readonly body: Readonly<Record<string, unknown>>
}

export interface HttpReceiver {
  readonly url: string
  readonly got: readonly Got[]
  [Symbol.asyncDispose](): Promise<void>
}

/** `answer` says what the n-th request gets, from 1; it may answer the whole of it by itself. */
export async function startHttpReceiver(
  answer: (got: Got, n: number, response: ServerResponse) => { status: number; body?: string } | undefined,
): Promise<HttpReceiver> {
  const got: Got[] = []
  const server = createServer((request, response) => {
    void hear(request, response)
  })
  const hear = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const text = await readText(request)
    const { url: path = '', headers } = request
    const one = { path, headers, text, body: objectIn(text) }
    got.push(one)
    const answered = answer(one, got.length, response)
    if (answered !== undefined)
      response.writeHead(answered.status, { 'content-type': 'application/json' }).end(answered.body ?? '{}')
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${portOf(server.address())}`,
    got,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** What a receiver does by the text of Standard Webhooks, 1.0: id, time and body under the key, compared in constant time. */
export function isSigned({ headers, text }: Got, secret: string): boolean {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
  const { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': signature } = headers
  if (Math.abs(Date.now() / 1000 - Number(seconds)) > 300) return false
  const wanted = createHmac('sha256', key).update([id, seconds, text].join('.')).digest()
  return String(signature)
    .split(' ')
    .filter((one) => one.startsWith('v1,'))
    .map((one) => Buffer.from(one.slice(3), 'base64'))
    .some((one) => one.length === wanted.length && timingSafeEqual(one, wanted))
}

/** A Slack: it takes messages, and signs what its buttons send. */
export async function startSlack() {
  const receiver = await startHttpReceiver(({ path, body }, n) => {
    const { channel } = body
    const id = channel === '#approvals' ? 'C0APPROVALS' : channel
    const answer = {
      ok: true,
      channel: id,
      ts: path === '/chat.update' ? body['ts'] : `1700000000.${String(n).padStart(6, '0')}`,
    }
    return { status: 200, body: JSON.stringify(answer) }
  })
  return {
    url: `${receiver.url}/`,
    got: receiver.got,
    of: (method: string) => receiver.got.filter(({ path }) => path === `/${method}`),
    [Symbol.asyncDispose]: () => receiver[Symbol.asyncDispose](),
  }
}

export interface Press {
  readonly user: string
  readonly action: 'sallyport_approve' | 'sallyport_deny' | 'sallyport_open'
  readonly id: string
  readonly reason?: string
}

/** The body that Slack posts when somebody presses a button. */
export function pressBody({ user, action, id, reason }: Press): string {
  const payload = {
    type: 'block_actions',
    user: { id: user, username: 'somebody' },
    channel: { id: 'C0APPROVALS' },
    trigger_id: '1.2.3',
    actions: [{ action_id: action, value: id, type: 'button' }],
    state: { values: { sallyport_reason: { reason: { type: 'plain_text_input', value: reason ?? null } } } },
  }
  return new URLSearchParams({ payload: JSON.stringify(payload) }).toString()
}

export function slackHeaders(body: string, secret: string, seconds = Math.floor(Date.now() / 1000)) {
  const signature = createHmac('sha256', secret).update(`v0:${seconds}:${body}`).digest('hex')
  return {
    'content-type': 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': String(seconds),
    'x-slack-signature': `v0=${signature}`,
  }
}

export interface Mail {
  readonly from: string
  readonly to: readonly string[]
  readonly text: string
}

/** A real SMTP server; `refuse` says which recipients it does not know, `startTls` has a certificate that it signed itself. */
export async function startMailServer(
  options: { readonly refuse?: (address: string) => boolean; readonly startTls?: boolean } = {},
) {
  const mails: Mail[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: options.startTls === true ? ['AUTH'] : ['STARTTLS', 'AUTH'],
    onRcptTo: ({ address }, _session, done) =>
      done(
        options.refuse?.(address) === true ? Object.assign(new Error('no such mailbox'), { responseCode: 550 }) : null,
      ),
    onData: (stream, { envelope }, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address
        mails.push({ from, to: envelope.rcptTo.map(({ address }) => address), text: Buffer.concat(chunks).toString() })
        done()
      })
    },
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  return {
    url: `smtp://127.0.0.1:${portOf(server.server.address())}`,
    mails,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

/** Waits until `look` finds something. */
export async function soon<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 400; tries += 1) {
    const found = await look()
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('it did not happen')
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

function objectIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : {}
  } catch {
    return {}
  }
}
