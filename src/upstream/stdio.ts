import { toHex } from '../base/bytes.ts'
import { Receipt } from '../audit/log.ts'
import type { Permit } from '../policy/permit.ts'
import type { ClientMessage, ClientRequest, Passage } from '../protocol/message.ts'
import { EraProbe } from './era-probe.ts'
import { alreadyInitialized, ended, notModern, sessionIdMissing, sessionNotFound } from './http-answer.ts'
import type { Injection } from './injection.ts'
import { Launcher, type StdioOptions, type StdioShared } from './launcher.ts'
import { LegacySession } from './legacy-session.ts'
import { ModernCallers } from './modern-callers.ts'
import type { Outgoing, Upstream, UpstreamReply } from './upstream.ts'

const SESSION_ID_BYTES = 16

/** An MCP server that is a program on this machine. It looks like one that speaks Streamable HTTP. */
export class StdioUpstream implements Upstream {
  readonly #launcher: Launcher
  readonly #probe: EraProbe
  readonly #modern: ModernCallers
  /** By the id that the client knows. A session is gone from here when its process is. */
  readonly #sessions = new Map<string, LegacySession>()

  constructor(options: StdioOptions, shared: StdioShared, injection: Injection) {
    this.#launcher = new Launcher(options, shared, injection)
    this.#probe = new EraProbe(this.#launcher)
    this.#modern = new ModernCallers(this.#launcher)
  }

  async send(
    permit: Permit,
    intent: Receipt<'intent' | 'notification' | 'outcome'>,
    outgoing: Outgoing,
  ): Promise<UpstreamReply> {
    Receipt.check(intent)
    const { passage } = permit
    return isModern(passage) ? this.#sendModern(passage, outgoing) : this.#sendLegacy(passage, outgoing)
  }

  /** Resolves when no process is left. */
  close(): Promise<void> {
    return this.#launcher.close()
  }

  async #sendModern(passage: ClientMessage, outgoing: Outgoing): Promise<UpstreamReply> {
    return (await this.#probe.era()) === 'modern' ? this.#modern.send(passage, outgoing) : notModern()
  }

  async #sendLegacy(passage: Passage, outgoing: Outgoing): Promise<UpstreamReply> {
    const { sessionId } = outgoing.link
    const opens = passage.kind === 'request' && passage.method === 'initialize'
    if (sessionId === undefined) return opens ? this.#open(passage, outgoing) : sessionIdMissing()
    const session = this.#sessions.get(sessionId)
    if (session === undefined) return sessionNotFound()
    if (opens) return alreadyInitialized(passage.id)
    switch (passage.kind) {
      case 'listen':
        return session.listen(outgoing)
      case 'end':
        return this.#end(session)
      case 'request':
      case 'notification':
      case 'answer':
        return session.send(passage, outgoing)
    }
  }

  #open(request: ClientRequest, outgoing: Outgoing): Promise<UpstreamReply> {
    const id = toHex(crypto.getRandomValues(new Uint8Array(SESSION_ID_BYTES)))
    const session = new LegacySession(id, this.#launcher, () => this.#sessions.delete(id))
    this.#sessions.set(id, session)
    return session.initialize(request, outgoing)
  }

  #end(session: LegacySession): UpstreamReply {
    // Nothing finds it any more; how long its process takes to go is not the client's to wait for.
    this.#sessions.delete(session.id)
    void session.end()
    return ended()
  }
}

function isModern(passage: Passage): passage is ClientMessage {
  return passage.era === 'modern'
}
