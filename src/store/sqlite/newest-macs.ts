import { toHex } from '../../base/bytes.ts'

/** Rows that were written lately; what was written longer ago than so many can be put back only over a restart. */
const KEPT_MAX = 20_000

/** The last MAC of each row that this process wrote: an older row, which was genuine once, does not pass for the newest. */
export class NewestMacs {
  readonly #macs = new Map<string, string>()

  wrote(id: string, mac: Uint8Array): void {
    this.#macs.delete(id)
    this.#macs.set(id, toHex(mac))
    const [oldest] = this.#macs.keys()
    if (this.#macs.size > KEPT_MAX && oldest !== undefined) this.#macs.delete(oldest)
  }

  /** False where another one was written since. */
  mayBe(id: string, mac: Uint8Array): boolean {
    const newest = this.#macs.get(id)
    return newest === undefined || newest === toHex(mac)
  }
}
