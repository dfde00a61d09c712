import { Pool } from 'undici'
import { GatewayError } from '../base/assert.ts'
import { isUtf8 } from '../base/bytes.ts'
import { isObject, type JsonValue, parseJson, stringifyJson } from '../base/json.ts'
import { GrowingBytes } from '../base/growing-bytes.ts'

export interface AnalyzerOptions {
  /** Base URL; `/analyze` is asked below it. */
  readonly url: string
  /** From the question to the end of the answer, waiting for a free place included. */
  readonly timeoutMs: number
  readonly language: string
  /** Findings below it count for nothing, 0 to 1. */
  readonly score: number
  /** What is asked for, in the names of the service. */
  readonly entities: readonly string[]
  readonly concurrent: number
}

/** Something that the service found in a text: from `start` up to `end`, in UTF-16 code units. */
export interface AnalyzerFinding {
  readonly entity: string
  readonly start: number
  readonly end: number
  readonly score: number
}

/** Bytes of one answer. A finding takes some 200, and a text that is asked about has some thousand words. */
const ANSWER_BYTES_MAX = 4 * 1024 * 1024
/** Questions that wait for a free place; more of them would only wait for their time to be over. */
const WAITING_MAX = 1_000
const OK = 200

/**
 * A detector of names and addresses in prose that speaks the HTTP interface of Presidio Analyzer. What it cannot say in time,
 * or says in a way that cannot be right, is a failure `masking_blocked`: the message must not pass.
 */
export class Analyzer implements AsyncDisposable {
  readonly #options: AnalyzerOptions
  readonly #asked: ReadonlySet<string>
  readonly #path: string
  readonly #pool: Pool
  readonly #places: Places

  constructor(options: AnalyzerOptions) {
    const url = new URL(options.url)
    this.#options = options
    this.#asked = new Set(options.entities)
    this.#path = `${url.pathname.replace(/\/+$/, '')}/analyze${url.search}`
    this.#pool = new Pool(url.origin, { connections: options.concurrent, pipelining: 1 })
    this.#places = new Places(options.concurrent)
  }

  /** Asks about one text. Findings are in the order of the service, and may overlap. */
  async analyze(text: string, signal?: AbortSignal): Promise<readonly AnalyzerFinding[]> {
    if (text === '') return []
    const inTime = AbortSignal.timeout(this.#options.timeoutMs)
    const both = signal === undefined ? inTime : AbortSignal.any([inTime, signal])
    try {
      await this.#places.take(both)
      try {
        return this.#read(await this.#ask(text, both), text)
      } finally {
        this.#places.free()
      }
    } catch (error) {
      if (error instanceof GatewayError) throw error
      if (signal?.aborted === true) throw new GatewayError('client_gone', 'The client is gone.')
      throw blocked(inTime.aborted ? 'did not answer in time' : 'cannot be reached')
    }
  }

  close(): Promise<void> {
    return this.#pool.destroy()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #ask(text: string, signal: AbortSignal): Promise<JsonValue> {
    const { language, entities, score } = this.#options
    const { statusCode, body } = await this.#pool.request({
      path: this.#path,
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', 'accept-encoding': 'identity' },
      body: stringifyJson({ text, language, entities, score_threshold: score }),
      signal,
    })
    if (statusCode !== OK) {
      // What is left of it ends as an error, which without a listener would end the process.
      body.on('error', () => undefined).destroy()
      throw blocked(`answered with status ${statusCode}`)
    }
    const bytes = new GrowingBytes(0)
    for await (const chunk of body) {
      if (!(chunk instanceof Uint8Array)) throw blocked('answered with no bytes')
      if (bytes.length + chunk.length > ANSWER_BYTES_MAX)
        throw blocked(`answered with more than ${ANSWER_BYTES_MAX} bytes`)
      bytes.append(chunk)
    }
    return parsed(bytes.take())
  }

  #read(answer: JsonValue, text: string): readonly AnalyzerFinding[] {
    if (!Array.isArray(answer)) throw blocked('answered with something else than findings')
    const places = new CodePoints(text)
    return answer.flatMap((one: JsonValue) => {
      const finding = readFinding(one)
      const start = places.toUnits(finding.start)
      const end = places.toUnits(finding.end)
      if (start === undefined || end === undefined || start >= end) throw blocked('found something outside the text')
      return finding.score >= this.#options.score && this.#asked.has(finding.entity) ? [{ ...finding, start, end }] : []
    })
  }
}

function parsed(bytes: Uint8Array): JsonValue {
  if (!isUtf8(bytes)) throw blocked('answered with something that is no JSON')
  try {
    return parseJson(bytes)
  } catch {
    throw blocked('answered with something that is no JSON')
  }
}

function readFinding(one: JsonValue): AnalyzerFinding {
  if (!isObject(one)) throw blocked('answered with something else than findings')
  const { entity_type: entity, start, end, score } = one
  if (typeof entity !== 'string' || typeof start !== 'number' || typeof end !== 'number' || typeof score !== 'number')
    throw blocked('answered with a finding that lacks something')
  return { entity, start, end, score }
}

/** The service counts characters as Python does: by code points. */
class CodePoints {
  readonly #units: Int32Array | undefined
  readonly #length: number

  constructor(text: string) {
    this.#length = text.length
    this.#units = /[\u{10000}-\u{10ffff}]/u.test(text) ? unitsOf(text) : undefined
  }

  /** Undefined for a place that the text does not have. */
  toUnits(place: number): number | undefined {
    if (!Number.isInteger(place) || place < 0) return undefined
    if (this.#units !== undefined) return this.#units[place]
    return place <= this.#length ? place : undefined
  }
}

/** By the number of a code point, and one more: where it begins in UTF-16. */
function unitsOf(text: string): Int32Array {
  const units: number[] = []
  let at = 0
  for (const character of text) {
    units.push(at)
    at += character.length
  }
  units.push(at)
  return Int32Array.from(units)
}

/** So many at once; others wait in the order in which they came, until their signal says that it is over. */
class Places {
  #free: number
  readonly #waiting = new Set<() => void>()

  constructor(count: number) {
    this.#free = count
  }

  async take(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    if (this.#free > 0) {
      this.#free -= 1
      return
    }
    if (this.#waiting.size >= WAITING_MAX) throw blocked('has too much to do')
    const turn = Promise.withResolvers<void>()
    const giveUp = (): void => {
      this.#waiting.delete(turn.resolve)
      turn.reject(new Error('given up waiting'))
    }
    this.#waiting.add(turn.resolve)
    signal.addEventListener('abort', giveUp, { once: true })
    try {
      await turn.promise
    } finally {
      signal.removeEventListener('abort', giveUp)
    }
  }

  /** Hands the place to the one that waits longest. */
  free(): void {
    const [next] = this.#waiting
    if (next === undefined) this.#free += 1
    else {
      this.#waiting.delete(next)
      next()
    }
  }
}

function blocked(what: string): GatewayError {
  return new GatewayError(
    'masking_blocked',
    `The message was held back: the detector of names and addresses ${what}, so it could not be checked.`,
  )
}
