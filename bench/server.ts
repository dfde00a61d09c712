// The MCP server behind everything that is measured: Streamable HTTP of the legacy era, written by hand, so that it costs
// little and is not the bottleneck. Tools: `echo` answers with about 1.5 KiB, `big` with 10 MiB; GET opens an idle stream.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { randomUUID } from 'node:crypto'
import { listen } from './ready.ts'

const REPLY_CHARS = 1400
const BIG_CHARS = 10 * 1024 * 1024

const SENTENCE = 'The harbour master writes the names of all ships into the large book before the evening bell. '
const filler = SENTENCE.repeat(Math.ceil(REPLY_CHARS / SENTENCE.length)).slice(0, REPLY_CHARS)
const bigFiller = SENTENCE.repeat(Math.ceil(BIG_CHARS / SENTENCE.length)).slice(0, BIG_CHARS)

const ECHO = {
  name: 'echo',
  description: 'Says a word back.',
  inputSchema: { type: 'object', properties: { word: { type: 'string' } }, required: ['word'] },
}
const BIG = { name: 'big', description: 'Says a lot.', inputSchema: { type: 'object' } }

interface Request {
  readonly id?: number | string
  readonly method: string
  readonly params?: { readonly name?: string; readonly arguments?: { readonly word?: string } }
}

listen(
  createServer({ noDelay: true }, (request, response) => {
    if (request.method === 'POST') readBody(request, (body) => answer(JSON.parse(body) as Request, response))
    else if (request.method === 'GET') openStream(response)
    else response.writeHead(200).end()
  }),
)

function readBody(request: IncomingMessage, then: (body: string) => void): void {
  let body = ''
  request.setEncoding('utf8')
  request.on('data', (text: string) => {
    body += text
  })
  request.on('end', () => then(body))
}

function openStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  response.flushHeaders()
}

function answer(request: Request, response: ServerResponse): void {
  if (request.id === undefined) {
    response.writeHead(202, { 'content-length': 0 }).end()
    return
  }
  const text = JSON.stringify({ jsonrpc: '2.0', id: request.id, result: resultOf(request) })
  const session = request.method === 'initialize' ? ['mcp-session-id', randomUUID()] : []
  response.writeHead(200, ['content-type', 'application/json', 'content-length', String(byteLength(text)), ...session])
  response.end(text)
}

/** All texts here are ASCII. */
function byteLength(text: string): number {
  return text.length
}

function resultOf({ method, params }: Request): unknown {
  switch (method) {
    case 'initialize':
      return {
        protocolVersion: '2025-06-18',
        capabilities: { tools: {} },
        serverInfo: { name: 'bench', version: '1.0.0' },
      }
    case 'tools/list':
      return { tools: [ECHO, BIG] }
    case 'tools/call':
      return {
        content: [{ type: 'text', text: params?.name === 'big' ? bigFiller : `${params?.arguments?.word} ${filler}` }],
      }
    default:
      return {}
  }
}
