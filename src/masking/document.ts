import { ReadOnce } from './read-once.ts'
import { Structure } from './structure/structure.ts'

/** One message: its bytes, and where in it what stands, as soon as somebody asks. */
export class Document {
  readonly bytes: Uint8Array
  /** A document that stands in a message: nothing in it is the protocol's. */
  readonly isPart: boolean
  #structure: Structure | undefined
  /** It may be JSON, and nobody has asked yet. */
  #isOpen: boolean
  #isTooDeep = false
  #texts: ReadOnce | undefined

  constructor(bytes: Uint8Array, { isPart = false }: { isPart?: boolean | undefined } = {}) {
    this.bytes = bytes
    this.isPart = isPart
    const first = firstByte(bytes)
    // Messages begin with a brace. A text may begin as numbers, strings and `true` do, and is none of them: it is read at once.
    this.#isOpen = first === BRACE || first === BRACKET
    if (!this.#isOpen && JSON_BEGINNINGS.has(first)) this.#structure = Structure.of(bytes)
  }

  /** Undefined for a text that is no JSON. */
  get structure(): Structure | undefined {
    if (this.#isOpen) {
      const read = Structure.ofMessage(this.bytes)
      this.#structure = typeof read === 'object' ? read : undefined
      this.#isTooDeep = read === 'too-deep'
      this.#isOpen = false
    }
    return this.#structure
  }

  /**
   * A message that nests deeper than any that may pass: read as a text, its keys would say nothing. What stands in a message is
   * nothing else than a text there. Only known once the structure was asked for.
   */
  get isTooDeep(): boolean {
    return this.#isTooDeep && !this.isPart
  }

  /** Whether it begins as JSON does. Whether it is some to the end is only known once its structure was asked for. */
  get isJson(): boolean {
    return this.#isOpen || this.#structure !== undefined
  }

  text(start: number, end: number): string {
    this.#texts ??= new ReadOnce(this.bytes)
    return this.#texts.text(start, end)
  }
}

const JSON_BEGINNINGS = new Set(Array.from('"-0123456789tfn', (letter) => letter.charCodeAt(0)))

const BRACE = 0x7b
const BRACKET = 0x5b

function firstByte(bytes: Uint8Array): number {
  let at = 0
  while (at < bytes.length && (bytes[at] ?? 0) <= 0x20) at++
  return bytes[at] ?? 0
}
