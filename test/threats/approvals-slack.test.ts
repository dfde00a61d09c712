// Buttons in Slack vote for those whom the gateway knows by their own login, and for nobody else, whatever a request looks like.
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { askApi, waitingFor } from '../support/approvals.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'
import { openSession, post } from '../support/mcp-client.ts'
import { isRecord } from '../support/process.ts'
import { type Press, pressBody, slackHeaders, soon, startSlack } from '../support/receivers.ts'
import { at, recordsOf } from '../support/records.ts'
import { type ScriptedServer, startScriptedServer } from '../support/scripted-server.ts'

const SIGNING = randomBytes(16).toString('hex')

let server: ScriptedServer
let slack: Awaited<ReturnType<typeof startSlack>>
let gateway: Gateway
let id: string
let turn = 0
/** Votes that were refused, and why: what must be on record of each. */
const refusals: [id: string, detail: string][] = []

beforeAll(async () => {
  server = await startScriptedServer()
  slack = await startSlack()
  const options = {
    connections: { db: { upstream: { http: { url: server.url } } } },
    people: {
      alice: { groups: ['dba'] },
      bob: { groups: ['dba'] },
      carol: { groups: ['dba'] },
      dave: { groups: ['others'] },
      erin: { groups: ['dba'] },
    },
    policy: {
      version: 1,
      default: 'deny',
      groups: { dba: ['dba'] },
      rules: [
        { id: 'all-use', effect: 'allow', match: { connections: ['db'] } },
        {
          id: 'writes-need-a-dba',
          effect: 'approve',
          match: { connections: ['db'], tools: ['write'] },
          approval: { by: [{ group: 'dba' }], notify: ['slack:#approvals'] },
        },
      ],
    },
    env: { SLACK_TOKEN: 'bot-token-of-a-test', SLACK_SIGNING: SIGNING },
  }
  gateway = await startGateway({
    ...options,
    config: (issuer) => ({
      approvals: {
        hold: '100ms',
        notify: {
          slack: {
            token: '${env:SLACK_TOKEN}',
            signing_secret: '${env:SLACK_SIGNING}',
            channels: ['#approvals'],
            api: slack.url,
            votes: 'buttons',
            users: Object.fromEntries(
              ['alice', 'bob', 'carol', 'dave', 'erin'].map((subject) => [
                `U${subject.toUpperCase()}`,
                { issuer, subject },
              ]),
            ),
          },
        },
      },
    }),
  })
  // Those who logged in here; carol did not.
  for (const person of ['alice', 'bob', 'dave']) await askApi(gateway, person, '')
  // Longer ago than groups are believed.
  const old = await gateway.token('erin', { iat: Math.floor(Date.now() / 1000) - 1_800 })
  const seen = await fetch(`${gateway.base()}/api/v1/approvals`, { headers: { authorization: `Bearer ${old}` } })
  if (seen.status !== 200) throw new Error('a token of half an hour ago was refused')
})
afterAll(async () => {
  await gateway?.stop()
  await slack?.[Symbol.asyncDispose]()
  await server?.[Symbol.asyncDispose]()
})

beforeEach(async () => {
  const session = await openSession({ gateway, connection: 'db' })
  turn += 1
  const params = { name: 'write', arguments: { turn } }
  const seen = new Set((await waitingFor(gateway, 'alice')).map((one) => one['id']))
  await post(
    gateway.url('db'),
    JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
    session.headers,
  )
  id = await soon(async () => {
    const found = (await waitingFor(gateway, 'alice')).find((one) => !seen.has(one['id']))?.['id']
    return typeof found === 'string' ? found : undefined
  })
})

async function send(body: string, headers: Readonly<Record<string, string>>, verb = 'POST'): Promise<number> {
  const url = `${gateway.base()}/api/v1/slack/interactions`
  return (await fetch(url, { method: verb, headers, ...(verb === 'POST' ? { body } : {}) })).status
}

/** As Slack sends it. */
const press = (more: Partial<Press> & Pick<Press, 'user'>): Promise<number> => {
  const body = pressBody({ action: 'sallyport_approve', id, ...more })
  return send(body, slackHeaders(body, SIGNING))
}

const stateOf = async (): Promise<unknown> => (await askApi(gateway, 'alice', `/${id}`)).body['state']

const whispered = (user: string) =>
  soon(() =>
    slack.of('chat.postEphemeral').findLast(({ body }) => body['user'] === user && String(body['text']).includes(id)),
  )

describe('a button that was pressed in Slack', () => {
  it('counts as the vote of somebody who is mapped and logged in here, once', async () => {
    const message = await soon(() => slack.of('chat.postMessage').find(({ text }) => text.includes(id)))
    expect(message.text).toContain('sallyport_approve')
    expect(await press({ user: 'UBOB' })).toBe(200)
    expect(await stateOf()).toBe('approved')
    expect((await whispered('UBOB')).body['text']).toContain('Done: it is approved.')
    const { body } = await askApi(gateway, 'alice', `/${id}`)
    expect(body['votes']).toMatchObject([{ by: { subject: 'bob' }, verdict: 'approve', via: 'slack' }])
    // The message says so, and has nothing to press any more.
    const update = await soon(() => slack.of('chat.update').find(({ text }) => text.includes(id)))
    expect(update.text).not.toContain('sallyport_approve')
  })

  it('denies with the reason that stands in the message, and not without one', async () => {
    expect(await press({ user: 'UBOB', action: 'sallyport_deny' })).toBe(200)
    expect(await stateOf()).toBe('pending')
    expect((await whispered('UBOB')).body['text']).toContain('Say why')
    await press({ user: 'UBOB', action: 'sallyport_deny', reason: 'not on a Friday' })
    expect(await askApi(gateway, 'alice', `/${id}`)).toMatchObject({
      body: { state: 'denied', why: 'not on a Friday' },
    })
  })

  it.each([
    ['whoever asked', 'UALICE', 'Nobody decides about what they asked for themselves.', 'own_request'],
    ['somebody in none of the groups', 'UDAVE', 'You are in none of the groups', 'not_an_approver'],
    ['somebody who is mapped and never logged in here', 'UCAROL', 'You have never logged in', 'not_an_approver'],
    ['somebody whose login is too old', 'UERIN', 'Your login is too old', 'login_too_old'],
    ['a member of Slack whom nobody mapped', 'UMALLORY', 'Nobody told the gateway who you are', 'not_an_approver'],
    ['a name that every object has', '__proto__', 'Nobody told the gateway who you are', 'not_an_approver'],
  ])('decides nothing for %s, who is told why', async (_, user, text, detail) => {
    expect(await press({ user })).toBe(200)
    expect(await stateOf()).toBe('pending')
    expect((await whispered(user)).body['text']).toContain(text)
    refusals.push([id, detail])
  })

  it('that only opens the page decides nothing', async () => {
    expect(await press({ user: 'UBOB', action: 'sallyport_open' })).toBe(200)
    expect(await stateOf()).toBe('pending')
  })
})

const body = () => pressBody({ user: 'UBOB', action: 'sallyport_approve', id })
const now = () => Math.floor(Date.now() / 1000)

describe('a request that is not one of Slack', () => {
  it.each([
    ['without a signature', () => [body(), {}]],
    ['signed with another secret', () => [body(), slackHeaders(body(), 'another secret')]],
    ['with another body than was signed', () => [body(), slackHeaders(`${body()}&a=b`, SIGNING)]],
    ['signed six minutes ago', () => [body(), slackHeaders(body(), SIGNING, now() - 360)]],
    ['signed for a time that is not yet', () => [body(), slackHeaders(body(), SIGNING, now() + 360)]],
    [
      'with a fresh time that was not signed',
      () => [body(), { ...slackHeaders(body(), SIGNING, now() - 360), 'x-slack-request-timestamp': String(now()) }],
    ],
    ['with a signature that is cut', () => [body(), { ...slackHeaders(body(), SIGNING), 'x-slack-signature': 'v0=' }]],
  ] as [string, () => [string, Record<string, string>]][])('%s is refused', async (_, make) => {
    expect(await send(...make())).toBe(401)
    expect(await stateOf()).toBe('pending')
  })

  it('and one that is played again is refused too, after a restart as well', async () => {
    const denied = pressBody({ user: 'UBOB', action: 'sallyport_deny', id })
    const headers = slackHeaders(denied, SIGNING)
    expect(await send(denied, headers)).toBe(200)
    expect(await send(denied, headers)).toBe(401)
    await gateway.restart()
    expect(await send(denied, headers)).toBe(401)
    expect(await stateOf()).toBe('pending')
  })

  it('gets nothing by another verb, another path, or a body without end', async () => {
    expect(await send('', {}, 'GET')).toBe(405)
    expect((await fetch(`${gateway.base()}/api/v1/slack/interactions/x`, { method: 'POST' })).status).toBe(404)
    const long = 'a'.repeat(70_000)
    expect(await send(long, slackHeaders(long, SIGNING))).toBe(413)
    // Signed, and nothing that we know: no answer that Slack would show as an error, and nothing happens.
    for (const odd of [
      '',
      'payload=',
      'payload={',
      'payload=[]',
      'payload={}&payload={}',
      'payload={"type":"block_actions"}',
    ])
      expect(await send(odd, slackHeaders(odd, SIGNING))).toBe(200)
    expect(isRecord(await (await fetch(`${gateway.base()}/healthz`)).json())).toBe(true)
  })
})

it('every one of these is on record with what was wrong', async () => {
  const records = await recordsOf(gateway)
  const votes = records.filter(
    (record) => record['kind'] === 'approval.vote' && at(record, 'approval', 'detail') !== undefined,
  )
  for (const [of, detail] of refusals) {
    const found = votes.filter((record) => at(record, 'approval', 'id') === of)
    expect(found.map((record) => [at(record, 'approval', 'detail'), at(record, 'approval', 'via')])).toEqual([
      [detail, 'slack'],
    ])
  }
  expect(refusals.length).toBe(6)
  const turnedAway = records.filter(({ kind }) => kind === 'auth').map((record) => JSON.stringify(record))
  for (const reason of ['slack_unsigned', 'slack_forged', 'slack_late', 'slack_replayed'])
    expect(turnedAway.some((text) => text.includes(reason))).toBe(true)
})
