// Unmodified clients with their default settings: each gets what was approved while it waited, or reads that it is pending and
// gets it when it calls again.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { vote, waitingFor } from '../support/approvals.ts'
import { type Caller, CLIENTS } from '../support/clients.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'
import { type Program, startProgram } from '../support/process.ts'
import { at, recordsOf } from '../support/records.ts'

const RESULT = 'This is a simple text response for testing.'
const names = Object.keys(CLIENTS)
/** It takes tasks: it waits, and asks now and then, for as long as people are asked. */
const TAKES_TASKS = 'Inspector, auto'
const others = names.filter((name) => name !== TAKES_TASKS)
/** Each client is somebody else's, so that their calls are not identical. */
const people = Object.fromEntries(names.map((name) => [subjectOf(name), { groups: ['engineers'] }]))
const POLICY = {
  version: 1,
  default: 'deny',
  groups: { engineers: ['engineers'], dba: ['dba'] },
  rules: [
    { id: 'all-use', effect: 'allow', match: { connections: ['fixture'] } },
    {
      id: 'asked',
      effect: 'approve',
      match: { connections: ['fixture'], tools: ['test_simple_text'] },
      approval: { by: [{ group: 'dba' }] },
    },
  ],
}

let server: Program
/** Answers soon that nothing has happened yet. */
let hasty: Gateway
let patient: Gateway
beforeAll(async () => {
  server = await startProgram({ args: ['test/conformance/fixture.ts'] })
  hasty = await start('700ms')
  patient = await start('30s')
})
afterAll(async () => {
  await Promise.all([hasty?.stop(), patient?.stop()])
  await server?.stop()
})

function start(hold: string): Promise<Gateway> {
  return startGateway({
    connections: { fixture: { upstream: { http: { url: String(server.ready['url']) } } } },
    policy: POLICY,
    people: { ...people, bob: { groups: ['dba'] } },
    config: { approvals: { hold } },
  })
}

function subjectOf(name: string): string {
  return name.replaceAll(/\W+/g, '-').toLowerCase()
}

async function open(gateway: Gateway, name: string): Promise<Caller> {
  const opener = CLIENTS[name]
  if (opener === undefined) throw new Error(`there is no client ${name}`)
  return opener({ url: gateway.url('fixture'), token: await gateway.token(subjectOf(name)) })
}

/** What a client shows of one call; a client that fails shows its error. */
async function call(gateway: Gateway, name: string): Promise<string> {
  await using client = await open(gateway, name)
  const shown = await client.call('test_simple_text', {}).catch((error: unknown) => ({ error: String(error) }))
  return JSON.stringify(shown)
}

const callAll = (gateway: Gateway, all = names) => Promise.all(all.map((name) => call(gateway, name)))
const APPROVED_WITHIN_MS = 2_000

/** Agrees to whatever is asked, until told to stop. */
async function approveAll(gateway: Gateway, until: AbortSignal): Promise<void> {
  while (!until.aborted) {
    const waiting = (await waitingFor(gateway, 'bob')).filter(({ state }) => state === 'pending')
    for (const { id } of waiting) await vote(gateway, 'bob', String(id), ['approve'])
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

async function callApproved(gateway: Gateway): Promise<readonly string[]> {
  const stop = new AbortController()
  const approving = approveAll(gateway, stop.signal)
  try {
    return await callAll(gateway)
  } finally {
    stop.abort()
    await approving
  }
}

describe('a client whose call needs approval', () => {
  /** By client: what it showed when nobody decided, and when it called again after somebody had. */
  const shown = new Map<string, { readonly pending: string; readonly again: string; readonly waited: string }>()

  beforeAll(async () => {
    const pending = await callAll(hasty, others)
    await approveAll(hasty, AbortSignal.timeout(APPROVED_WITHIN_MS))
    const again = await callAll(hasty, others)
    const waited = await callApproved(patient)
    for (const [i, name] of names.entries()) {
      const other = others.indexOf(name)
      shown.set(name, { pending: pending[other] ?? '', again: again[other] ?? '', waited: waited[i] ?? '' })
    }
  }, 120_000)

  it.each(others)('%s reads that it is pending, and what to do', (name) => {
    expect(shown.get(name)?.pending).toContain('APPROVAL PENDING (id ')
    expect(shown.get(name)?.pending).toContain('call the same tool again with exactly the same arguments')
    expect(shown.get(name)?.pending).not.toContain(RESULT)
  })

  it.each(others)('%s gets the result when it calls again after somebody agreed', (name) => {
    expect(shown.get(name)?.again).toContain(RESULT)
  })

  it.each(names)('%s gets the result where somebody agrees while it waits', (name) => {
    expect(shown.get(name)?.waited).toContain(RESULT)
  })

  it(`${TAKES_TASKS} waits as a task`, async () => {
    const asked = (await recordsOf(patient)).filter((record) => at(record, 'mcp', 'method') === 'tasks/get')
    expect(asked.length).toBeGreaterThan(0)
    expect(new Set(asked.map((record) => at(record, 'actor', 'client', 'name')))).toEqual(new Set(['inspector-cli']))
  })
})
