// Configuration: files that people write become one checked, immutable value. Nothing starts from a file with a
// mistake in it; every mistake is reported at once, with its place and what to do.
import type { TrustPolicy } from '../audit/trust-policy.ts'
import type { Inspection } from '../facts/inspection.ts'
import type { SqlReaders } from '../facts/read-facts.ts'
import type { ConnectionMasking } from '../masking/connection-masking.ts'
import type { Policy } from '../policy/policy.ts'
import type { Labels } from '../policy/rule.ts'
import type { Limits } from './limits.ts'
import type { RetentionConfig } from './read-retention.ts'
import type { MaskingSettings } from './read-masking.ts'

/** Everything `sallyport.yaml` and what it names say. Paths are absolute. */
export interface Config {
  readonly file: string
  readonly listen: { readonly host: string; readonly port: number }
  /** Public base URL without a slash at its end; undefined where it is wherever port 0 turns out to be. */
  readonly url: string | undefined
  readonly allowedHosts: readonly string[]
  readonly allowedOrigins: readonly string[]
  readonly dataFolder: string
  readonly issuers: readonly IssuerConfig[]
  readonly masterKey: SecretReference
  readonly policyFile: string
  readonly policy: Policy
  /** What the policy file includes. */
  readonly policyFiles: readonly string[]
  /** What the policy asks for and nobody does yet. */
  readonly policyWarnings: readonly string[]
  /** Parsers of the SQL that the connections speak. */
  readonly readers: SqlReaders
  readonly connections: readonly ConnectionConfig[]
  readonly masking: MaskingSettings
  readonly limits: Limits
  readonly audit: AuditConfig
}

export interface IssuerConfig {
  readonly issuer: string
  /** Undefined: the URL of the resource itself. */
  readonly audience: readonly string[] | undefined
  readonly jwksUri: string | undefined
  readonly groups: { readonly claim: string | readonly string[] }
  readonly clockSkewSeconds: number
}

/** Where a secret stands. Its value is read by whoever needs it and never part of the configuration. */
export type SecretReference =
  | { readonly kind: 'env'; readonly name: string }
  | { readonly kind: 'file'; readonly path: string }

/** Whether clients get a signed receipt with each reply, and what the signature is over. */
export const RECEIPTS = ['off', 'record', 'commit'] as const
export type Receipts = (typeof RECEIPTS)[number]

export interface AuditConfig extends HeadsConfig, RetentionConfig {
  readonly segmentBytes: number
  /** Files of the log that are not sealed yet are encrypted. */
  readonly encryptSegments: boolean
  readonly queueBytes: number
  readonly deadlineMs: number
  readonly index: IndexMode
  readonly view: ViewConfig
  readonly witnesses: WitnessesConfig | undefined
  readonly anchors: readonly AnchorConfig[]
  readonly exports: readonly ExportConfig[]
}

export const EXPORT_FORMATS = ['jsonl', 'csv', 'ocsf', 'cef', 'otel'] as const

/** A folder that records are written to as they come. */
export interface ExportConfig {
  readonly folder: string
  readonly format: (typeof EXPORT_FORMATS)[number]
  readonly everyMs: number
  readonly bodies: boolean
  readonly only: {
    readonly connection?: string | undefined
    readonly who?: string | undefined
    readonly decision?: string | undefined
    readonly kind?: string | undefined
  }
}

/** What the search index has: everything, everything but words, or there is none. */
export const INDEX_MODES = ['full', 'metadata', 'off'] as const
export type IndexMode = (typeof INDEX_MODES)[number]

/** Who may read what was recorded, over the API. */
export interface ViewConfig {
  /** Groups that see everything. */
  readonly auditors: readonly string[]
  /** Everybody else who can log in sees their own sessions. */
  readonly ownSessions: boolean
  /** What passed these connections (names, with `*`) is seen by these groups. */
  readonly connections: readonly { readonly groups: readonly string[]; readonly connections: readonly string[] }[]
}

export interface HeadsConfig {
  readonly heartbeatMs: number
  /** At most one signed head in that time. */
  readonly headMs: number
}

export interface WitnessesConfig {
  readonly policyFile: string
  readonly policy: TrustPolicy
  readonly everyMs: number
  readonly atMostMs: number
}

export type AnchorConfig = { readonly everyMs: number } & (
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'rfc3161'; readonly url: string; readonly caFile: string }
  | {
      readonly kind: 'object-lock'
      readonly endpoint: string
      readonly bucket: string
      readonly region: string
      readonly prefix: string
      readonly accessKeyId: SecretReference
      readonly secretAccessKey: SecretReference
      readonly retainMs: number
    }
)

export interface ConnectionConfig {
  readonly name: string
  readonly labels: Labels
  /** Where arguments of its tools hold SQL, commands and the like. */
  readonly inspection: Inspection
  readonly upstream: UpstreamConfig
  readonly credentials: readonly CredentialDeclaration[]
  readonly masking: ConnectionMasking
  /** Names of the configuration's own kinds of data that are looked for there. */
  readonly ownKinds: readonly string[]
  /** Those of the gateway, with what this connection says otherwise. */
  readonly limits: Limits
  /** OAuth scopes named to clients in the challenge. */
  readonly scopes: readonly string[]
  readonly receipts: Receipts
  /** Where it was declared. */
  readonly file: string
}

export type UpstreamConfig =
  | {
      readonly kind: 'http'
      readonly url: string
      /** Additional certificate authorities, PEM. */
      readonly caFile: string | undefined
      /** `rewrite`: the upstream sees its own host name. `pass`: the one the client used. */
      readonly host: 'rewrite' | 'pass'
    }
  | {
      readonly kind: 'stdio'
      readonly command: string
      readonly args: readonly string[]
      /** Plain values; secrets are credentials. */
      readonly env: Readonly<Record<string, string>>
      readonly cwd: string | undefined
      readonly per: 'session'
    }

/** A credential by name and place; its value is stored with `sallyport credential set`. */
export type CredentialDeclaration =
  | { readonly name: string; readonly kind: 'header'; readonly header: string }
  | { readonly name: string; readonly kind: 'bearer' }
  | { readonly name: string; readonly kind: 'basic' }
  | { readonly name: string; readonly kind: 'env'; readonly variable: string }
