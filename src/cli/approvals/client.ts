import { readFileSync } from 'node:fs'
import { GatewayError } from '../../base/assert.ts'
import { isObject, type JsonObject, parseJson, stringifyJson } from '../../base/json.ts'
import { mayFetch } from '../../identity/issuer.ts'
import { storedToken } from '../stored-login.ts'
import { UsageError } from '../usage.ts'

export interface Reply {
  readonly status: number
  readonly body: JsonObject
}

const API = '/api/v1/approvals'
const DEFAULT_URL = 'http://127.0.0.1:7070'
const TIMEOUT_MS = 30_000

/** Where the gateway is: `--url`, `SALLYPORT_URL`, or this machine. */
export function gatewayUrl(url: string | undefined): string {
  const text = (url ?? process.env['SALLYPORT_URL'] ?? DEFAULT_URL).replace(/\/+$/, '')
  // Whoever listens on the way would have the token.
  if (!mayFetch(text, text))
    throw new UsageError(`${text} is no address for a token: use https, or http on this machine.`)
  return text
}

/** Asks the API of a gateway as somebody. */
export class ApprovalsClient {
  readonly #url: string
  /** As good as it is at that moment: whoever watches for hours has it renewed. */
  readonly #token: () => Promise<string>

  constructor(url: string, token: () => Promise<string>) {
    this.#url = url
    this.#token = token
  }

  static async open({ url, tokenFile }: { url: string | undefined; tokenFile: string | undefined }) {
    const at = gatewayUrl(url)
    const given = process.env['SALLYPORT_TOKEN'] ?? (tokenFile === undefined ? undefined : readToken(tokenFile))
    const token = async (): Promise<string> => given ?? (await storedToken(at)) ?? ''
    if ((await token()) === '')
      throw new UsageError('There is no token: log in with sallyport login, or set SALLYPORT_TOKEN or --token-file.')
    return new ApprovalsClient(at, token)
  }

  get(path: string): Promise<Reply> {
    return this.#answered(path, {})
  }

  post(path: string, body: JsonObject): Promise<Reply> {
    return this.#answered(path, { method: 'POST', body: stringifyJson(body) })
  }

  /** The same as `get`; undefined where no gateway answers at the moment. */
  async tryGet(path: string): Promise<Reply | undefined> {
    const response = await this.#send(path, {})
    return response === undefined || response.status >= BROKEN ? undefined : known(response)
  }

  /** Throws GatewayError where no gateway answers, or who asks is not known there. */
  async #answered(path: string, init: RequestInit): Promise<Reply> {
    const response = await this.#send(path, init)
    if (response === undefined)
      throw new GatewayError('config_invalid', `No gateway answers at ${this.#url}. Say where it is with --url.`)
    return known(response)
  }

  async #send(path: string, init: RequestInit): Promise<Response | undefined> {
    const headers = { authorization: `Bearer ${await this.#token()}`, 'content-type': 'application/json' }
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    // Whatever hinders it, nobody answered.
    return fetch(`${this.#url}${API}${path}`, { ...init, headers, signal, redirect: 'error' }).catch(() => undefined)
  }
}

const BROKEN = 500

async function known(response: Response): Promise<Reply> {
  const { status } = response
  const reply = { status, body: bodyOf(await response.text(), status) }
  if (status !== 401 && status < BROKEN) return reply
  const why = errorOf(reply)
  throw new GatewayError('config_invalid', status === 401 ? `${why} Log in with: sallyport login` : why)
}

/** The list in an answer. */
export function approvalsIn({ body: { approvals: found } }: Reply): readonly JsonObject[] {
  return Array.isArray(found) ? found.filter(isObject) : []
}

/** What the gateway says is wrong. */
export function errorOf({ status, body: { error } }: Reply): string {
  return typeof error === 'string' ? error : `The gateway answered with status ${status}.`
}

function bodyOf(text: string, status: number): JsonObject {
  try {
    const body = parseJson(text)
    if (isObject(body)) return body
  } catch {
    // Something else than a gateway answers there: said below.
  }
  throw new GatewayError('config_invalid', `What answers is no gateway (status ${status}). Say where it is with --url.`)
}

function readToken(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    throw new UsageError(`${path} cannot be read.`)
  }
}
