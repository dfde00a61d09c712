// A gateway that is used, troubled and killed, and everything that was heard from it: answers, output, printed text.
import { Client as ClientV2, StreamableHTTPClientTransport as HttpV2 } from '@modelcontextprotocol/client'
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { CreateMessageRequestSchema, ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import type { Gateway } from '../gateway.ts'
import { goodHeaders, modern } from '../mcp-client.ts'
import type { Planted } from './planted.ts'
import { type Words, wordsOf } from './planted-server.ts'

export interface Heard {
  readonly what: string
  readonly text: string
}

interface CallOptions {
  readonly signal?: AbortSignal
  readonly onprogress?: () => void
}

/** What both SDK clients do alike. */
export interface SdkClient {
  readonly client: ClientV1 | ClientV2
  callTool(name: string, args: Record<string, unknown>, options?: CallOptions): Promise<unknown>
}

/** What a server says of its tools and prompts is not rewritten: a rewritten tool would be another one. */
const DEFINITIONS = new Set(['tools/list', 'prompts/list', 'resources/templates/list'])
const ASKED = { sampling: {}, elicitation: { form: {} } }

export class WholeRun {
  readonly gateway: Gateway
  /** What of the planted values a client may send. */
  readonly sendable: Words
  /** Every answer that anybody got, headers included, but for definitions. */
  readonly heard: Heard[] = []
  /** Everything that gateways and commands wrote to their outputs. */
  readonly written: Heard[] = []
  readonly #words: Words

  constructor(gateway: Gateway, planted: readonly Planted[]) {
    this.gateway = gateway
    this.#words = wordsOf(planted)
    this.sendable = wordsOf(planted.filter(({ staysHere }) => staysHere !== true))
  }

  async openV1(connection: string): Promise<SdkClient> {
    const client = new ClientV1(this.#who(), { capabilities: ASKED })
    client.setRequestHandler(CreateMessageRequestSchema, () => this.#sampled())
    client.setRequestHandler(ElicitRequestSchema, () => this.#elicited())
    await client.connect(new HttpV1(new URL(this.gateway.url(connection)), await this.#transport()))
    return {
      client,
      callTool: (name, args, options = {}) => client.callTool({ name, arguments: args }, undefined, options),
    }
  }

  async openV2(connection: string): Promise<SdkClient> {
    const client = new ClientV2(this.#who(), { capabilities: ASKED })
    client.setRequestHandler('sampling/createMessage', () => this.#sampled())
    client.setRequestHandler('elicitation/create', () => this.#elicited())
    await client.connect(new HttpV2(new URL(this.gateway.url(connection)), await this.#transport()))
    return { client, callTool: (name, args, options = {}) => client.callTool({ name, arguments: args }, options) }
  }

  /** One message of the plainest client. */
  async call(connection: string, method: string, params: Record<string, unknown>): Promise<void> {
    const { body, headers } = modern(method, params)
    await this.hear(this.gateway.url(connection), {
      method: 'POST',
      body,
      headers: { ...(await goodHeaders({ gateway: this.gateway })), ...headers },
    })
  }

  /** Reads whatever comes back. */
  async hear(url: string, init: RequestInit): Promise<void> {
    const response = await this.#listen(url, init)
    await response.text().catch(() => undefined)
  }

  /** What the gateway writes from now on, and what it wrote since it began. To be called for each one that is started. */
  watchOutputs(): void {
    const program = this.gateway.process()
    this.written.push({ what: 'start', text: `${program.stderr()}\n${program.stdout().join('\n')}` })
    const keep = (what: string) => (chunk: string) => void this.written.push({ what, text: chunk })
    program.process.stderr?.on('data', keep('stderr'))
    program.process.stdout?.on('data', keep('stdout'))
  }

  async command(args: readonly string[]): Promise<string> {
    const { stdout, stderr } = await this.gateway.command(args)
    this.written.push({ what: args.slice(0, 2).join(' '), text: `${stdout}\n${stderr}` })
    return stdout
  }

  #who() {
    return { name: `client of ${this.#words.values['email']}`, version: '1' }
  }

  async #transport() {
    const headers = {
      authorization: `Bearer ${await this.gateway.token('alice')}`,
      'user-agent': `made-up/1.0 (${this.#words.values['email']})`,
      'x-debug': this.#words.prose.replaceAll('\n', ' '),
    }
    return {
      requestInit: { headers },
      fetch: (url: string | URL, init?: RequestInit) => this.#listen(url, init),
    }
  }

  #sampled() {
    const { prose } = this.sendable
    return { model: 'made-up', role: 'assistant' as const, content: { type: 'text' as const, text: prose } }
  }

  #elicited() {
    return { action: 'accept' as const, content: { ...this.sendable.fields } }
  }

  /** What is heard is written down before anybody reads it. */
  async #listen(url: string | URL, init?: RequestInit): Promise<Response> {
    const response = await fetch(url, init)
    const what = whatOf(init)
    if (DEFINITIONS.has(what)) return response
    const headers = JSON.stringify([...response.headers])
    const keep = (text: string) => void this.heard.push({ what, text: `${headers}\n${text}` })
    response
      .clone()
      .text()
      .then(keep, () => keep(''))
    return response
  }
}

function whatOf({ body, method = 'GET' }: RequestInit = {}): string {
  if (typeof body !== 'string' || !body.startsWith('{')) return method
  const said = JSON.parse(body) as { method?: string; params?: { name?: string } }
  return said.params?.name === undefined ? (said.method ?? '(answer)') : `${said.method} ${said.params.name}`
}
