import { GatewayError } from '../base/assert.ts'
import { GrowingBytes } from '../base/growing-bytes.ts'

const LF = 0x0a
const CR = 0x0d
const SPACE = 0x20

/** Parts the output of a process into lines, without their line ends; empty lines are left out. */
export class LineSplitter {
  readonly #lineBytesMax: number
  readonly #begun = new GrowingBytes()

  constructor(options: { lineBytesMax: number }) {
    this.#lineBytesMax = options.lineBytesMax
  }

  /** Whether the last line has not ended yet. */
  get isWithinLine(): boolean {
    return this.#begun.length > 0
  }

  /** The lines that this chunk completes. Throws `upstream_too_large`. */
  push(chunk: Uint8Array): Uint8Array[] {
    const lines: Uint8Array[] = []
    let from = 0
    for (let at = chunk.indexOf(LF); at >= 0; at = chunk.indexOf(LF, from)) {
      this.#append(chunk.subarray(from, at))
      const line = withoutCr(this.#begun.take())
      if (line.length > 0) lines.push(line)
      from = at + 1
    }
    this.#append(chunk.subarray(from))
    return lines
  }

  #append(part: Uint8Array): void {
    if (part.length === 0) return
    if (this.#begun.length + part.length > this.#lineBytesMax)
      throw new GatewayError(
        'upstream_too_large',
        `The MCP server wrote a line of more than ${this.#lineBytesMax} bytes.`,
      )
    this.#begun.append(part)
  }
}

function withoutCr(line: Uint8Array): Uint8Array {
  return line.at(-1) === CR ? line.subarray(0, -1) : line
}

/**
 * A message as one line. JSON has line ends between its tokens only, where a space means the same; a raw one inside
 * a string was refused by the strict scan. The bytes stay those that were judged wherever there is none.
 */
export function asLine(message: Uint8Array): Uint8Array {
  const line = new Uint8Array(message.length + 1)
  line.set(message)
  for (let at = line.indexOf(LF); at >= 0; at = line.indexOf(LF, at)) line[at] = SPACE
  for (let at = line.indexOf(CR); at >= 0; at = line.indexOf(CR, at)) line[at] = SPACE
  line[message.length] = LF
  return line
}
