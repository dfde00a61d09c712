import { resolve } from 'node:path'
import type { Mistake } from '../policy/mistake.ts'
import { checkLimits } from './check-limits.ts'
import { MIB, parseDuration, parseSize, SECOND_MS } from '../base/units.ts'
import type { AuditConfig, Config, IssuerConfig, SecretReference, IndexMode, ViewConfig } from './config.ts'
import type { IssuerEntry } from './files.ts'
import { DEFAULT_LIMITS, limitsWith } from './limits.ts'
import type { Environment, MainFile } from './main-file.ts'
import { httpUrl } from './http-url.ts'
import { readExports } from './read-exports.ts'
import { readHeads } from './read-heads.ts'
import { readRetention } from './read-retention.ts'
import { readMasking } from './read-masking.ts'
import { readOutsiders } from './read-outsiders.ts'

/** What the main file says by itself. */
/** What is known only once the policy is read. */
type FromPolicy = 'policy' | 'policyFiles' | 'policyWarnings' | 'readers'

export interface Settings extends Omit<Config, 'file' | 'connections' | FromPolicy> {
  readonly mistakes: readonly Mistake[]
}

const DEFAULT_LISTEN = '127.0.0.1:7070'
const DEFAULT_GROUP_CLAIM = 'groups'

/** Reads everything but connections and policy. What is wrong is in `mistakes`; the values are then of no use. */
export function readSettings(main: MainFile, environment: Environment): Settings {
  const { document, entry, folder } = main
  const mistakes: Mistake[] = []
  const listen = readListen(entry.listen ?? DEFAULT_LISTEN)
  if (listen === undefined)
    mistakes.push(document.at(['listen'], 'this must be a host and a port', 'for example 127.0.0.1:7070'))
  const url = readBaseUrl(main, listen, mistakes)
  checkOrigins(main, mistakes)
  mistakes.push(...checkLimits(document, entry.limits ?? {}, ['limits']))
  return {
    listen: listen ?? { host: '', port: 0 },
    url,
    allowedHosts: entry.allowed_hosts ?? [],
    allowedOrigins: entry.allowed_origins ?? [],
    dataFolder: resolve(folder, entry.data ?? 'data'),
    issuers: readIssuers(main, mistakes),
    masterKey: readMasterKey(main, environment, mistakes),
    policyFile: resolve(folder, entry.policy ?? 'policy.yaml'),
    masking: readMasking(document, entry, mistakes),
    limits: limitsWith(DEFAULT_LIMITS, entry.limits ?? {}),
    audit: readAudit(main, mistakes),
    mistakes,
  }
}

function readListen(text: string): Config['listen'] | undefined {
  const found = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+):([0-9]{1,5})$/.exec(text)
  const port = Number(found?.[2])
  const host = found?.[1]?.replaceAll(/[[\]]/g, '')
  return host === undefined || port > PORT_MAX ? undefined : { host, port }
}

const PORT_MAX = 65_535

function readBaseUrl({ document, entry }: MainFile, listen: Config['listen'] | undefined, mistakes: Mistake[]) {
  if (entry.url !== undefined) {
    if (isBaseUrl(entry.url)) return entry.url.replace(/\/$/, '')
    mistakes.push(
      document.at(
        ['url'],
        'this must be an http or https URL without query, fragment or user',
        'for example https://mcp.example.com',
      ),
    )
    return undefined
  }
  if (listen === undefined || listen.port === 0) return undefined
  if (WILDCARDS.has(listen.host)) {
    mistakes.push(
      document.at(
        ['listen'],
        'with this listen address, url must say how clients reach the gateway',
        'add url: https://…',
      ),
    )
    return undefined
  }
  return `http://${listen.host.includes(':') ? `[${listen.host}]` : listen.host}:${listen.port}`
}

const WILDCARDS: ReadonlySet<string> = new Set(['0.0.0.0', '::'])

function isBaseUrl(text: string): boolean {
  const url = httpUrl(text)
  return url !== undefined && url.search === '' && url.hash === '' && !/[?#]/.test(text)
}

function checkOrigins({ document, entry }: MainFile, mistakes: Mistake[]): void {
  for (const [i, origin] of (entry.allowed_origins ?? []).entries()) {
    if (httpUrl(origin)?.origin === origin) continue
    mistakes.push(
      document.at(
        ['allowed_origins', i],
        'this is not an origin',
        'scheme, host and port only, such as https://app.example.com',
      ),
    )
  }
  for (const [i, host] of (entry.allowed_hosts ?? []).entries()) {
    if (!/[/@\s*]/.test(host)) continue
    mistakes.push(
      document.at(['allowed_hosts', i], 'this is not a host', 'host and port only, such as mcp.example.com'),
    )
  }
}

function readIssuers({ document, entry }: MainFile, mistakes: Mistake[]): IssuerConfig[] {
  const seen = new Set<string>()
  return entry.identity.issuers.map((one, i) => {
    const at = ['identity', 'issuers', i] as const
    if (seen.has(one.issuer)) mistakes.push(document.at([...at, 'issuer'], 'this issuer stands here twice'))
    seen.add(one.issuer)
    for (const key of ['issuer', 'jwks_uri'] as const) {
      const url = one[key]
      if (url === undefined || isTrustworthy(url)) continue
      mistakes.push(
        document.at([...at, key], 'this must be an https URL', 'plain http is accepted from this very machine only'),
      )
    }
    return toIssuer(one)
  })
}

/** Whoever can change the keys on their way can be anybody: https, or a server on this machine. */
function isTrustworthy(text: string): boolean {
  const url = httpUrl(text)
  return url?.protocol === 'https:' || (url !== undefined && LOOPBACK.has(url.hostname))
}

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]', 'localhost'])

function toIssuer({ issuer, audience, jwks_uri, groups, clock_skew }: IssuerEntry): IssuerConfig {
  return {
    issuer,
    audience: typeof audience === 'string' ? [audience] : audience,
    jwksUri: jwks_uri,
    groups: groups ?? { claim: DEFAULT_GROUP_CLAIM },
    clockSkewSeconds: (parseDuration(clock_skew ?? '30s') ?? 0) / SECOND_MS,
  }
}

function readMasterKey(
  { document, entry, folder }: MainFile,
  environment: Environment,
  mistakes: Mistake[],
): SecretReference {
  const name = /^\$\{env:(.+)\}$/.exec(entry.master_key)?.[1]
  if (name === undefined) return { kind: 'file', path: resolve(folder, entry.master_key.replace(/^file:/, '')) }
  if ((environment[name] ?? '') === '') {
    mistakes.push(
      document.at(['master_key'], `the environment has no ${name}`, 'make a key with: openssl rand -base64 32'),
    )
  }
  return { kind: 'env', name }
}

function readAudit(main: MainFile, mistakes: Mistake[]): AuditConfig {
  const { audit = {} } = main.entry
  const { document } = main
  const config = {
    segmentBytes: sizeOf(audit.segment?.size, DEFAULT_SEGMENT),
    encryptSegments: audit.segment?.encrypt ?? false,
    queueBytes: sizeOf(audit.queue, DEFAULT_QUEUE),
    deadlineMs: parseDuration(audit.deadline ?? DEFAULT_DEADLINE) ?? 0,
    index: readIndexMode(audit),
    view: readView(audit),
    ...readHeads(main, mistakes),
    ...readRetention(main, mistakes),
    ...readOutsiders(main, mistakes),
    exports: readExports(main, mistakes),
  }
  const { segmentBytes, queueBytes, deadlineMs } = config
  if (segmentBytes < MIB || segmentBytes > SEGMENT_BYTES_MAX) {
    mistakes.push(document.at(['audit', 'segment', 'size'], 'this must be from 1MiB to 1GiB'))
  }
  if (queueBytes < MIB) mistakes.push(document.at(['audit', 'queue'], 'this must be at least 1MiB'))
  if (deadlineMs < SECOND_MS) mistakes.push(document.at(['audit', 'deadline'], 'this must be at least 1s'))
  return config
}

function readIndexMode({ index = {} }: NonNullable<MainFile['entry']['audit']>): IndexMode {
  return index.mode ?? 'full'
}

function readView({ view = {} }: NonNullable<MainFile['entry']['audit']>): ViewConfig {
  return {
    auditors: view.auditors ?? [],
    ownSessions: view.own_sessions ?? true,
    connections: view.connections ?? [],
  }
}

const DEFAULT_SEGMENT = '64MiB'
const DEFAULT_QUEUE = '64MiB'
const DEFAULT_DEADLINE = '30s'

/** Offsets within a segment are 32 bits; a gigabyte leaves room and can still be copied about. */
const SEGMENT_BYTES_MAX = 1024 * MIB

function sizeOf(text: string | undefined, fallback: string): number {
  return parseSize(text ?? fallback) ?? 0
}
