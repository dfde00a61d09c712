import type { RetentionClass } from '../audit/retention-class.ts'
import type { Config, ConnectionConfig } from '../config/config.ts'
import { changesBetween, type CredentialChanges } from '../credentials/changes.ts'
import type { CredentialListing } from '../credentials/credential.ts'
import type { Vault } from '../credentials/vault.ts'
import type { OpenConnection } from '../gateway/gateway.ts'
import { KnownTools } from '../gateway/known-tools.ts'
import type { SqliteToolPins } from '../store/sqlite/tool-pins.ts'
import { LineHide } from '../masking/lines.ts'
import { BufferBudget } from '../transport/buffer-budget.ts'
import { Analyzer } from '../transport/analyzer.ts'
import { Reaper } from '../transport/reaper.ts'
import { ProcessSlots } from '../upstream/process-slots.ts'
import type { Upstream } from '../upstream/upstream.ts'
import { LiveCredentials } from './live-credentials.ts'
import type { OperatorLog } from './operator-log.ts'
import type { OpenMasking } from './open-masking.ts'
import { classOfConnection } from './open-retention.ts'
import { openUpstream, type UpstreamParts } from './open-upstream.ts'

/** Tools of one connection whose definitions are kept; servers have tens. */
const TOOLS_MAX = 1_000

interface Live {
  readonly open: OpenConnection
  readonly credentials: LiveCredentials
  readonly analyzer: Analyzer | undefined
}

export interface SetParts {
  readonly vault: Vault
  readonly pins: SqliteToolPins
  readonly masking: OpenMasking
  readonly classes: readonly RetentionClass[]
  readonly log: OperatorLog
}

/** All connections of a configuration, each with its upstream and its credentials. */
export class ConnectionSet {
  readonly #live: ReadonlyMap<string, Live>
  readonly #vault: Vault
  readonly #log: OperatorLog
  readonly #reaper = new Reaper()
  #stored: readonly CredentialListing[]
  #taking = false

  constructor(config: Config, { vault, pins, masking, classes, log }: SetParts) {
    this.#vault = vault
    this.#log = log
    const shared = {
      budget: new BufferBudget(config.limits.bufferedBytes),
      reaper: this.#reaper,
      slots: new ProcessSlots(config.limits.processesTotal),
    }
    const classOf = (connection: ConnectionConfig) => classOfConnection(classes, config, connection)
    const parts = { shared, log, pins, masking, classOf }
    this.#live = new Map(
      config.connections.map((connection) => [connection.name, openConnection(connection, vault, parts)]),
    )
    this.#stored = vault.list()
    for (const [name, { credentials }] of this.#live) this.#tellTrouble(name, credentials)
  }

  get(name: string): OpenConnection | undefined {
    return this.#live.get(name)?.open
  }

  /** What is stored, as far as it was taken over. */
  get stored(): readonly CredentialListing[] {
    return this.#stored
  }

  /**
   * Takes over what `sallyport credential` has stored meanwhile, once `record` has it on record; cheap when nothing has. Where
   * it cannot be recorded, nothing changes and the next call tries again.
   */
  async refreshIfChanged(record: (changes: CredentialChanges) => Promise<void>): Promise<void> {
    if (this.#taking) return
    const stored = this.#vault.list()
    const changes = changesBetween(this.#stored, stored)
    if (changes === undefined) return
    this.#taking = true
    try {
      await record(changes)
      this.#stored = stored
      this.#refresh()
    } finally {
      this.#taking = false
    }
  }

  #refresh(): void {
    for (const [name, { credentials }] of this.#live) {
      credentials.refresh()
      this.#tellTrouble(name, credentials)
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#live.values()].map(({ open }) => open.upstream.close()))
    for (const { analyzer } of this.#live.values()) await analyzer?.[Symbol.asyncDispose]()
    await this.#reaper[Symbol.asyncDispose]()
  }

  #tellTrouble(connection: string, { trouble }: LiveCredentials): void {
    if (trouble !== undefined) this.#log.warn('a connection cannot be used yet', { connection, why: trouble.message })
  }
}

interface Parts extends Omit<UpstreamParts, 'credentials' | 'stderr'> {
  readonly pins: SqliteToolPins
  readonly masking: OpenMasking
  readonly classOf: (connection: ConnectionConfig) => Pick<RetentionClass, 'n' | 'terms'>
}

function openConnection(connection: ConnectionConfig, vault: Vault, parts: Parts): Live {
  const credentials = new LiveCredentials(connection.name, connection.credentials, vault)
  const asked = connection.masking.analyzer
  const analyzer = asked === undefined ? undefined : new Analyzer(asked)
  const { n, terms } = parts.classOf(connection)
  const masker = parts.masking.connection(connection, credentials.hide)
  const stderr = new LineHide((text) => masker.label(text))
  const upstream: Upstream = openUpstream(connection, { ...parts, credentials, stderr })
  return {
    credentials,
    analyzer,
    open: {
      facts: { name: connection.name, labels: connection.labels, inspection: connection.inspection },
      type: connection.upstream.kind === 'http' ? 'mcp-http' : 'mcp-stdio',
      upstream,
      hide: credentials.hide,
      masker,
      analyzer,
      tools: new KnownTools(TOOLS_MAX, parts.pins.of(connection.name)),
      retentionClass: n,
      receipts: connection.receipts === 'off' ? undefined : connection.receipts,
      recording: terms,
      scopes: connection.scopes,
      bodyBytesMax: connection.limits.requestBytes,
      passHost: connection.upstream.kind === 'http' && connection.upstream.host === 'pass',
    },
  }
}
