import type { Schema } from '../policy/check-shape.ts'
import { RECEIPTS } from './config.ts'

/** For all connections under `audit`, and for one in its own document, which goes first. */
export function receiptsSchema(value: (typeof RECEIPTS)[number] | undefined): Schema {
  return {
    enum: [...RECEIPTS],
    ...(value === undefined ? {} : { default: value }),
    description:
      'Signed receipts for clients: off, a signature for each record, or one for all that reach the disk together.',
  }
}
