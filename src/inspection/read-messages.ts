import { isObject } from '../base/json.ts'
import type { Dialect, Facts } from '../facts/facts.ts'
import type { ToRead } from '../facts/read-facts.ts'

/** To the thread: one call to read. */
export interface ReadOrder {
  readonly toRead: ToRead
}

/** From the thread. */
export type ReadReport = { readonly kind: 'ready' } | { readonly kind: 'read'; readonly facts: Facts }

export interface ReadThreadData {
  readonly dialects: readonly Dialect[]
}

export function isReadReport(value: unknown): value is ReadReport {
  return isObject(value) && (value['kind'] === 'ready' || (value['kind'] === 'read' && isObject(value['facts'])))
}
