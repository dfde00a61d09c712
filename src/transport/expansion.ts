import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
  type Zlib,
} from 'node:zlib'
import type { Transform } from 'node:stream'
import { GatewayError } from '../base/assert.ts'

/** Content codings that can be undone (RFC 9110, 8.4.1; RFC 7932; RFC 9659). */
export type Coding = 'gzip' | 'deflate' | 'br' | 'zstd'

/** What a coding may look back at, and so holds while a reply comes. No budget counts it, since it is none of the reply. */
const WINDOW_BYTES: Readonly<Record<Coding, number>> = {
  gzip: 32_768,
  deflate: 32_768,
  br: 16_777_216,
  zstd: 8_388_608,
}
const WINDOWS_BYTES_MAX = 268_435_456

/** Room for the windows of all replies that one server compresses at the same moment: forty bytes of it can make it hold 16 MiB. */
export class ExpansionRoom {
  #held = 0

  /** Throws where there is none. What it gives back is to be called once. */
  take(coding: Coding): () => void {
    const bytes = WINDOW_BYTES[coding]
    if (this.#held + bytes > WINDOWS_BYTES_MAX)
      throw new GatewayError(
        'upstream_busy',
        'The MCP server compressed its reply, and too many such replies are open: it was not read.',
      )
    this.#held += bytes
    return () => (this.#held -= bytes)
  }
}

/** Where compressed bytes come from, and where they go when they are none any more. */
export interface ExpansionOf {
  /** The socket. */
  readonly pause: () => void
  readonly resume: () => void
  /** What it throws ends the expansion. */
  readonly take: (chunk: Uint8Array) => void
  readonly end: () => void
  readonly fail: (error: unknown) => void
  /** Called once, when it holds nothing any more. */
  readonly over: () => void
}

// What is expanded at a time: a bomb is noticed after no more than this beyond what a reply may have.
const CHUNK_BYTES = 65_536
// RFC 9659: no more than 8 MiB of what came before is looked back at, and so held.
const ZSTD_WINDOW_LOG_MAX = 23
/** Of the first byte of zlib's own header (RFC 1950, 2.2); "deflate" without it is wrong, and common. */
const ZLIB_METHOD = 8

/**
 * Undoes the compression of one reply as it comes, so that events of a stream are there with the bytes that complete them.
 * It holds a window and some chunks, however much they expand to: whoever takes the bytes counts them and says stop.
 */
export class Expansion {
  readonly #coding: Coding
  readonly #of: ExpansionOf
  #stream: Expander | undefined
  #pushed = 0
  #isPaused = false
  #isOver = false

  constructor(coding: Coding, of: ExpansionOf) {
    this.#coding = coding
    this.#of = of
  }

  push(chunk: Uint8Array): void {
    const [first] = chunk
    if (this.#isOver || first === undefined) return
    this.#stream ??= this.#begin(first)
    this.#pushed += chunk.length
    if (!this.#stream.write(chunk)) this.#of.pause()
  }

  /** All bytes have come. A reply without any, as to a DELETE, is none in whatever coding. */
  end(): void {
    if (this.#isOver) return
    if (this.#stream === undefined) this.#finish()
    else this.#stream.end()
  }

  /** The stream takes no more bytes once it cannot give any, and stops the socket by itself. */
  pause(): void {
    this.#isPaused = true
    this.#stream?.pause()
  }

  resume(): void {
    this.#isPaused = false
    this.#stream?.resume()
  }

  /** Safe to repeat. */
  close(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#of.over()
    this.#stream?.destroy()
  }

  #begin(first: number): Expander {
    const stream = expander(this.#coding, first)
    stream.on('data', (chunk: Uint8Array) => this.#take(chunk))
    stream.on('drain', () => this.#of.resume())
    stream.on('error', () => this.#fail(broken()))
    // What follows where the compressed bytes end is left unread: nobody would have looked at it.
    stream.on('end', () => (stream.bytesWritten === this.#pushed ? this.#finish() : this.#fail(broken())))
    if (this.#isPaused) stream.pause()
    return stream
  }

  #take(chunk: Uint8Array): void {
    if (this.#isOver) return
    try {
      this.#of.take(chunk)
    } catch (error) {
      this.#fail(error)
    }
  }

  #finish(): void {
    if (this.#isOver) return
    this.close()
    this.#of.end()
  }

  #fail(error: unknown): void {
    if (this.#isOver) return
    this.close()
    this.#of.fail(error)
  }
}

type Expander = Transform & Zlib

const CODINGS: Readonly<Record<string, Coding>> = {
  gzip: 'gzip',
  'x-gzip': 'gzip',
  deflate: 'deflate',
  br: 'br',
  zstd: 'zstd',
}

/** Undefined where nothing is compressed. Throws for what cannot be undone: it could not be inspected. */
export function codingOf(header: string | undefined): Coding | undefined {
  if (header === undefined) return undefined
  const names = header
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity')
  const [name] = names
  if (name === undefined) return undefined
  const coding = Object.hasOwn(CODINGS, name) ? CODINGS[name] : undefined
  // One in another is what attacks are made of, since each of them multiplies.
  if (coding === undefined || names.length > 1)
    throw new GatewayError(
      'upstream_protocol',
      'The MCP server encoded its reply in a way that the gateway cannot undo: it cannot be inspected.',
    )
  return coding
}

function expander(coding: Coding, first: number): Expander {
  switch (coding) {
    case 'gzip':
      return createGunzip({ chunkSize: CHUNK_BYTES })
    case 'deflate':
      return (first & 0x0f) === ZLIB_METHOD
        ? createInflate({ chunkSize: CHUNK_BYTES })
        : createInflateRaw({ chunkSize: CHUNK_BYTES })
    case 'br':
      return createBrotliDecompress({ chunkSize: CHUNK_BYTES })
    case 'zstd':
      return createZstdDecompress({
        chunkSize: CHUNK_BYTES,
        params: { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG_MAX },
      })
  }
}

function broken(): GatewayError {
  return new GatewayError('upstream_protocol', 'The MCP server compressed its reply, and it is broken or cut short.')
}
