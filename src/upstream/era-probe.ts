import { encodeUtf8 } from '../base/bytes.ts'
import { GatewayError } from '../base/assert.ts'
import { clock } from '../base/clock.ts'
import { isObject, type JsonObject, parseJson, stringifyJson } from '../base/json.ts'
import { MODERN_REVISION } from '../protocol/methods.ts'
import type { Era } from '../protocol/message.ts'
import type { Launcher } from './launcher.ts'

const PROBE_ID = 'sallyport-probe'
const META = 'io.modelcontextprotocol/'
// HeaderMismatch, MissingRequiredClientCapability, UnsupportedProtocolVersion: only a modern server knows them.
const MODERN_CODES: readonly unknown[] = [-32_020, -32_021, -32_022]
// Clients give their own probe about as long.
const PROBE_MS = 5000
// Silence may mean a server that was still being fetched; it is asked again after a while.
const UNSURE_US = 60_000_000

/**
 * Whether the server of a connection is modern. Asked once, of a process that is thrown away: servers built on older SDKs
 * end on any request before `initialize` (protocol.md, 2.4).
 */
export class EraProbe {
  readonly #launcher: Launcher
  #found: Promise<Era> | undefined
  /** After this the answer is not relied on any more; monotonic. */
  #until = Infinity

  constructor(launcher: Launcher) {
    this.#launcher = launcher
  }

  era(): Promise<Era> {
    if (this.#found === undefined || clock.monoMicros() > this.#until) {
      this.#until = Infinity
      this.#found = this.#probe()
      this.#found.catch(() => {
        this.#found = undefined
      })
    }
    return this.#found
  }

  async #probe(): Promise<Era> {
    const answer = Promise.withResolvers<JsonObject | undefined>()
    const process = this.#launcher.launch({
      line: (line) => {
        const message = readAnswer(line)
        if (message !== undefined) answer.resolve(message)
      },
      ended: () => answer.resolve(undefined),
    })
    const timer = setTimeout(() => answer.resolve(undefined), PROBE_MS)
    try {
      if (process.pid === undefined)
        throw new GatewayError('upstream_unreachable', 'The MCP server could not be started.')
      await process.write(probe()).catch(() => undefined)
      const message = await answer.promise
      if (message === undefined) this.#until = clock.monoMicros() + UNSURE_US
      return message !== undefined && isModern(message) ? 'modern' : 'legacy'
    } finally {
      clearTimeout(timer)
      void process.stop()
    }
  }
}

function probe(): Uint8Array {
  const meta = {
    [`${META}protocolVersion`]: MODERN_REVISION,
    [`${META}clientInfo`]: { name: 'sallyport', version: '0' },
    [`${META}clientCapabilities`]: {},
  }
  return encodeUtf8(stringifyJson({ jsonrpc: '2.0', id: PROBE_ID, method: 'server/discover', params: { _meta: meta } }))
}

function readAnswer(line: Uint8Array): JsonObject | undefined {
  try {
    const message = parseJson(line)
    return isObject(message) && message['id'] === PROBE_ID && message['method'] === undefined ? message : undefined
  } catch {
    return undefined
  }
}

function isModern({ result, error }: JsonObject): boolean {
  if (isObject(error)) return MODERN_CODES.includes(error['code'])
  return isObject(result) && Array.isArray(result['supportedVersions'])
}
