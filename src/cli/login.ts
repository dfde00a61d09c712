import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { GatewayError } from '../base/assert.ts'
import { clock } from '../base/clock.ts'
import { isObject, parseJson, stringifyJson } from '../base/json.ts'
import { MINUTE_MS } from '../base/units.ts'
import { type BegunLogin, beginCommandLogin } from '../identity/command-login.ts'
import { gatewayUrl } from './approvals/client.ts'
import { EXIT, type ExitCode, printError, printLine } from './out.ts'
import { storeLogin } from './stored-login.ts'
import { readArgs, UsageError } from './usage.ts'

const WAIT_MS = 5 * MINUTE_MS
const OPTIONS = {
  url: { type: 'string' },
  issuer: { type: 'string' },
  'client-id': { type: 'string' },
  scope: { type: 'string', default: 'openid profile email' },
  json: { type: 'boolean', default: false },
} as const

/**
 * `sallyport login`: a token for `sallyport approvals`, from the identity provider that the gateway names. The person logs in
 * in their browser; the answer comes back to this machine (RFC 8252).
 */
export async function login(args: readonly string[]): Promise<ExitCode> {
  const { values, positionals } = readArgs({ args: [...args], allowPositionals: true, options: OPTIONS })
  if (positionals.length > 0) throw new UsageError('login takes options only: --url, --client-id, --issuer, --scope.')
  const url = gatewayUrl(values.url)
  const issuer = await issuerOf(url, values.issuer)
  const server = createServer()
  const port = await listen(server)
  try {
    const begun = await beginCommandLogin({
      issuer,
      clientId: values['client-id'],
      scopes: values.scope.split(' ').filter((one) => one !== ''),
      resource: url,
      redirectUri: `http://127.0.0.1:${port}/callback`,
    }).catch((cause: unknown) => {
      throw cannot(
        `${issuer} lets nobody begin a login. Give a client that is registered there with --client-id.`,
        cause,
      )
    })
    const { href } = begun.url
    if (!values.json) printError('Open this in a browser, and log in:')
    printLine(values.json ? stringifyJson({ event: 'login', url: href }) : href)
    const path = storeLogin(url, await answerOf(server, port, begun))
    printError(`You are logged in. The token is in ${path}, which only you can read.`)
    return EXIT.fine
  } finally {
    server.close()
    server.closeAllConnections()
  }
}

/** The gateway says whom it believes (RFC 9728). */
async function issuerOf(url: string, wanted: string | undefined): Promise<string> {
  const at = `${url}/.well-known/oauth-protected-resource`
  const document = await fetch(at, { redirect: 'error' })
    .then(async (response) => parseJson(await response.text()))
    .catch((cause: unknown) => {
      throw cannot(`No gateway answers at ${url}. Say where it is with --url.`, cause)
    })
  const servers = isObject(document) ? document['authorization_servers'] : undefined
  const issuers = Array.isArray(servers) ? servers.filter((one) => typeof one === 'string') : []
  const found = wanted === undefined ? issuers[0] : issuers.find((one) => one === wanted)
  if (found === undefined) throw new UsageError(`The gateway believes: ${issuers.join(', ')}. Say which with --issuer.`)
  return found
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** Waits for the browser to come back. What does not belong to this login is told so, and waited on. */
function answerOf(server: Server, port: number, begun: BegunLogin): ReturnType<BegunLogin['finish']> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(cannot('Nobody logged in within five minutes.')), WAIT_MS)
    const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      const answer = new URL(request.url ?? '/', `http://127.0.0.1:${port}`)
      if (answer.pathname !== '/callback' || request.method !== 'GET') {
        response.writeHead(404).end()
        return
      }
      try {
        const done = await begun.finish(answer, clock.nowMs())
        say(response, 200, 'You are logged in. Close this page and go back to your terminal.')
        clearTimeout(timer)
        resolve(done)
      } catch {
        say(response, 400, 'This is no answer to the login that waits. Open the address in your terminal once more.')
      }
    }
    server.on('request', (request, response) => void take(request, response))
  })
}

function say(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' })
  response.end(`${text}\n`)
}

function cannot(message: string, cause?: unknown): GatewayError {
  return new GatewayError('config_invalid', message, { cause })
}
