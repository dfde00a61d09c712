// One client of the load: a keep-alive connection of its own with one MCP session on it. Every reply is checked.
import { Client, type Dispatcher } from 'undici'

export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

export class McpConnection {
  readonly #client: Client
  readonly #path: string
  readonly #headers: Record<string, string>
  #id = 0

  private constructor(url: URL, token: string | undefined) {
    this.#client = new Client(url.origin, { pipelining: 1, bodyTimeout: 0 })
    this.#path = url.pathname
    this.#headers = {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    }
  }

  /** Connects and goes through `initialize`. */
  static async open(url: string, token: string | undefined): Promise<McpConnection> {
    const connection = new McpConnection(new URL(url), token)
    const clientInfo = { name: 'bench', version: '1.0.0' }
    const reply = await connection.#post('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo })
    const session = reply.headers['mcp-session-id']
    if (reply.status !== 200 || typeof session !== 'string')
      throw new Error(`no session: ${reply.status} ${reply.body}`)
    connection.#headers['mcp-session-id'] = session
    connection.#headers['mcp-protocol-version'] = '2025-06-18'
    const noted = await connection.#send(
      'POST',
      JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }),
    )
    if (noted.status !== 202) throw new Error(`not initialized: ${noted.status} ${noted.body}`)
    return connection
  }

  /** One `tools/call` of `echo`; throws if the answer is not the answer to this very call. */
  async call(word: string): Promise<void> {
    const reply = await this.#post('tools/call', { name: 'echo', arguments: { word } })
    const head = `{"jsonrpc":"2.0","id":${this.#id},"result":{"content":[{"type":"text","text":"${word} `
    if (reply.status !== 200 || !reply.body.startsWith(head) || reply.body.length < head.length + 1300)
      throw new Error(`wrong reply: ${reply.status} ${reply.body.slice(0, 300)}`)
  }

  /** Ends the session and the connection. */
  async close(): Promise<void> {
    await this.#send('DELETE')
    await this.#client.close()
  }

  #post(method: string, params: unknown): Promise<Reply> {
    this.#id += 1
    return this.#send('POST', JSON.stringify({ jsonrpc: '2.0', id: this.#id, method, params }))
  }

  #send(method: Dispatcher.HttpMethod, body?: string): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const options = { path: this.#path, method, headers: this.#headers, body: body ?? null }
      this.#client.dispatch(options, new Collect(resolve, reject))
    })
  }
}

/** Replies here are ASCII, so a piece of one can be decoded by itself. */
const LATIN1 = new TextDecoder('latin1')

class Collect implements Dispatcher.DispatchHandler {
  readonly #resolve: (reply: Reply) => void
  readonly #reject: (error: Error) => void
  #status = 0
  #headers: Reply['headers'] = {}
  #body = ''
  constructor(resolve: (reply: Reply) => void, reject: (error: Error) => void) {
    this.#resolve = resolve
    this.#reject = reject
  }
  onRequestStart(): void {}
  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: Reply['headers']): void {
    this.#status = status
    this.#headers = headers
  }
  onResponseData(_: Dispatcher.DispatchController, chunk: Uint8Array): void {
    this.#body += LATIN1.decode(chunk)
  }
  onResponseEnd(): void {
    this.#resolve({ status: this.#status, headers: this.#headers, body: this.#body })
  }
  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#reject(error)
  }
}
