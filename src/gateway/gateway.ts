// The data path. Start reading in carry.ts: it is one call, told in order. Its siblings tell the same of a stream's
// events (carry-events.ts), of notifications and answers (carry-notice.ts), and of a session's stream and end (carry-session.ts).
import type { ReceiptMode } from '../audit/client-receipt.ts'
import type { AuditLog } from '../audit/log.ts'
import type { OverLimit } from '../audit/retention-class.ts'
import type { Micros } from '../base/clock.ts'
import type { Exchange } from '../downstream/exchange.ts'
import type { ClientHeaders } from '../downstream/headers.ts'
import type { KeepAlive } from '../downstream/keep-alive.ts'
import type { BearerGate } from '../identity/bearer.ts'
import type { Principal } from '../identity/principal.ts'
import type { Hide } from '../masking/masked.ts'
import type { ConnectionMasker } from '../masking/passage.ts'
import type { TextFinding } from '../masking/told.ts'
import type { Policy } from '../policy/policy.ts'
import type { Facts } from '../facts/facts.ts'
import type { JsonObject } from '../base/json.ts'
import type { Limits } from '../limits/limits.ts'
import type { ConnectionFacts } from '../policy/rule.ts'
import type { ServerMessageLimits } from '../protocol/read-server.ts'
import type { BodyLimits } from '../protocol/parse.ts'
import type { Session } from '../session/session.ts'
import type { Logouts } from '../session/logouts.ts'
import type { Sessions } from '../session/sessions.ts'
import type { Upstream } from '../upstream/upstream.ts'
import type { Approvals } from './approvals.ts'
import type { Heads } from './heads.ts'
import type { KnownTools } from './known-tools.ts'
import type { RefusedTokens } from './refused-tokens.ts'
import type { ShadowPolicy } from './shadow.ts'
import type { Tasks } from './tasks.ts'

/** A connection that is in use: what a call needs of it. */
export interface OpenConnection {
  readonly facts: ConnectionFacts
  readonly type: 'mcp-http' | 'mcp-stdio'
  readonly upstream: Upstream
  /** Names where it leads and with which credentials: another server of the same name is another one. */
  readonly identity: string
  /** Hides the connection's credentials, and nothing else. */
  readonly hide: Hide
  /** Hides them with everything else that must not be seen. */
  readonly masker: ConnectionMasker
  /** Finds names and addresses in prose; undefined where nobody is asked. A failure of it is one of the call. */
  readonly analyzer?: TextAnalyzer | undefined
  /** Tools as they were last listed. */
  readonly tools: KnownTools
  /** Of its records. */
  readonly retentionClass: number
  /** How the receipts are signed that its clients get; undefined where they get none. */
  readonly receipts?: ReceiptMode | undefined
  /** What of a body is recorded. */
  readonly recording: RecordingLimit
  /** OAuth scopes that its clients are told to ask for. */
  readonly scopes: readonly string[]
  readonly bodyBytesMax: number
  /** The upstream sees the Host that the client used, not its own. */
  readonly passHost: boolean
}

/** What the class of its records says (audit.md, 4.9). */
export interface RecordingLimit {
  readonly maxBodyBytes: number
  readonly overLimit: OverLimit
}

/** Facts at once, or a promise of them that never rejects. */
export interface ArgumentReader {
  read(connection: ConnectionFacts, tool: string, args: JsonObject): Facts | Promise<Facts>
}

export interface TextAnalyzer {
  /** `signal`: nobody waits for the answer any more; it then fails with `client_gone`. */
  analyze(text: string, signal?: AbortSignal): Promise<readonly TextFinding[]>
}

export interface Gateway {
  /** The policy in force. A passage asks once and keeps what it got. */
  readonly policy: () => Policy
  /** Reads SQL, commands and the like in the arguments of calls. */
  readonly arguments: ArgumentReader
  readonly rateLimits: Limits
  /** A policy that is tried beside the one in force. */
  readonly shadow: () => ShadowPolicy | undefined
  readonly audit: AuditLog
  readonly bearer: BearerGate
  readonly connection: (name: string) => OpenConnection | undefined
  readonly sessions: Sessions
  readonly logouts: Logouts
  readonly tasks: Tasks
  readonly approvals: Approvals
  readonly refusedTokens: RefusedTokens
  readonly heads: Heads
  readonly keepAlive: () => KeepAlive
  /** `https://mcp.example.com`, without a slash at the end. */
  readonly baseUrl: () => string
  readonly limits: GatewayLimits
  readonly now: { readonly micros: () => Micros; readonly ms: () => number; readonly mono: () => Micros }
  readonly ids: { readonly record: () => string }
  /** What an operator should know and no client may see. */
  readonly warn: (what: string, detail: Readonly<Record<string, string | number | undefined>>) => void
}

export interface GatewayLimits {
  readonly body: BodyLimits
  readonly message: ServerMessageLimits
  readonly streamsMax: number
  readonly streamsPerSessionMax: number
  /** Events of one stream that may wait for the disk or the client at once. */
  readonly eventsInFlightMax: number
  /** Requests of the server that one session's client may leave unanswered. */
  readonly askedMax: number
}

/** Where a passage stands: who, on which connection, in which conversation, and the way back to the client. */
export interface Place {
  readonly principal: Principal
  readonly connection: OpenConnection
  readonly session: Session
  readonly exchange: Exchange
  readonly headers: ClientHeaders
  readonly address: string
  /** The task that the call is, whose client comes back for it. */
  readonly task?: string | undefined
  /** Of a call that runs on an approval: whether that ended while it ran. */
  readonly isRevoked?: (() => boolean) | undefined
  readonly policy: Policy
  readonly since: Micros
}
