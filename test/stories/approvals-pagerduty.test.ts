// Whoever is on call is told in PagerDuty, once, and the alert is over by itself when somebody decided or time did.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { askApi, vote } from '../support/approvals.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'
import { askLegacy, pendingId } from '../support/held-calls.ts'
import { isRecord } from '../support/process.ts'
import { type Got, type HttpReceiver, soon, startHttpReceiver } from '../support/receivers.ts'
import { type ScriptedServer, startScriptedServer } from '../support/scripted-server.ts'

const KEY = 'k'.repeat(32)
const rule = (tool: string, more: object = {}) => ({
  id: `${tool}s-wait`,
  effect: 'approve',
  match: { tools: [tool] },
  approval: { by: [{ group: 'dba' }], notify: ['pagerduty:oncall'], ...more },
})

let server: ScriptedServer
let pager: HttpReceiver
let gateway: Gateway
beforeAll(async () => {
  server = await startScriptedServer()
  // As the Events API v2 answers; the first try comes at a bad moment.
  pager = await startHttpReceiver(({ body }, n) => {
    if (n === 1) return { status: 503 }
    if (n === 2) return { status: 429 }
    const wrong = faultOf(body)
    if (wrong === undefined)
      return { status: 202, body: JSON.stringify({ status: 'success', dedup_key: body['dedup_key'] }) }
    return { status: 400, body: JSON.stringify({ status: 'invalid event', errors: [wrong] }) }
  })
  gateway = await startGateway({
    connections: { db: { upstream: { http: { url: server.url } } } },
    policy: {
      version: 1,
      default: 'deny',
      groups: { engineers: ['engineers'], dba: ['dba'] },
      rules: [
        { id: 'all-use', effect: 'allow', match: { connections: ['db'] } },
        rule('write'),
        rule('brief', { expires: '1s' }),
        rule('drop', { notify: ['pagerduty:wrong'] }),
      ],
      break_glass: { groups: ['engineers'], overrides: ['writes-wait'], for: '1h', notify: ['pagerduty:oncall'] },
    },
    config: {
      approvals: {
        hold: '30ms',
        notify: {
          pagerduty: {
            services: { oncall: '${env:PAGER_KEY}', wrong: '${env:WRONG_KEY}' },
            url: `${pager.url}/v2/enqueue`,
          },
        },
      },
    },
    env: { PAGER_KEY: KEY, WRONG_KEY: 'short' },
  })
})
afterAll(async () => {
  await gateway?.stop()
  for (const one of [server, pager]) await one?.[Symbol.asyncDispose]()
})

/** What the Events API v2 says of an event that it does not take. */
function faultOf({
  routing_key: key,
  event_action: action,
  dedup_key: dedup,
  payload,
}: Got['body']): string | undefined {
  if (typeof key !== 'string' || key.length !== 32) return "'routing_key' is invalid (must be 32 characters)"
  if (typeof dedup !== 'string' || dedup.length > 255) return "'dedup_key' is invalid"
  if (action === 'resolve') return undefined
  return action === 'trigger' && isRecord(payload) ? faultOfPayload(payload) : "'payload' is missing"
}

const SEVERITIES = ['critical', 'error', 'warning', 'info']

function faultOfPayload({ summary, source, severity, timestamp }: Got['body']): string | undefined {
  if (typeof summary !== 'string' || summary.length > 1_024 || typeof source !== 'string') return "'summary' is invalid"
  if (!SEVERITIES.some((one) => one === severity)) return "'severity' is invalid"
  const isTime = typeof timestamp === 'string' && !Number.isNaN(Date.parse(timestamp))
  return isTime ? undefined : "'timestamp' is invalid"
}

/** Alerts of PagerDuty: the state of each after all that it was told. */
function alertOf(id: string): readonly string[] {
  return pager.got
    .filter(({ body }, n) => n >= 2 && body['dedup_key'] === `sallyport-${id}` && faultOf(body) === undefined)
    .map(({ body: { event_action: action, payload } }) => {
      const severity = isRecord(payload) ? payload['severity'] : undefined
      return [action, severity].filter((part) => typeof part === 'string').join(' ')
    })
}

/** Asks for something about emergencies, freshly logged in, and returns its id. */
async function post(person: string, path: string, body: object): Promise<string> {
  const claims = { auth_time: Math.floor(Date.now() / 1000), amr: ['otp'] }
  const response = await fetch(`${gateway.base()}/api/v1/break-glass${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await gateway.token(person, claims)}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const read: unknown = await response.json()
  return isRecord(read) ? String(read['id']) : ''
}

const call = async (tool: string, sql: string) => pendingId(await askLegacy({ gateway, tool, args: { sql } }))
const told = async (id: string, steps: number) => {
  await soon(() => (alertOf(id).length >= steps ? true : undefined))
  return alertOf(id)
}

it('one alert for a call that waits, after tries that failed, and it is over with the decision', async () => {
  const id = await call('write', 'planted-argument-4711')
  expect(await call('write', 'planted-argument-4711')).toBe(id)
  expect(await told(id, 1)).toEqual(['trigger warning'])
  expect(pager.got.map(({ body }) => body['dedup_key'])).toEqual(Array(3).fill(`sallyport-${id}`))
  const { path, body, text } = pager.got[2] ?? { body: {} }
  expect(path).toBe('/v2/enqueue')
  expect(body).toMatchObject({
    routing_key: KEY,
    client: 'Sallyport',
    client_url: `${gateway.base()}/approvals/${id}`,
    payload: {
      summary: 'Approval wanted: Alice – db write',
      component: 'db',
      class: 'approval',
      custom_details: { needs: '1 of dba', requester: 'Alice' },
    },
  })
  expect(text).not.toContain('planted-argument-4711')
  await vote(gateway, 'bob', id, ['deny', 'not today'])
  expect(await told(id, 2)).toEqual(['trigger warning', 'resolve'])
})

it('is over when time decided', async () => {
  const id = await call('brief', 'soon over')
  expect(await told(id, 2)).toEqual(['trigger warning', 'resolve'])
})

it('an event that it refuses is not sent again, and that is said', async () => {
  const id = await call('drop', 'wrong key')
  const found = await soon(async () => {
    const { body } = await askApi(gateway, 'bob', `/${id}`)
    const one: unknown = Array.isArray(body['told']) ? body['told'][0] : undefined
    return isRecord(one) && one['state'] === 'given_up' ? one : undefined
  })
  expect(found).toMatchObject({ receiver: 'pagerduty:wrong', tries: 1, why: expect.stringContaining('key') })
})

it('an emergency is critical, and open until somebody else looked at it', async () => {
  const id = await post('alice', '', { reason: 'the order queue stands still' })
  expect(await told(id, 1)).toEqual(['trigger critical'])
  await post('alice', `/${id}/end`, {})
  await post('bob', `/${id}/review`, { note: 'looked at both' })
  expect(await told(id, 2)).toEqual(['trigger critical', 'resolve'])
})
