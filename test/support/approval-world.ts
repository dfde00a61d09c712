// A gateway and a server for calls that need approval: what the policy wants, and how it changes.
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { askApi, waitingFor } from './approvals.ts'
import { type Gateway, startGateway } from './gateway.ts'
import { textOf } from './held-calls.ts'
import { callModern } from './mcp-client.ts'
import { isRecord } from './process.ts'
import { type ScriptedServer, startScriptedServer } from './scripted-server.ts'

const ALLOWED = { id: 'all-use', effect: 'allow', match: { connections: ['db', 'calm'] } }
/** Nothing waits on `calm`, which leads to the same server. */
const onDb = (tool: string) => ({ connections: ['db'], tools: [tool] })
const DBA = {
  id: 'writes',
  effect: 'approve',
  match: onDb('write'),
  approval: { by: [{ group: 'dba' }] },
}
const BRIEF = {
  id: 'brief',
  effect: 'approve',
  match: onDb('brief'),
  approval: { by: [{ group: 'dba' }], expires: '2s', run_within: '1s' },
}
export const policyOf = (...more: readonly object[]) => ({
  version: 1,
  default: 'deny',
  groups: { engineers: ['engineers'], dba: ['dba'], auditors: ['auditors'] },
  rules: [ALLOWED, DBA, BRIEF, ...more],
})

export interface ApprovalWorld extends AsyncDisposable {
  readonly server: ScriptedServer
  readonly gateway: Gateway
}

/** `hold`: how long a call waits before its client is told that nothing has happened yet. */
export async function startApprovalWorld(hold: string, config: object = {}): Promise<ApprovalWorld> {
  const server = await startScriptedServer()
  const upstream = { upstream: { http: { url: server.url } } }
  const gateway = await startGateway({
    connections: { db: upstream, calm: { upstream: { http: { url: server.url } } } },
    policy: policyOf(),
    config: { approvals: { hold, progress_every: '200ms', denied_for: '1h' }, ...config },
  })
  return {
    server,
    gateway,
    [Symbol.asyncDispose]: async () => {
      await gateway.stop()
      await server[Symbol.asyncDispose]()
    },
  }
}

/** A world for all tests of a file, in which each finds a server that behaves well and has heard of nothing. */
export function sharedApprovalWorld(hold: string): () => ApprovalWorld {
  let world: ApprovalWorld | undefined
  const here = (): ApprovalWorld => {
    if (world === undefined) throw new Error('the world is there once tests run')
    return world
  }
  beforeAll(async () => {
    world = await startApprovalWorld(hold)
  })
  afterAll(() => world?.[Symbol.asyncDispose]())
  beforeEach(() => {
    here().server.behave()
    here().server.forget()
  })
  return here
}

/** The approval that waits for a call with this text in it. */
export async function idOf(gateway: Gateway, sql: string): Promise<string> {
  for (let tries = 0; tries < 100; tries += 1) {
    for (const one of await waitingFor(gateway, 'bob')) {
      const { id } = one
      if (typeof id === 'string' && one['state'] === 'pending' && (await showsSql(gateway, id, sql))) return id
    }
    await sleep(30)
  }
  throw new Error(`nothing waits for ${sql}`)
}

async function showsSql(gateway: Gateway, id: string, sql: string): Promise<boolean> {
  const { body } = await askApi(gateway, 'bob', `/${id}`)
  return isRecord(body['arguments']) && body['arguments']['sql'] === sql
}

/** Under another policy, once the gateway has it: its rules are also of a tool that nobody else calls. */
export async function withPolicy(
  { gateway, server }: ApprovalWorld,
  more: readonly object[],
  work: () => Promise<void>,
): Promise<void> {
  await gateway.writePolicy(policyOf(...more))
  await untilProbeIs(gateway, 'refused or held')
  try {
    server.forget()
    await work()
  } finally {
    await gateway.writePolicy(policyOf())
    await untilProbeIs(gateway, 'free')
  }
}

/** For policies whose other rules are of tools that people are asked about. */
export const NO_PROBE = { id: 'no-probe', effect: 'deny', match: { tools: ['probe'], groups: ['engineers'] } }

async function untilProbeIs(gateway: Gateway, wanted: 'free' | 'refused or held'): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const reply = await callModern({ gateway }, 'probe', { n: tries })
    if ((textOf(reply) === 'tools/call probe') === (wanted === 'free')) return
    await sleep(100)
  }
  throw new Error('the gateway did not take the policy over')
}
