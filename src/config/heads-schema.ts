import type { Schema } from '../policy/check-shape.ts'
import { duration, object } from './schema-parts.ts'

/** When heads of the log are signed: the keys of `audit` that say so. */
export function headsSchema(): Readonly<Record<string, Schema>> {
  return {
    heartbeat: duration('How often the log says that it is alive, also while nothing happens.', '60s'),
    checkpoints: object(
      { every: duration('At most one signed head in that time.', '1s') },
      { description: 'Signed heads of the log.' },
    ),
  }
}
