import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect as connectTcp, type Socket } from 'node:net'
import { hostname } from 'node:os'
import { connect as connectTls } from 'node:tls'
import { GatewayError } from '../base/assert.ts'
import type { LineFormat, LineOptions } from '../recording/export/formats.ts'
import { syslogFrame } from '../recording/export/syslog.ts'
import type { RecordedRecord } from '../recording/read.ts'
import { BEGINNING, type Cursor, readCursor, writeCursor } from './export-cursor.ts'
import type { ExportSink } from './export-sink.ts'
import { UsageError } from './usage.ts'

export interface SyslogPlace {
  readonly tls: boolean
  readonly host: string
  readonly port: number
  /** Certificate authorities besides those of the system, PEM. */
  readonly caFile: string | undefined
}

/** `tls://siem.example.com:6514`, `tcp://127.0.0.1:514`. */
export function syslogPlace(address: string, caFile: string | undefined): SyslogPlace {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url === undefined || !['tcp:', 'tls:'].includes(url.protocol) || url.port === '')
    throw new UsageError(`"${address}" is no place for syslog: tls://siem.example.com:6514 or tcp://127.0.0.1:514.`)
  return { tls: url.protocol === 'tls:', host: url.hostname.replaceAll(/[[\]]/g, ''), port: Number(url.port), caFile }
}

/**
 * Syslog over TCP or TLS with counted octets. The protocol has no answer: a record counts as sent once the system has taken it,
 * so what is in flight when the receiver goes is lost, and everything behind the cursor is sent by the next run.
 */
export class SyslogSink implements ExportSink {
  readonly start: Cursor
  readonly #socket: Socket
  readonly #cursorPath: string
  readonly #format: LineFormat
  readonly #options: LineOptions
  #broken: Error | undefined

  private constructor(socket: Socket, cursorPath: string, format: LineFormat, options: LineOptions) {
    this.#socket = socket
    this.#cursorPath = cursorPath
    this.#format = format
    this.#options = options
    this.start = readCursor(cursorPath) ?? BEGINNING
    socket.on('error', (error) => (this.#broken = error))
    socket.on('close', () => (this.#broken ??= new Error('the connection was closed')))
    // A receiver has nothing to say; reading keeps its end of the connection in sight.
    socket.resume()
  }

  static async open(
    place: SyslogPlace,
    cursorPath: string,
    format: LineFormat,
    options: LineOptions,
  ): Promise<SyslogSink> {
    const socket = connectTo(place)
    try {
      await once(socket, place.tls ? 'secureConnect' : 'connect', { signal: AbortSignal.timeout(CONNECT_MS) })
    } catch (cause) {
      socket.destroy()
      const why = cause instanceof Error ? cause.message : String(cause)
      throw new GatewayError('upstream_unreachable', `${place.host}:${place.port} cannot be reached: ${why}.`, {
        cause,
      })
    }
    return new SyslogSink(socket, cursorPath, format, options)
  }

  write(record: RecordedRecord): Promise<void> {
    return this.#send(syslogFrame(record, this.#format.line(record, this.#options), hostname()))
  }

  commit(next: Pick<Cursor, 'origin' | 'next'>): Promise<void> {
    if (this.#broken !== undefined) throw lost(this.#broken)
    writeCursor(this.#cursorPath, next)
    return Promise.resolve()
  }

  async close(): Promise<void> {
    if (this.#socket.destroyed) return
    this.#socket.end()
    await once(this.#socket, 'close', { signal: AbortSignal.timeout(CONNECT_MS) }).catch(() => this.#socket.destroy())
  }

  /** Resolves when the system has it, so a slow receiver slows the export and nothing else. */
  #send(bytes: Uint8Array): Promise<void> {
    if (this.#broken !== undefined) throw lost(this.#broken)
    return new Promise((resolve, reject) => {
      this.#socket.write(bytes, (error) => (error == null ? resolve() : reject(lost(error))))
    })
  }
}

const CONNECT_MS = 10_000

function connectTo({ caFile, host, port, tls }: SyslogPlace): Socket {
  if (!tls) return connectTcp({ host, port })
  const ca = caFile === undefined ? {} : { ca: readFileSync(caFile) }
  return connectTls({ host, port, ...ca, ...(/^[\d.:]+$/.test(host) ? {} : { servername: host }) })
}

function lost(cause: Error): GatewayError {
  const why = `The receiver of syslog is gone: ${cause.message}. The next start goes on at the cursor; what was in flight may be lost.`
  return new GatewayError('upstream_unreachable', why, { cause })
}
