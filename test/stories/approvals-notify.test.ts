// People are told that somebody waits for them: over HTTP, in Slack and by e-mail, each once, and again of what became of it.
import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { askApi, idWaitingFor, vote } from '../support/approvals.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'
import { openSession, post } from '../support/mcp-client.ts'
import {
  type Got,
  type HttpReceiver,
  isSigned,
  soon,
  startHttpReceiver,
  startMailServer,
  startSlack,
} from '../support/receivers.ts'
import { type ScriptedServer, startScriptedServer } from '../support/scripted-server.ts'

const SECRET = `whsec_${randomBytes(32).toString('base64')}`
const NOTIFY = ['webhook:change-desk', 'webhook:chat', 'slack:#approvals', 'email:dba']
const PLANTED = 'planted-argument-4711'

let server: ScriptedServer
let desk: HttpReceiver
let chat: HttpReceiver
let slack: Awaited<ReturnType<typeof startSlack>>
let mail: Awaited<ReturnType<typeof startMailServer>>
let gateway: Gateway

beforeAll(async () => {
  server = await startScriptedServer()
  // The first try fails, as the first day of a receiver does.
  desk = await startHttpReceiver((got, n) => ({ status: n === 1 ? 503 : isSigned(got, SECRET) ? 200 : 401 }))
  chat = await startHttpReceiver(() => ({ status: 204, body: '' }))
  slack = await startSlack()
  mail = await startMailServer()
  gateway = await startGateway({
    connections: {
      db: { upstream: { http: { url: server.url } }, inspect: { sql: '$.args.sql' }, dialect: 'postgresql' },
    },
    policy: {
      version: 1,
      default: 'deny',
      groups: { engineers: ['engineers'], dba: ['dba'] },
      rules: [
        { id: 'all-use', effect: 'allow', match: { connections: ['db'] } },
        {
          id: 'writes-need-a-dba',
          effect: 'approve',
          match: { connections: ['db'], tools: ['write'] },
          approval: { by: [{ group: 'dba' }], notify: NOTIFY },
        },
        {
          id: 'drops-need-a-reason',
          effect: 'approve',
          match: { connections: ['db'], tools: ['drop'] },
          approval: { by: [{ group: 'dba' }], reason: 'required', notify: ['webhook:chat'] },
        },
      ],
    },
    config: {
      approvals: {
        hold: '1s',
        notify: {
          webhooks: {
            'change-desk': { url: desk.url, secret: '${env:DESK_SECRET}' },
            chat: {
              url: '${env:CHAT_URL}',
              body: { text: '{{title}} “{{reason}}”', id: '{{id}}', rules: '{{rules}}', key: '${env:CHAT_KEY}' },
            },
          },
          slack: { token: '${env:SLACK_TOKEN}', channels: ['#approvals'], api: slack.url },
          email: { server: mail.url, from: 'sallyport@example.com', to: { dba: ['dba@example.com'] } },
        },
      },
    },
    env: { DESK_SECRET: SECRET, CHAT_KEY: 'made up', CHAT_URL: `${chat.url}/hook`, SLACK_TOKEN: 'bot-token-of-a-test' },
  })
})
afterAll(async () => {
  await gateway?.stop()
  for (const one of [server, desk, chat, slack, mail]) await one?.[Symbol.asyncDispose]()
})

async function call(name: string, args: Record<string, unknown>, meta: Record<string, unknown> = {}): Promise<void> {
  const session = await openSession({ gateway, connection: 'db' })
  const params = { name, arguments: args, _meta: meta }
  await post(
    gateway.url('db'),
    JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'tools/call', params }),
    session.headers,
  )
}

const dataOf = (got: Got | undefined): Record<string, unknown> => (got?.body['data'] ?? {}) as Record<string, unknown>

it('200 identical calls give one message to each receiver, which says who wants what and why, and no argument', async () => {
  const reason = 'Ticket 12 "</p>" <!channel> {{id}}'
  const args = { sql: `UPDATE users SET name = '${PLANTED}' WHERE id = 1` }
  const session = await openSession({ gateway, connection: 'db' })
  const body = (id: number) =>
    JSON.stringify({
      jsonrpc: '2.0',
      id,
      method: 'tools/call',
      params: { name: 'write', arguments: args, _meta: { 'sallyport/reason': reason } },
    })
  await Promise.all(Array.from({ length: 200 }, (_, i) => post(gateway.url('db'), body(i + 1), session.headers)))
  const id = await idWaitingFor(gateway, 'bob')
  const link = `${gateway.base()}/approvals/${id}`

  // Over HTTP: the failed try and its repetition are the same message, each signed anew.
  const [first, again] = await soon(() => (desk.got.length >= 2 ? desk.got : undefined))
  expect(first?.headers['webhook-id']).toBe(`${id}.requested`)
  expect(again?.headers['webhook-id']).toBe(`${id}.requested`)
  expect(desk.got.every((got) => isSigned(got, SECRET))).toBe(true)
  expect(isSigned({ ...desk.got[1], text: `${again?.text} ` } as Got, SECRET)).toBe(false)
  expect(again?.body['type']).toBe('approval.requested')
  expect(dataOf(again)).toMatchObject({
    id,
    state: 'pending',
    requester: 'Alice',
    requester_email: 'alice@example.com',
    agent: 'plain 1.0',
    connection: 'db',
    tool: 'write',
    rules: ['writes-need-a-dba'],
    needs: '1 of dba',
    facts: 'sql: write, writes users, WHERE ok',
    reason,
    link,
    arguments: null,
  })

  // A body of one's own: whatever a field holds stays inside of its text.
  const told = await soon(() => chat.got[0])
  expect(told.path).toBe('/hook')
  expect(told.body).toEqual({
    text: `Approval wanted: Alice – db write “${reason}”`,
    id,
    rules: ['writes-need-a-dba'],
    key: 'made up',
  })
  expect(told.headers['webhook-signature']).toBeUndefined()

  const message = await soon(() => slack.of('chat.postMessage')[0])
  expect(message.headers['authorization']).toBe('Bearer bot-token-of-a-test')
  expect(message.body).toMatchObject({ channel: '#approvals', unfurl_links: false })
  // Slack reads no mention out of what somebody wrote: that is plain text everywhere.
  expect(message.text).not.toContain('mrkdwn')
  expect(message.text).toContain(link)

  const letter = await soon(() => mail.mails[0])
  expect(letter.to).toEqual(['dba@example.com'])
  expect(letter.text).toContain(`Message-ID: <${id}.requested@example.com>`)
  expect(decoded(letter.text)).toContain('Ticket 12 &quot;&lt;/p&gt;&quot; &lt;!channel&gt; {{id}}')

  for (const text of [...desk.got, ...chat.got, ...slack.got].map(({ text: one }) => one))
    expect(text).not.toContain(PLANTED)
  expect(decoded(letter.text)).not.toContain(PLANTED)

  // Decided: everybody hears of it, and the message in Slack is changed and has no buttons any more.
  expect(await vote(gateway, 'bob', id, ['approve'])).toMatchObject({ status: 200 })
  const granted = await soon(() => desk.got.find(({ body: got }) => got['type'] === 'approval.granted'))
  expect(dataOf(granted)).toMatchObject({ id, state: 'approved', decided_by: ['Bob (approve)'] })
  const update = await soon(() => slack.of('chat.update')[0])
  expect(update.body).toMatchObject({ channel: 'C0APPROVALS', ts: '1700000000.000001' })
  expect(update.text).not.toContain('actions')
  const reply = await soon(() => mail.mails[1])
  expect(reply.text).toContain(`In-Reply-To: <${id}.requested@example.com>`)

  // Each exactly once, and who was told stands beside the approval.
  const shown = await soon(async () => {
    const { told: list } = (await askApi(gateway, 'bob', `/${id}`)).body as { told: { state: string }[] }
    return list.length === 8 && list.every(({ state }) => state === 'sent') ? list : undefined
  })
  expect(shown).toContainEqual({ receiver: 'webhook:change-desk', step: 'requested', state: 'sent', tries: 2 })
  expect([desk.got.length, chat.got.length, slack.got.length, mail.mails.length]).toEqual([3, 2, 2, 2])
})

it('where a reason is required, nobody is told before there is one', async () => {
  const before = chat.got.length
  await call('drop', { table: 'a' })
  const id = await soon(async () => {
    const { approvals } = (await askApi(gateway, 'bob', '')).body as { approvals: { id: string; target: string }[] }
    return approvals.find(({ target }) => target === 'drop')?.id
  })
  await call('drop', { table: 'b' }, { 'sallyport/reason': 'it is old' })
  const told = await soon(() => chat.got[before])
  expect(told.body['text']).toBe('Approval wanted: Alice – db drop “it is old”')
  expect(told.body['id']).not.toBe(id)
  expect(chat.got.length).toBe(before + 1)
})

it('a rule that names somebody who is not there does not load, and the nearest name is offered', async () => {
  const file = join(gateway.folder, 'other.yaml')
  const rule = {
    id: 'x',
    effect: 'approve',
    match: { connections: ['db'] },
    approval: { by: [{ group: 'dba' }], notify: ['webhook:chnage-desk'] },
  }
  await writeFile(file, JSON.stringify({ version: 1, groups: { dba: ['dba'] }, rules: [rule] }))
  const checked = await gateway.command(['policy', 'check', file, '-c', gateway.configFile])
  expect(checked.code).toBe(1)
  expect(checked.stderr + checked.stdout).toContain('there is no receiver "webhook:chnage-desk"')
  expect(checked.stderr + checked.stdout).toContain('did you mean "webhook:change-desk"?')
})

/** Quoted-printable and base64 parts of a mail, as its reader sees them. */
function decoded(text: string): string {
  return text
    .replaceAll(/=\r\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
}
