// Server-Sent Events as MCP uses them (WHATWG HTML, 9.2; protocol.md, 5.3).
import { GatewayError } from '../base/assert.ts'
import { concat, decodeUtf8, encodeUtf8 } from '../base/bytes.ts'
import { GrowingBytes } from '../base/growing-bytes.ts'

/** One event, parted so that it can be masked and written again without touching what did not change. */
export interface SseEvent {
  /** All lines but `data`, as they came, each with its line end: `id`, `event`, `retry`, comments. */
  readonly fields: Uint8Array
  /** The `data` lines joined by \n; undefined where there was no data line, empty for a priming event. */
  readonly data: Uint8Array | undefined
  readonly id: string | undefined
  /** The whole event as it came, blank line included: released as it is when nothing changed. */
  readonly raw: Uint8Array
}

const LF = 0x0a
const CR = 0x0d
const COLON = 0x3a
const SPACE = 0x20
const NOTHING = new Uint8Array(0)
const NEW_LINE = Uint8Array.of(LF)
const DATA_FIELD = encodeUtf8('data: ')

/**
 * Parts a stream of bytes into events, wherever its chunks begin and end. The `raw` of all events, one after
 * the other, is the input up to the last blank line. What follows that is no event, says the standard.
 */
export class SseSplitter {
  readonly #eventBytesMax: number
  /** The event that has not ended yet. */
  readonly #held = new GrowingBytes()
  /** The line that has not ended yet has at least one byte. */
  #inLine = false
  /** The last chunk ended with \r: a \n that comes now belongs to the same line end. */
  #afterCr = false
  #isFirst = true

  constructor(options: { eventBytesMax: number }) {
    this.#eventBytesMax = options.eventBytesMax
  }

  /** The events that this chunk completes. Throws `upstream_too_large`. */
  push(chunk: Uint8Array): SseEvent[] {
    const events: SseEvent[] = []
    const lines = new LineEnds(chunk)
    let from = 0
    let at: number = this.#pairedLf(chunk)
    // An event that ended with the \r has been given out with its \n already.
    if (at === 1 && this.#held.length === 0) from = 1
    while (at < chunk.length) {
      const lineEnd = lines.find(at)
      if (lineEnd < 0) break
      const isBlank = lineEnd === at && !this.#inLine
      this.#inLine = false
      at = lines.after(lineEnd)
      this.#afterCr = at === chunk.length && chunk[at - 1] === CR
      if (isBlank) {
        events.push(this.#take(chunk.subarray(from, at)))
        from = at
      }
    }
    if (at < chunk.length) this.#inLine = true
    this.#hold(chunk.subarray(from))
    return events
  }

  /** The stream has ended: an event without its blank line is dropped (WHATWG HTML, 9.2.6). */
  end(): void {
    this.#held.clear()
  }

  #pairedLf(chunk: Uint8Array): 0 | 1 {
    if (!this.#afterCr || chunk.length === 0) return 0
    this.#afterCr = false
    return chunk[0] === LF ? 1 : 0
  }

  #hold(part: Uint8Array): void {
    if (part.length === 0) return
    if (this.#held.length + part.length > this.#eventBytesMax)
      throw new GatewayError('upstream_too_large', `an event of the stream is longer than ${this.#eventBytesMax} bytes`)
    this.#held.append(part)
  }

  #take(last: Uint8Array): SseEvent {
    this.#hold(last)
    // Many parsers wait after a lone \r for the \n that may follow; a client must not wait for the next event's bytes.
    if (this.#afterCr) this.#held.append(NEW_LINE)
    const event = readEvent(this.#held.take(), this.#isFirst)
    this.#isFirst = false
    this.end()
    return event
  }
}

/** Writes an event: its other fields as they are, then its data, one line for each line. */
export function writeEvent(event: { fields: Uint8Array; data: Uint8Array | undefined }): Uint8Array {
  const { fields, data } = event
  const last = fields.at(-1)
  const parts: Uint8Array[] = [fields]
  if (last !== undefined && last !== LF && last !== CR) parts.push(NEW_LINE)
  if (data !== undefined) pushDataLines(parts, data)
  return concat([...parts, NEW_LINE])
}

/** What is left of an event that is not passed on: its id, so that the client's resumption stays right (protocol.md, 5.3). */
export function emptyEvent(fields: Uint8Array): Uint8Array {
  return writeEvent({ fields, data: NOTHING })
}

function pushDataLines(parts: Uint8Array[], data: Uint8Array): void {
  const lines = new LineEnds(data)
  let at = 0
  for (let lineEnd = lines.find(at); lineEnd >= 0; lineEnd = lines.find(at)) {
    parts.push(DATA_FIELD, data.subarray(at, lineEnd), NEW_LINE)
    at = lines.after(lineEnd)
  }
  parts.push(DATA_FIELD, data.subarray(at), NEW_LINE)
}

function readEvent(raw: Uint8Array, isFirst: boolean): SseEvent {
  const fields: Uint8Array[] = []
  const data: Uint8Array[] = []
  let id: string | undefined
  let at = isFirst && hasByteOrderMark(raw) ? 3 : 0
  const lines = new LineEnds(raw)
  for (let end = lines.find(at); end >= 0; end = lines.find(at)) {
    const next = lines.after(end)
    if (isField(raw, at, end, 'data')) data.push(raw.subarray(valueStart(raw, at + 4, end), end))
    else if (end > at) fields.push(raw.subarray(at, next))
    if (isField(raw, at, end, 'id')) id = idOf(decodeUtf8(raw, valueStart(raw, at + 2, end), end)) ?? id
    at = next
  }
  return { fields: concat(fields), data: joinLines(data), id, raw }
}

/** An id with a NUL in it is ignored (WHATWG HTML, 9.2.6). */
function idOf(text: string): string | undefined {
  return text.includes('\0') ? undefined : text
}

function joinLines(lines: readonly Uint8Array[]): Uint8Array | undefined {
  const [first, ...others] = lines
  if (first === undefined) return undefined
  return concat([first, ...others.flatMap((line) => [NEW_LINE, line])])
}

function isField(raw: Uint8Array, at: number, end: number, name: string): boolean {
  const nameEnd = at + name.length
  if (nameEnd > end || (nameEnd < end && raw[nameEnd] !== COLON)) return false
  for (let i = 0; i < name.length; i += 1) if (raw[at + i] !== name.charCodeAt(i)) return false
  return true
}

/** After the colon and the one space that may follow it. */
function valueStart(raw: Uint8Array, nameEnd: number, end: number): number {
  const at = Math.min(nameEnd + 1, end)
  return at < end && raw[at] === SPACE ? at + 1 : at
}

function hasByteOrderMark(raw: Uint8Array): boolean {
  return raw[0] === 0xef && raw[1] === 0xbb && raw[2] === 0xbf
}

/** Finds \n, \r\n and \r. Each byte is looked at once for each of the two, however the lines are ended. */
class LineEnds {
  readonly #bytes: Uint8Array
  #lf = -1
  #cr = -1

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** Where the line that holds `from` ends, or -1. Asked with places that only grow. */
  find(from: number): number {
    if (this.#lf < from) this.#lf = this.#next(LF, from)
    if (this.#cr < from) this.#cr = this.#next(CR, from)
    const end = Math.min(this.#lf, this.#cr)
    return end === Infinity ? -1 : end
  }

  /** Where the next line begins. */
  after(lineEnd: number): number {
    const isPair = this.#bytes[lineEnd] === CR && lineEnd + 1 < this.#bytes.length && this.#bytes[lineEnd + 1] === LF
    return isPair ? lineEnd + 2 : lineEnd + 1
  }

  #next(byte: number, from: number): number {
    const at = this.#bytes.indexOf(byte, from)
    return at < 0 ? Infinity : at
  }
}
