// kill -9 at any moment between a call that begins to wait and a receiver that heard of it: everybody hears of every approval,
// perhaps twice and then with the same id, and of what became of it after that it was asked for.
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { askApi, vote, waitingFor } from '../support/approvals.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'
import { openSession, post } from '../support/mcp-client.ts'
import { type HttpReceiver, isSigned, soon, startHttpReceiver } from '../support/receivers.ts'
import { type ScriptedServer, startScriptedServer } from '../support/scripted-server.ts'

const SECRET = `whsec_${randomBytes(32).toString('base64')}`
const KILLS = Number(process.env['SALLYPORT_KILLS'] ?? 3)
const CALLS = 5

let server: ScriptedServer
let receiver: HttpReceiver
let gateway: Gateway
let behave: 'good' | 'silent' | 'broken' = 'good'
/** Ids of messages that were answered with yes, in order. */
const taken: string[] = []

beforeAll(async () => {
  server = await startScriptedServer()
  receiver = await startHttpReceiver((got) => {
    if (behave === 'silent') return undefined
    if (behave === 'broken') return { status: 500 }
    if (!isSigned(got, SECRET)) return { status: 401 }
    taken.push(String(got.headers['webhook-id']))
    return { status: 200 }
  })
  gateway = await startGateway({
    connections: { db: { upstream: { http: { url: server.url } } } },
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
          approval: { by: [{ group: 'dba' }], notify: ['webhook:desk'] },
        },
      ],
    },
    config: {
      approvals: { hold: '50ms', notify: { webhooks: { desk: { url: receiver.url, secret: '${env:DESK_SECRET}' } } } },
    },
    env: { DESK_SECRET: SECRET },
  })
})
afterAll(async () => {
  await gateway?.stop()
  await receiver?.[Symbol.asyncDispose]()
  await server?.[Symbol.asyncDispose]()
})

let calls = 0

/** So many different calls that wait for approval; the first answer says that they do. */
async function ask(count: number): Promise<{ readonly first: Promise<unknown>; readonly all: Promise<unknown> }> {
  const { headers } = await openSession({ gateway, connection: 'db' })
  const bodies = Array.from({ length: count }, (_, i) => {
    calls += 1
    const params = { name: 'write', arguments: { n: calls } }
    return JSON.stringify({ jsonrpc: '2.0', id: i + 1, method: 'tools/call', params })
  })
  const posts = bodies.map((body) => post(gateway.url('db'), body, headers).catch(() => undefined))
  return { first: Promise.race(posts), all: Promise.all(posts) }
}

const waiting = async (): Promise<string[]> => (await waitingFor(gateway, 'bob')).map((one) => String(one['id']))

it('whoever was asked hears of it, whenever the gateway is killed', async () => {
  for (let kill = 0; kill < KILLS; kill += 1) {
    const asking = await ask(CALLS)
    // Before it is on record; or before it is planned, while it is sent, or after.
    if (kill % 2 === 0) await asking.first
    await sleep(Math.random() * 700)
    await gateway.kill()
    await asking.all
    await gateway.restart()
  }
  const ids = await waiting()
  expect(ids.length).toBeGreaterThan(0)
  await soon(() => (ids.every((id) => taken.includes(`${id}.requested`)) ? true : undefined))
})

it('a message whose answer nobody waited for is sent again with the same id', async () => {
  behave = 'silent'
  const before = new Set(await waiting())
  const from = receiver.got.length
  await (
    await ask(1)
  ).all
  const [id = ''] = await soon(async () => {
    const found = (await waiting()).filter((one) => !before.has(one))
    return found.length === 1 ? found : undefined
  })
  await soon(() => receiver.got.slice(from).find(({ headers }) => headers['webhook-id'] === `${id}.requested`))
  await gateway.kill()
  behave = 'good'
  await gateway.restart()
  await soon(() => (taken.includes(`${id}.requested`) ? true : undefined))
  expect(taken.filter((one) => one.startsWith(id))).toEqual([`${id}.requested`])
})

it('what became of it comes after what was asked, however often that failed, and a kill forgets neither', async () => {
  behave = 'broken'
  const before = new Set(await waiting())
  await (
    await ask(1)
  ).all
  const [id = ''] = await soon(async () => {
    const found = (await waiting()).filter((one) => !before.has(one))
    return found.length === 1 ? found : undefined
  })
  await vote(gateway, 'bob', id, ['deny', 'no'])
  await soon(async () => {
    const { told } = (await askApi(gateway, 'bob', `/${id}`)).body as { told: { tries: number }[] }
    return told.length === 2 && (told[0]?.tries ?? 0) > 0 ? true : undefined
  })
  await gateway.kill()
  behave = 'good'
  await gateway.restart()
  await soon(() => (taken.includes(`${id}.denied`) ? true : undefined))
  expect(taken.filter((one) => one.startsWith(id))).toEqual([`${id}.requested`, `${id}.denied`])
  const { told } = (await askApi(gateway, 'bob', `/${id}`)).body
  expect(told).toMatchObject([
    { step: 'requested', state: 'sent' },
    { step: 'denied', state: 'sent', tries: 1 },
  ])
})
