import { decodeUtf8 } from '../base/bytes.ts'
import { Structure } from './structure/structure.ts'

/** One message: its bytes, and where in it what stands, as soon as somebody asks. */
export class Document {
  readonly bytes: Uint8Array
  #structure: Structure | undefined
  #isRead = false
  readonly #begins: boolean

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.#begins = mayBeJson(bytes)
  }

  /** Undefined for a text that is no JSON. */
  get structure(): Structure | undefined {
    if (!this.#isRead) {
      this.#structure = this.#begins ? Structure.of(this.bytes) : undefined
      this.#isRead = true
    }
    return this.#structure
  }

  /** Whether it begins as JSON does. Whether it is some to the end is only known once its structure was asked for. */
  get isJson(): boolean {
    return this.#begins && (!this.#isRead || this.#structure !== undefined)
  }

  text(start: number, end: number): string {
    return decodeUtf8(this.bytes, start, end)
  }
}

const JSON_BEGINNINGS = new Set([...'{["-0123456789tfn'].map((letter) => letter.charCodeAt(0)))

function mayBeJson(bytes: Uint8Array): boolean {
  let at = 0
  while (at < bytes.length && (bytes[at] ?? 0) <= 0x20) at++
  return JSON_BEGINNINGS.has(bytes[at] ?? 0)
}
