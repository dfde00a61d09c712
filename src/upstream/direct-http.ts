import { assert } from '../base/assert.ts'
import { Receipt } from '../audit/log.ts'
import { Sealed } from '../base/sealed.ts'
import { Unmasked } from '../masking/masked.ts'
import type { Permit } from '../policy/permit.ts'
import type { Passage } from '../protocol/message.ts'
import type { BufferBudget } from '../transport/buffer-budget.ts'
import { HttpClient, type HttpCall, type HttpOptions } from '../transport/http.ts'
import type { HttpReply } from '../transport/http-exchange.ts'
import type { Injection } from './injection.ts'
import { SealedEvents } from './sealed-events.ts'
import type { Outgoing, Upstream, UpstreamReply } from './upstream.ts'

// The client's own token is for the gateway (RFC 9068), its cookies are for nobody, and the rest belongs to one hop.
const NEVER_FORWARDED =
  /^(?:authorization|proxy-.*|cookie|connection|keep-alive|te|trailer|transfer-encoding|upgrade|content-length|content-encoding|accept-encoding|expect|mcp-session-id)$/

/** An MCP server that the gateway reaches over HTTP by itself. */
export class DirectHttp implements Upstream {
  readonly #client: HttpClient
  readonly #injection: Injection

  constructor(options: HttpOptions, budget: BufferBudget, injection: Injection) {
    this.#client = new HttpClient(options, budget)
    this.#injection = injection
  }

  async send(
    permit: Permit,
    intent: Receipt<'intent' | 'notification' | 'outcome'>,
    outgoing: Outgoing,
  ): Promise<UpstreamReply> {
    Receipt.check(intent)
    return sealed(await this.#carry(permit.passage, outgoing))
  }

  close(): Promise<void> {
    return this.#client.close()
  }

  #carry(passage: Passage, outgoing: Outgoing): Promise<HttpReply> {
    const call = { headers: this.#headers(outgoing), onAbort: outgoing.onAbort }
    switch (passage.kind) {
      case 'listen':
        return this.#client.openStream(call)
      case 'end':
        return this.#client.endSession(call)
      case 'request':
        return this.#post(outgoing, { ...call, endless: passage.method === 'subscriptions/listen' })
      case 'notification':
      case 'answer':
        return this.#post(outgoing, call)
    }
  }

  #post({ body }: Outgoing, call: HttpCall): Promise<HttpReply> {
    assert(body !== undefined, 'a message has a body')
    return this.#client.postMessage(Sealed.open(body), call)
  }

  /** What the gateway lets through, then what is ours to say: a credential wins over a header of the same name. */
  #headers({ headers, link, body }: Outgoing): Record<string, string> {
    const all: Record<string, string> = {}
    for (const [name, value] of Object.entries(headers)) if (!NEVER_FORWARDED.test(name)) all[name] = value
    if (body !== undefined) all['content-type'] = 'application/json'
    if (link.sessionId !== undefined) all['mcp-session-id'] = link.sessionId
    for (const [name, value] of Object.entries(this.#injection.headers())) all[name.toLowerCase()] = value
    return all
  }
}

function sealed(reply: HttpReply): UpstreamReply {
  const headers = new Unmasked(reply.headers)
  const { status } = reply
  return reply.kind === 'stream'
    ? { kind: 'stream', status, headers, events: new SealedEvents(reply.events) }
    : { kind: 'body', status, headers, body: new Unmasked(reply.body), done: reply.done }
}
