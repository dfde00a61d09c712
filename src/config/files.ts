import type { ApprovalsEntry } from './read-approvals.ts'
import type { ExportConfig, IndexMode, Receipts } from './config.ts'
import type { InspectEntry } from '../facts/inspection.ts'
import type { RetentionEntry } from './read-retention.ts'
import type { DetectorSpec } from '../masking/patterns/spec.ts'

/** `sallyport.yaml`, as read from YAML, before references are followed. */
export interface SallyportFile {
  readonly version: 1
  readonly listen?: string
  readonly url?: string
  readonly allowed_hosts?: readonly string[]
  readonly allowed_origins?: readonly string[]
  readonly data?: string
  readonly identity: { readonly issuers: readonly IssuerEntry[] }
  readonly master_key: string
  readonly policy?: string
  readonly resources?: readonly string[]
  readonly limits?: Readonly<Record<string, string | number>>
  readonly masking?: MaskingEntry
  readonly approvals?: ApprovalsEntry
  readonly audit?: RetentionEntry & {
    readonly segment?: { readonly size?: string; readonly seal_after?: string; readonly encrypt?: boolean }
    readonly queue?: string
    readonly deadline?: string
    readonly receipts?: Receipts
    readonly index?: { readonly mode?: IndexMode }
    readonly view?: {
      readonly auditors?: readonly string[]
      readonly own_sessions?: boolean
      readonly connections?: readonly { readonly groups: readonly string[]; readonly connections: readonly string[] }[]
    }
    readonly heartbeat?: string
    readonly checkpoints?: { readonly every?: string }
    readonly witnesses?: { readonly policy: string; readonly every?: string; readonly at_most?: string }
    readonly anchors?: readonly AnchorEntry[]
    readonly exports?: readonly ExportEntry[]
  }
}

export interface ExportEntry {
  readonly folder: string
  readonly format?: ExportConfig['format']
  readonly every?: string
  readonly bodies?: boolean
  readonly only?: ExportConfig['only']
}

export interface AnchorEntry {
  readonly kind: 'file' | 'rfc3161' | 'object-lock'
  readonly every?: string
  readonly path?: string
  readonly url?: string
  readonly ca?: string
  readonly endpoint?: string
  readonly bucket?: string
  readonly region?: string
  readonly prefix?: string
  readonly retain?: string
  readonly access_key_id?: string
  readonly secret_access_key?: string
}

export interface IssuerEntry {
  readonly issuer: string
  readonly audience?: string | readonly string[]
  readonly jwks_uri?: string
  readonly groups?: { readonly claim: string | readonly string[] }
  readonly clock_skew?: string
  readonly logout_audience?: readonly string[]
}

export interface MaskingEntry {
  readonly detectors?: readonly (Omit<DetectorSpec, 'with'> & { readonly with?: string })[]
  readonly surrogates?: {
    readonly lifetime?: string
    readonly per_scope?: number
    readonly restores_per_minute?: number
  }
}

/** One of `argument` and `field`. */
interface SinkEntry {
  readonly tool: string
  readonly argument?: string
  readonly field?: string
  readonly within?: boolean | string
}

export interface ConnectionMaskingEntry {
  readonly profile?: 'default' | 'off'
  readonly binary?: 'pass' | 'drop' | 'block'
  readonly group?: string
  readonly restore?: {
    readonly why: string
    readonly sinks: readonly SinkEntry[]
  }
  readonly analyzer?: {
    readonly url: string
    readonly timeout?: string
    readonly language?: string
    readonly score?: number
    readonly entities?: readonly string[]
    readonly tools?: readonly string[]
    readonly concurrent?: number
  }
}

/** One `kind: Connection` document. */
export interface ConnectionEntry {
  readonly kind: 'Connection'
  readonly name: string
  readonly labels?: Readonly<Record<string, string>>
  readonly upstream: {
    readonly http?: { readonly url: string; readonly ca?: string; readonly host?: 'rewrite' | 'pass' }
    readonly stdio?: {
      readonly command: string
      readonly args?: readonly string[]
      readonly env?: Readonly<Record<string, string>>
      readonly cwd?: string
      readonly per?: 'session'
    }
  }
  readonly dialect?: string
  readonly inspect?: InspectEntry
  readonly credentials?: readonly CredentialEntry[]
  readonly masking?: ConnectionMaskingEntry
  readonly limits?: Readonly<Record<string, string | number>>
  readonly scopes?: readonly string[]
  readonly receipts?: Receipts
}

export interface CredentialEntry {
  readonly name: string
  readonly header?: string
  readonly bearer?: true
  readonly basic?: true
  readonly env?: string
}
