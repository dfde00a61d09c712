// kill -9 of the gateway while people decide and while calls run: no approval is lost, none runs twice, and none runs that nobody
// agreed to. Of a call that ran when the gateway ended nobody knows what became of it, and that is said.
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ApprovalWorld, startApprovalWorld } from '../support/approval-world.ts'
import { askApi, vote, waitingFor } from '../support/approvals.ts'
import { askLegacy, askModern, pendingId, resultOf, textOf } from '../support/held-calls.ts'
import { at, ofKind, recordsOf } from '../support/records.ts'
import { replyTo, sendJson, type Script, textResult } from '../support/scripted-server.ts'

const KILLS = Number(process.env['SALLYPORT_KILLS'] ?? 3)

let world: ApprovalWorld
beforeAll(async () => {
  world = await startApprovalWorld('300ms')
})
afterAll(() => world?.[Symbol.asyncDispose]())

const write = (sql: string) => ({ gateway: world.gateway, tool: 'write', args: { sql } })
const approve = (id: string) => vote(world.gateway, 'bob', id, ['approve'])
const stateOf = async (id: string) => (await askApi(world.gateway, 'bob', `/${id}`)).body['state']

/** The server has the call of this text, and never answers it. */
const never: Script = ({ method, body }) => method === 'tools/call' && body.includes('running')
const timesReached = (sql: string) => world.server.received.filter(({ body }) => body.includes(`"${sql}"`)).length

describe('after kill -9', () => {
  /** By the text of their calls. */
  const ids = new Map<string, string>()
  const idOf = (sql: string) => ids.get(sql) ?? ''
  const states = new Map<string, unknown>()
  let broken: Promise<unknown>

  beforeAll(async () => {
    world.server.behave(never)
    const calls = ['pending', 'round', 'approved', 'running', 'executed']
    await Promise.all(calls.map(async (sql) => ids.set(sql, pendingId(await askLegacy(write(sql))))))
    for (const sql of ['round', 'running']) states.set(sql, resultOf(await askModern(write(sql)))['requestState'])
    for (const sql of ['approved', 'running', 'executed']) await approve(idOf(sql))
    await askLegacy(write('executed'))
    broken = askLegacy(write('running')).catch(() => 'broke off')
    await until(() => timesReached('running') === 1)
    await until(async () => (await stateOf(idOf('executed'))) === 'executed')
    await world.gateway.kill()
    await world.gateway.restart()
  })

  it('what was pending is pending, and can be agreed to', async () => {
    const id = idOf('pending')
    expect(await stateOf(id)).toBe('pending')
    expect(pendingId(await askLegacy(write('pending')))).toBe(id)
    await approve(id)
    expect(textOf(await askLegacy(write('pending')))).toBe('tools/call write')
    expect(timesReached('pending')).toBe(1)
  })

  it('a client that was told to come back does so, and its call runs', async () => {
    await approve(idOf('round'))
    const params = { requestState: states.get('round') }
    expect(textOf(await askModern({ ...write('round'), params }))).toBe('tools/call write')
  })

  it('what was approved is approved, and runs once', async () => {
    const id = idOf('approved')
    expect(await stateOf(id)).toBe('approved')
    expect(textOf(await askLegacy(write('approved')))).toBe('tools/call write')
    expect(pendingId(await askLegacy(write('approved')))).not.toBe(id)
    expect(timesReached('approved')).toBe(1)
  })

  it('what ran may have run: nobody runs it again unasked, and everybody is told', async () => {
    const id = idOf('running')
    expect(await broken).toBe('broke off')
    expect(await stateOf(id)).toBe('unknown')
    // Whoever came for that approval hears of it; whoever comes anew is asked about again, and warned.
    const back = await askModern({ ...write('running'), params: { requestState: states.get('running') } })
    expect(textOf(back)).toContain(`approval ${id} was used by a call that may have run when the gateway stopped`)
    const anew = await askLegacy(write('running'))
    expect(pendingId(anew)).not.toBe(id)
    expect(textOf(anew)).toContain(`an identical call was running on approval ${id} when the gateway stopped`)
    expect(timesReached('running')).toBe(1)
    const records = ofKind(await recordsOf(world.gateway), 'approval.unknown')
    expect(records.map((one) => at(one, 'approval', 'id'))).toEqual([id])
  })

  it('what was used is used', async () => {
    const id = idOf('executed')
    expect(await stateOf(id)).toBe('executed')
    expect(pendingId(await askLegacy(write('executed')))).not.toBe(id)
    expect(timesReached('executed')).toBe(1)
  })
})

async function until(done: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    if (await done()) return
    await sleep(20)
  }
  throw new Error('it did not happen')
}

/** What the clients and the approver of one run know for sure. */
class Known {
  /** By key: the approval that was asked for. */
  readonly ids = new Map<string, string>()
  /** Somebody sent their yes, whether or not an answer came. */
  readonly sent = new Set<string>()
  /** The gateway said that it is approved. */
  readonly approved = new Set<string>()
  readonly reached = new Map<string, number>()
}

const CALLERS = 6

it(`${KILLS} kills at any moment lose no approval, run none twice, and none that nobody agreed to`, async () => {
  const known = new Known()
  world.server.behave((received, response) => {
    const key = /"sql":"(kill-[^"]+)"/.exec(received.body)?.[1]
    if (key === undefined || received.method !== 'tools/call') return false
    known.reached.set(key, (known.reached.get(key) ?? 0) + 1)
    setTimeout(() => sendJson(response, replyTo(received, textResult('done'))), Math.random() * 60)
    return true
  })
  for (let kill = 0; kill < KILLS; kill += 1) {
    const callers = Array.from({ length: CALLERS }, (_, caller) => callUntilGone(`kill-${kill}-${caller}`, known))
    const approver = approveUntilGone(known)
    // However slow the machine is, something runs before the kill, and more is on its way.
    const before = known.reached.size
    await until(() => known.reached.size > before)
    await sleep(Math.random() * 800)
    await world.gateway.kill()
    await Promise.all([...callers, approver])
    await world.gateway.restart()
    await compare(known)
  }
  // What was approved and has not run is as good as before, once.
  const left: string[] = []
  for (const [key, id] of known.ids)
    if ((await stateOf(id)) === 'approved') left.push(textOf(await askLegacy(write(key))))
  expect(left.filter((text) => text !== 'done')).toEqual([])
  await compare(known)
  expect(known.reached.size).toBeGreaterThanOrEqual(KILLS)
  await expectRecorded(known)
})

async function callUntilGone(name: string, known: Known): Promise<void> {
  try {
    for (let n = 0; ; n += 1) {
      const key = `${name}-${n}`
      for (let text = 'APPROVAL PENDING'; text.startsWith('APPROVAL PENDING');) {
        const reply = await askLegacy(write(key))
        text = textOf(reply)
        if (text.startsWith('APPROVAL PENDING')) known.ids.set(key, pendingId(reply))
      }
    }
  } catch {
    // The gateway is gone.
  }
}

async function approveUntilGone(known: Known): Promise<void> {
  try {
    for (;;) {
      const waiting = (await waitingFor(world.gateway, 'bob')).filter((one) => one['state'] === 'pending')
      for (const one of waiting.slice(1)) {
        const id = String(one['id'])
        known.sent.add(id)
        const { body } = await approve(id)
        if (body['state'] === 'approved') known.approved.add(id)
      }
      await sleep(5)
    }
  } catch {
    // The gateway is gone.
  }
}

async function compare({ ids, sent, approved, reached }: Known): Promise<void> {
  expect([...reached].filter(([, times]) => times > 1)).toEqual([])
  const states = new Map(await Promise.all([...approved].map(async (id) => [id, await stateOf(id)] as const)))
  const lost = [...states].filter(([, state]) => !['approved', 'executed', 'unknown'].includes(String(state)))
  expect(lost).toEqual([])
  const unasked = [...ids].filter(([key, id]) => reached.has(key) && !sent.has(id))
  expect(unasked).toEqual([])
}

/** Whatever reached the server stands in the log after its request, somebody's yes, and its claim. */
async function expectRecorded({ reached }: Known): Promise<void> {
  const records = await recordsOf(world.gateway)
  const told = new Map<unknown, string[]>()
  const wrong: unknown[] = []
  for (const record of records) {
    const id = at(record, 'approval', 'id')
    if (id !== undefined) told.set(id, [...(told.get(id) ?? []), String(record['kind'])])
    const key = /kill-[\d-]+/.exec(JSON.stringify(record))?.[0]
    if (record['kind'] !== 'intent' || key === undefined) continue
    reached.delete(key)
    const before = told.get(at(record, 'decision', 'approval')) ?? []
    if (!['approval.requested', 'approval.granted', 'approval.claimed'].every((kind) => before.includes(kind)))
      wrong.push({ key, before })
  }
  expect(wrong).toEqual([])
  expect([...reached.keys()]).toEqual([])
}
