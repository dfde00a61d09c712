// Where calls go. Nothing is sent without a permit for this very passage and a receipt that it is on record; what comes
// back is boxed, and a server's credential is seen here and nowhere else.
import type { Receipt } from '../audit/log.ts'
import type { Dispatch, Unmasked } from '../masking/masked.ts'
import type { Permit } from '../policy/permit.ts'
import type { SseEvent } from '../protocol/sse.ts'

/** Headers of a client's request that concern the MCP server, lower-case names, values as they came. */
export type ForwardHeaders = Readonly<Record<string, string>>

/** Which conversation a passage belongs to, as the upstream knows it. */
export interface Link {
  /** Value of `Mcp-Session-Id`, or undefined before `initialize` and in the modern era. */
  readonly sessionId: string | undefined
  /** Separates callers where the upstream has no session of its own: stdio in the modern era. */
  readonly caller: string
}

/** What an upstream answered. `body`: one whole message, or none. `stream`: Server-Sent Events. */
export type UpstreamReply =
  | {
      readonly kind: 'body'
      readonly status: number
      readonly headers: Unmasked<ForwardHeaders>
      readonly body: Unmasked<Uint8Array>
      /** Called once the body is no longer needed: until then it counts against the memory of all calls. Safe to repeat. */
      readonly done: () => void
    }
  | {
      readonly kind: 'stream'
      readonly status: number
      readonly headers: Unmasked<ForwardHeaders>
      readonly events: EventSource
    }

/** Pull-based: the upstream's socket is read only as far as the consumer asks, so a slow client slows the server. */
export interface EventSource extends AsyncIterable<Unmasked<SseEvent>> {
  /** Lets the upstream's connection go. In the modern era this cancels the call. Safe to repeat. */
  close(): void
}

/** Implemented by direct HTTP and stdio. The receipt shows that the intent is on disk. */
export interface Upstream {
  /**
   * Sends a passage: `body` is what goes on the wire (undefined for `listen` and `end`): what was recorded, with values in the place
   * of their stand-ins.
   * Throws GatewayError upstream_unreachable | upstream_timeout | upstream_protocol | upstream_too_large | upstream_busy.
   * `signal` aborts: the client is gone and its era says that this cancels.
   */
  send(
    permit: Permit,
    intent: Receipt<'intent' | 'notification' | 'outcome'>,
    passage: Outgoing,
  ): Promise<UpstreamReply>
  /** Ends connections and processes. */
  close(): Promise<void>
}

export interface Outgoing {
  readonly body: Dispatch | undefined
  readonly headers: ForwardHeaders
  readonly link: Link
  /** Called once with a function that aborts; the client is gone. */
  readonly onAbort: (abort: () => void) => void
}
