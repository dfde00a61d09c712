import { createHmac, type KeyObject } from 'node:crypto'
import type { SQLOutputValue } from 'node:sqlite'
import { equalSecret } from '../../base/bytes.ts'

/** A row that is not as this gateway wrote it. */
export interface AlteredRow {
  readonly table: string
  /** What names the row in its table. */
  readonly row: string
}

/** More rows than this are not told apart any more: each is told of again. */
const TOLD_MAX = 1_000

/**
 * Says of rows that something hangs on whether this gateway wrote them. Whoever can write control.db could else agree in the
 * name of others; the key is derived from the master key, which is not in that file. What it cannot say is whether a row is
 * the last one that was written: see `NewestMacs`.
 */
export class RowMac {
  readonly #key: KeyObject
  readonly #onAltered: (altered: AlteredRow) => void
  readonly #told = new Set<string>()

  constructor(key: KeyObject, onAltered: (altered: AlteredRow) => void) {
    this.#key = key
    this.#onAltered = onAltered
  }

  of(table: string, values: readonly SQLOutputValue[]): Uint8Array {
    // As JSON no value can reach into the next one.
    return createHmac('sha256', this.#key)
      .update(JSON.stringify([table, ...values]))
      .digest()
  }

  holds(mac: SQLOutputValue | undefined, table: string, values: readonly SQLOutputValue[]): boolean {
    return mac instanceof Uint8Array && equalSecret(mac, this.of(table, values))
  }

  /** Tells of a row once. */
  tellAltered(table: string, row: string): void {
    const name = `${table}\0${row}`
    if (this.#told.has(name)) return
    if (this.#told.size >= TOLD_MAX) this.#told.clear()
    this.#told.add(name)
    this.#onAltered({ table, row })
  }
}
