import type { Config, ConnectionConfig } from '../config/config.ts'
import type { Vault } from '../credentials/vault.ts'
import type { OpenConnection } from '../gateway/gateway.ts'
import { ParamSchemas } from '../gateway/param-schemas.ts'
import { BufferBudget } from '../transport/buffer-budget.ts'
import { Reaper } from '../transport/reaper.ts'
import { ProcessSlots } from '../upstream/process-slots.ts'
import type { Upstream } from '../upstream/upstream.ts'
import { LiveCredentials } from './live-credentials.ts'
import type { OperatorLog } from './operator-log.ts'
import { openUpstream, type UpstreamParts } from './open-upstream.ts'

/** Tools of one connection whose schemas are kept to check mirrored headers; servers have tens. */
const SCHEMAS_MAX = 1_000

interface Live {
  readonly open: OpenConnection
  readonly credentials: LiveCredentials
}

/** All connections of a configuration, each with its upstream and its credentials. */
export class ConnectionSet {
  readonly #live: ReadonlyMap<string, Live>
  readonly #vault: Vault
  readonly #log: OperatorLog
  readonly #reaper = new Reaper()
  #stored: string

  constructor(config: Config, vault: Vault, log: OperatorLog) {
    this.#vault = vault
    this.#log = log
    const shared = {
      budget: new BufferBudget(config.limits.bufferedBytes),
      reaper: this.#reaper,
      slots: new ProcessSlots(config.limits.processesTotal),
    }
    const parts = { shared, log }
    this.#live = new Map(
      config.connections.map((connection) => [connection.name, openConnection(connection, vault, parts)]),
    )
    this.#stored = this.#storedNow()
    for (const [name, { credentials }] of this.#live) this.#tellTrouble(name, credentials)
  }

  get(name: string): OpenConnection | undefined {
    return this.#live.get(name)?.open
  }

  /** Takes over what `sallyport credential set` has stored meanwhile; cheap when nothing has. */
  refreshIfChanged(): void {
    const stored = this.#storedNow()
    if (stored === this.#stored) return
    this.#stored = stored
    this.refresh()
  }

  refresh(): void {
    for (const [name, { credentials }] of this.#live) {
      credentials.refresh()
      this.#tellTrouble(name, credentials)
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#live.values()].map(({ open }) => open.upstream.close()))
    await this.#reaper[Symbol.asyncDispose]()
  }

  #storedNow(): string {
    return JSON.stringify(this.#vault.list())
  }

  #tellTrouble(connection: string, { trouble }: LiveCredentials): void {
    if (trouble !== undefined) this.#log.warn('a connection cannot be used yet', { connection, why: trouble.message })
  }
}

function openConnection(connection: ConnectionConfig, vault: Vault, parts: Omit<UpstreamParts, 'credentials'>): Live {
  const credentials = new LiveCredentials(connection.name, connection.credentials, vault)
  const upstream: Upstream = openUpstream(connection, { ...parts, credentials })
  return {
    credentials,
    open: {
      facts: { name: connection.name, labels: connection.labels },
      type: connection.upstream.kind === 'http' ? 'mcp-http' : 'mcp-stdio',
      upstream,
      hide: credentials.hide,
      hits: () => credentials.hits,
      schemas: new ParamSchemas(SCHEMAS_MAX),
      scopes: connection.scopes,
      bodyBytesMax: connection.limits.requestBytes,
      passHost: connection.upstream.kind === 'http' && connection.upstream.host === 'pass',
    },
  }
}
