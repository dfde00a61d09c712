import type { AuditLog } from '../audit/log.ts'
import { stringifyJson } from '../base/json.ts'
import type { ConnectionConfig } from '../config/config.ts'
import { jsonPage, type Page } from '../downstream/page.ts'
import type { IssuerConfig } from '../identity/issuer.ts'
import { resourceMetadata } from '../identity/resource-metadata.ts'

interface PagesOptions {
  readonly baseUrl: () => string
  readonly issuers: readonly IssuerConfig[]
  readonly connections: readonly ConnectionConfig[]
  readonly audit: AuditLog
  /** Undefined where the policy file says what is in force. */
  readonly policyTrouble: () => string | undefined
}

const METADATA = '/.well-known/oauth-protected-resource'

/** Pages that need no caller: is it alive, is it ready, and where to log in (RFC 9728). */
export function pages(options: PagesOptions): (path: string) => Page | undefined {
  const scopes = new Map(options.connections.map((connection) => [connection.name, connection.scopes]))
  return (path) => {
    if (path === '/healthz') return jsonPage(200, '{"status":"alive"}')
    if (path === '/readyz') return ready(options.audit, options.policyTrouble() !== undefined)
    if (path === METADATA) return metadata(options, undefined, [])
    if (!path.startsWith(`${METADATA}/mcp/`)) return undefined
    const name = path.slice(`${METADATA}/mcp/`.length)
    const known = scopes.get(name)
    return known === undefined ? undefined : metadata(options, name, known)
  }
}

/** 503 while the log cannot be written: nothing passes then, and whoever balances load should know. */
function ready({ state }: AuditLog, policyIsStale: boolean): Page {
  const fine = state.kind === 'ready' || state.kind === 'pressed'
  return jsonPage(
    fine ? 200 : 503,
    stringifyJson({
      status: fine ? (policyIsStale ? 'degraded' : 'ready') : 'not ready',
      log: state.kind,
      policy: policyIsStale ? 'stale' : 'current',
      ...(fine ? (policyIsStale ? { why: STALE } : {}) : { why: WHY }),
    }),
  )
}

/** For anybody who asks; what to do about it is in the operator's log, with paths that are nobody else's business. */
const WHY = 'The audit log cannot be written, so nothing passes. See the log of the gateway.'

/** Calls pass as before, so whoever balances load need not look elsewhere: 200. */
const STALE =
  'The policy file was changed and is wrong, so the policy before it stays in force. See the log of the gateway.'

function metadata({ baseUrl, issuers }: PagesOptions, connection: string | undefined, scopes: readonly string[]): Page {
  const document = resourceMetadata({
    baseUrl: baseUrl(),
    ...(connection === undefined ? {} : { connection }),
    issuers: issuers.map(({ issuer }) => issuer),
    scopes,
  })
  // Public by design, and asked for by browser clients from anywhere.
  return jsonPage(200, JSON.stringify(document), ['Access-Control-Allow-Origin', '*', 'Cache-Control', 'max-age=300'])
}
