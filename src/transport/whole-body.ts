import { GatewayError } from '../base/assert.ts'
import type { BudgetShare } from './buffer-budget.ts'
import { GrowingBytes } from '../base/growing-bytes.ts'

/** A body that is read to its end before anybody sees it. */
export class WholeBody {
  readonly #bytesMax: number
  readonly #share: BudgetShare
  readonly #bytes: GrowingBytes

  /** Throws `upstream_too_large` when the announced length is beyond `bytesMax`. */
  constructor(options: { bytesMax: number; announced: string | undefined; share: BudgetShare }) {
    this.#bytesMax = options.bytesMax
    this.#share = options.share
    const announced = Number(options.announced ?? 0)
    if (announced > this.#bytesMax) throw this.#tooLarge()
    this.#bytes = new GrowingBytes(announced)
  }

  /** False: read no further until the share's `resume` is called. */
  push(chunk: Uint8Array): boolean {
    if (this.#bytes.length + chunk.length > this.#bytesMax) throw this.#tooLarge()
    this.#bytes.append(chunk)
    return this.#share.take(chunk.length)
  }

  /** The whole body. It counts against the budget until `close`. */
  end(): Uint8Array {
    this.#share.settle(true)
    return this.#bytes.take()
  }

  close(): void {
    this.#bytes.clear()
    this.#share.close()
  }

  #tooLarge(): GatewayError {
    this.#share.close()
    return new GatewayError('upstream_too_large', `The MCP server's reply is larger than ${this.#bytesMax} bytes.`)
  }
}
