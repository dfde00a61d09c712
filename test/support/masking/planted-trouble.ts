// A server that speaks HTTP and MCP badly, and says what it was planted with while it does.
import type { ServerResponse } from 'node:http'
import { openEvents, type Received, replyTo, type Script, sendJson } from '../scripted-server.ts'
import type { Words } from './planted-server.ts'

/** A script for a server, and the names of the tools that bring it about. */
export function plantedTrouble(words: Words): { readonly script: Script; readonly tools: readonly string[] } {
  const trouble = troubles(words)
  const script: Script = (received, response) => {
    const params = received.message?.['params'] as { name?: string } | undefined
    const make = trouble[params?.name ?? '']
    make?.(received, response)
    return make !== undefined
  }
  return { script, tools: Object.keys(trouble) }
}

/** What the scripted server does, by the name of the tool. */
function troubles(words: Words): Readonly<Record<string, (received: Received, response: ServerResponse) => unknown>> {
  return {
    error: (received, response) =>
      sendJson(response, {
        jsonrpc: '2.0',
        id: received.message?.['id'],
        error: { code: -32000, message: words.prose, data: words.fields },
      }),
    'http error': (_, response) =>
      response.writeHead(500, { 'content-type': 'text/plain', 'x-why': JSON.stringify(words.fields) }).end(words.prose),
    'not found': (_, response) =>
      response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify(words.fields)),
    'log in': (_, response) =>
      response.writeHead(401, { 'www-authenticate': `Bearer error="${words.values['password']}"` }).end(words.prose),
    'broken JSON': (_, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(`${JSON.stringify(words.fields)}}`),
    'another answer': (_, response) => sendJson(response, { jsonrpc: '2.0', id: 'none', result: words.fields }),
    'unknown encoding': (_, response) =>
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'br' }).end(words.prose),
    comments: (received, response) =>
      openEvents(response).end(
        `: ${words.values['email']}\nevent: message\ndata: ${JSON.stringify(replyTo(received, { content: [], note: words.fields }))}\n\n`,
      ),
    'broken event': (_, response) => openEvents(response).end(`data: {"${words.values['email']}\n\n`),
    'half a stream': (_, response) => {
      openEvents(response).write(
        `data: ${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: words.fields } })}\n\n`,
      )
      setTimeout(() => response.destroy(), 50)
    },
    'unknown method': (_, response) =>
      openEvents(response).end(
        `data: ${JSON.stringify({ jsonrpc: '2.0', method: `x/${words.values['email']}`, params: words.fields })}\n\n`,
      ),
  }
}
