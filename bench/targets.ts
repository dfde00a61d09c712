// What is measured, side by side over the same MCP server: the server itself, the barest proxy, and Sallyport with everything on.
import { startGateway } from '../test/support/gateway.ts'
import { startProgram, type Program } from '../test/support/process.ts'

export const NAMES = ['direct', 'pass-through', 'sallyport'] as const
export type TargetName = (typeof NAMES)[number]

export interface Target {
  readonly name: TargetName
  readonly url: string
  readonly token: string | undefined
  /** The process that stands in the way; for `direct`, the server's own. */
  readonly pid: number
}

export interface Targets extends AsyncDisposable {
  readonly all: readonly Target[]
  /** Folder on the disk that the gateway's log is on. */
  readonly dataFolder: string
}

/** Streams and rounds open thousands; a person has a few. */
const SESSIONS_MAX = 20_000

/** Starts the server, the pass-through and a real `sallyport serve` with a login, a policy, masking and the durable log. */
export async function startTargets(): Promise<Targets> {
  await using stack = new AsyncDisposableStack()
  const program = async (...args: string[]): Promise<Program> => {
    const started = await startProgram({ args, isReady: ({ event }) => event === 'ready' })
    stack.defer(async () => void (await started.stop()))
    return started
  }
  const server = await program('bench/server.ts')
  const serverUrl = `${urlOf(server)}/mcp`
  const passThrough = await program('bench/pass-through.ts', serverUrl)
  const gateway = await startGateway({
    connections: {
      bench: {
        upstream: { http: { url: serverUrl } },
        // With something to hide, so that every reply is searched for it.
        credentials: [{ name: 'key', header: 'X-Api-Key' }],
        secrets: { key: 'made-up-key-of-the-bench-server' },
      },
    },
    // One person stands for all clients here.
    config: { limits: { sessions_per_principal: SESSIONS_MAX } },
  })
  stack.defer(() => gateway.stop())
  const url = gateway.url('bench')
  const token = await gateway.token('alice', { aud: url })

  const owned = stack.move()
  return {
    all: [
      { name: 'direct', url: serverUrl, token: undefined, pid: server.pid },
      { name: 'pass-through', url: `${urlOf(passThrough)}/mcp`, token: undefined, pid: passThrough.pid },
      { name: 'sallyport', url, token, pid: gateway.process().pid },
    ],
    dataFolder: gateway.dataFolder,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

function urlOf({ ready }: Program): string {
  if (typeof ready['url'] !== 'string') throw new Error('the ready line has no url')
  return ready['url']
}
