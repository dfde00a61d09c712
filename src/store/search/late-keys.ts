import type { KeyObject } from 'node:crypto'
import type { MasterKey } from '../../credentials/master-key.ts'
import { openPackKeys, type PackKeys } from '../packs/keys.ts'

/** Keys of sealed records, opened once there are any: a new gateway has none until it has sealed something. */
export class LateKeys implements PackKeys, Disposable {
  readonly #dataFolder: string
  readonly #master: MasterKey
  #open: (PackKeys & Disposable) | undefined

  constructor(dataFolder: string, master: MasterKey) {
    this.#dataFolder = dataFolder
    this.#master = master
  }

  keyOf(id: Uint8Array): KeyObject | undefined {
    this.#open ??= openPackKeys(this.#dataFolder, this.#master)
    return this.#open?.keyOf(id)
  }

  /** A key that was shredded is not to be remembered here. */
  forget(): void {
    this.#open?.[Symbol.dispose]()
    this.#open = undefined
  }

  [Symbol.dispose](): void {
    this.forget()
  }
}
