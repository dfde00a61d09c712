import { expect, it } from 'vitest'
import { startMailServer } from '../../test/support/receivers.ts'
import { email, type MailServer } from './email.ts'
import type { Notice } from './notice.ts'

const NOTICE: Notice = {
  key: '7Kq2-9FzR.requested',
  id: '7Kq2-9FzR',
  step: 'requested',
  state: 'pending',
  isOpen: true,
  isAlert: false,
  title: 'Approval wanted',
  link: 'https://mcp.example.com/approvals/7Kq2-9FzR',
  atMs: 0,
  requester: 'Alice',
  requesterEmail: '',
  requesterSubject: 'alice',
  groups: [],
  actsFor: [],
  agent: '',
  connection: 'db',
  method: 'tools/call',
  tool: 'write',
  rules: [],
  needs: '',
  reason: '',
  message: '',
  scope: 'once',
  goodFor: 'this call, once',
  policy: '',
  facts: '',
  arguments: undefined,
  askedMs: 0,
  expiresMs: 0,
  usableUntilMs: undefined,
  decidedBy: [],
  why: '',
}
const HOW = { first: undefined, signal: new AbortController().signal }

function receiver(url: string, more: Partial<MailServer> = {}, to = ['dba@example.com']) {
  const { hostname: host, port } = new URL(url)
  const server = { host, port: Number(port), tls: false, mustEncrypt: false, ca: undefined, login: undefined, ...more }
  return email({ name: 'email:dba', server, from: 'sallyport@example.com', to })
}

it('is sent to all addresses of a receiver, and says that nobody sat there and wrote it', async () => {
  await using server = await startMailServer()
  const to = ['a@example.com', 'b@example.com']
  expect(await receiver(server.url, {}, to).send(NOTICE, HOW)).toEqual({ kind: 'sent' })
  expect(server.mails).toMatchObject([{ from: 'sallyport@example.com', to }])
  expect(server.mails[0]?.text).toContain('Auto-Submitted: auto-generated')
})

it('does not leave in the clear where TLS is wanted and the server has none', async () => {
  await using server = await startMailServer()
  const sent = await receiver(server.url, { mustEncrypt: true }).send(NOTICE, HOW)
  expect(sent).toMatchObject({ kind: 'failed', why: expect.stringMatching(/STARTTLS/) })
  expect(server.mails).toEqual([])
})

it('does not believe a server whose certificate nobody vouches for', async () => {
  await using server = await startMailServer({ startTls: true })
  const sent = await receiver(server.url, { mustEncrypt: true }).send(NOTICE, HOW)
  expect(sent).toMatchObject({ kind: 'failed', why: expect.stringMatching(/certificate/) })
  expect(server.mails).toEqual([])
})

it('is not tried again where the mailbox does not exist, and is where the server is away', async () => {
  await using server = await startMailServer({ refuse: () => true })
  expect(await receiver(server.url).send(NOTICE, HOW)).toMatchObject({ kind: 'unwanted' })
  const { url } = server
  await server[Symbol.asyncDispose]()
  expect(await receiver(url).send(NOTICE, HOW)).toMatchObject({ kind: 'failed' })
})
