import { createSecretKey, randomBytes } from 'node:crypto'
import { type AlteredRow, RowMac } from '../../src/store/sqlite/row-mac.ts'

const KEY_BYTES = 32

/** With a key of its own; `onAltered`: what is told of rows of others. */
export function newRowMac(onAltered: (altered: AlteredRow) => void = () => undefined): RowMac {
  return new RowMac(createSecretKey(randomBytes(KEY_BYTES)), onAltered)
}
