// Which conversation. The recorded session is ours and says on what it rests (audit.md, 13): an upstream's id, a process,
// or a window of time. It is always bound to one principal; an id in the hands of another opens nothing.
import type { EntryIndex, PrincipalId, SessionId } from '../base/ids.ts'
import type { ClientRequest, IdText, JsonObject, Revision } from '../protocol/message.ts'
import type { Method } from '../protocol/methods.ts'

export type Basis = 'mcp-session-id' | 'process' | 'window'

export interface ClientInfo {
  readonly name?: string | undefined
  readonly version?: string | undefined
}

/** A request of the server that the client has not answered yet. */
export interface Asked {
  readonly intent: EntryIndex
  readonly method: Method
  /** The call that it belongs to; undefined where nobody can tell. Whoever never answers holds nothing of a call that is over. */
  readonly call: WeakRef<CallRef> | undefined
  /** The tool of that call. */
  readonly tool: string | undefined
  /** What a form takes; undefined where it asks for no form, or for one that is too long to remember. */
  readonly form: JsonObject | undefined
}

/** A request whose stream can be resumed: its reply may come again, or only now, on another stream. */
export interface StreamedCall {
  readonly intent: EntryIndex
  readonly call: CallRef
  /** What its reply must not show, by the rules that let it pass. */
  readonly masks: readonly MaskTerms[]
  /** False while its outcome is not on record. */
  answered: boolean
}

/** Kinds of data or fields, and how they are hidden. */
interface MaskTerms {
  readonly entities?: readonly string[] | undefined
  readonly fields?: readonly string[] | undefined
  readonly with: 'partial' | 'redact' | 'hash' | 'surrogate' | 'block' | 'allow'
}

/** What of a request its reply is judged by. */
export type CallRef = Pick<ClientRequest, 'id' | 'method' | 'target' | 'era'>

/** Shared and mutable; the only writer is gateway/, within one turn of the event loop. */
export interface Session {
  readonly id: SessionId
  readonly principal: PrincipalId
  readonly connection: string
  readonly startedMs: number
  basis: Basis
  /** The upstream's `Mcp-Session-Id`: a capability, so it is never recorded. */
  upstreamId: string | undefined
  /** Sessions at the issuer (`loginOf`) whose tokens came with it. */
  readonly logins: Set<string>
  /** Under which it is found again where the upstream has no sessions. */
  windowKey: string | undefined
  revision: Revision | undefined
  client: ClientInfo | undefined
  seenMs: number
  /** Calls that run: however long they take, it is not idle. */
  running: number
  /** Count of records, so that a reader sees a gap. */
  n: number
  /** Requests carried. */
  calls: number
  /** True once its `session.start` is durable. */
  recorded: boolean
  /** Open streams of this session. */
  streams: number
  /** Resolves when the stream that is being opened stands; undefined where none is. */
  opening: Promise<void> | undefined
  readonly asked: Map<IdText, Asked>
  /** Calls of tools whose reply has not come. */
  readonly callsRunning: Set<CallRef>
  /** What the forms take that results asked for (modern era), by what they were called for and the key of the form; bounded. */
  readonly forms: Map<string, JsonObject>
  /** Bounded; the oldest is forgotten. */
  readonly streamed: Map<IdText, StreamedCall>
}
