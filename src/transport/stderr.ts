import { decodeUtf8 } from '../base/bytes.ts'
import { clock } from '../base/clock.ts'

export interface StderrOptions {
  /** A longer line is cut. */
  readonly lineBytesMax: number
  /** Lines beyond it are counted, not told. */
  readonly linesPerSecond: number
}

const LF = 0x0a
const SECOND_US = 1_000_000

/** What a process says on stderr: free text, read always so that the process is never held up, and told in bounds. */
export class Stderr {
  readonly #options: StderrOptions
  readonly #onLine: (line: string) => void
  #line: Uint8Array
  #length = 0
  #isCut = false
  #secondFrom = 0
  #inSecond = 0
  #untold = 0

  constructor(options: StderrOptions, onLine: (line: string) => void) {
    this.#options = options
    this.#onLine = onLine
    this.#line = new Uint8Array(options.lineBytesMax)
  }

  push(chunk: Uint8Array): void {
    let from = 0
    for (let at = chunk.indexOf(LF); at >= 0; at = chunk.indexOf(LF, from)) {
      this.#append(chunk.subarray(from, at))
      this.#tell()
      from = at + 1
    }
    this.#append(chunk.subarray(from))
  }

  end(): void {
    this.#tell()
    this.#tellUntold()
  }

  #append(part: Uint8Array): void {
    const room = this.#line.length - this.#length
    if (part.length > room) this.#isCut = true
    const fits = part.subarray(0, room)
    this.#line.set(fits, this.#length)
    this.#length += fits.length
  }

  #tell(): void {
    const text = decodeUtf8(this.#line, 0, this.#length).trimEnd()
    const cut = this.#isCut ? ' [cut]' : ''
    this.#length = 0
    this.#isCut = false
    if (text === '') return
    const now = clock.monoMicros()
    if (now - this.#secondFrom >= SECOND_US) {
      this.#tellUntold()
      this.#secondFrom = now
      this.#inSecond = 0
    }
    this.#inSecond += 1
    if (this.#inSecond <= this.#options.linesPerSecond) this.#onLine(text + cut)
    else this.#untold += 1
  }

  #tellUntold(): void {
    if (this.#untold > 0) this.#onLine(`[${this.#untold} more lines were not logged]`)
    this.#untold = 0
  }
}
