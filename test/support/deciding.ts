// A gateway where writes wait for a DBA, and calls that wait there.
import { type Gateway, startGateway } from './gateway.ts'
import { openSession, post } from './mcp-client.ts'
import { type ScriptedServer, startScriptedServer } from './scripted-server.ts'

export const POLICY = {
  version: 1,
  default: 'deny',
  groups: { engineers: ['engineers'], dba: ['dba'], auditors: ['auditors'] },
  rules: [
    { id: 'all-use', effect: 'allow', match: { connections: ['db'] } },
    {
      id: 'writes-need-a-dba',
      effect: 'approve',
      match: { connections: ['db'], tools: ['write'] },
      approval: { by: [{ group: 'dba' }] },
    },
  ],
}

export interface Asker {
  readonly person?: string
  readonly token?: string
  readonly meta?: unknown
}

export interface DecidingWorld extends AsyncDisposable {
  readonly gateway: Gateway
  readonly server: ScriptedServer
  /** Makes a call that waits, and returns the id of its approval once its client was told so. */
  readonly ask: (args: unknown, by?: Asker) => Promise<string>
}

/** `approvals`: merged over those of its configuration. */
export async function startDeciding(
  approvals: Readonly<Record<string, unknown>> = {},
  config: Readonly<Record<string, unknown>> = {},
): Promise<DecidingWorld> {
  const server = await startScriptedServer()
  const gateway = await startGateway({
    connections: { db: { upstream: { http: { url: server.url } } } },
    policy: POLICY,
    config: { approvals: { hold: '20ms', ...approvals }, ...config },
  })
  return {
    gateway,
    server,
    ask: (args, by = {}) => ask(gateway, args, by),
    async [Symbol.asyncDispose]() {
      await gateway.stop()
      await server[Symbol.asyncDispose]()
    },
  }
}

async function ask(gateway: Gateway, args: unknown, { meta = {}, ...who }: Asker): Promise<string> {
  const session = await openSession({ gateway, connection: 'db', ...who })
  const params = { name: 'write', arguments: args, _meta: meta }
  const body = JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'tools/call', params })
  const { text } = await post(gateway.url('db'), body, session.headers)
  const [, id] = /APPROVAL PENDING \(id ([^)]+)\)/.exec(text) ?? []
  if (id === undefined) throw new Error(`no approval: ${text}`)
  return id
}
