// The life of records after they are sealed: retention, holds, erasure. This file: who else keeps something of a record.
import type { SeqRange } from '../../audit/tombstone.ts'
import { indexHooks } from '../search/hooks.ts'

/** Told after the tombstone is durable and the content is deleted, and again after a crash: what they do is idempotent. */
export interface LifeHooks {
  /** Content of these records is gone, wholly or in part. */
  erased(records: { readonly ranges: readonly SeqRange[] }): void | Promise<void>
  /** Content of a class and UTC day (`2026-11-22`) is gone, as far as it lies in these ranges. */
  expired(gone: {
    readonly class: number
    readonly day: string
    readonly ranges: readonly SeqRange[]
  }): void | Promise<void>
}

/** Those of a data folder. */
export function lifeHooks(dataFolder: string): LifeHooks {
  return indexHooks(dataFolder)
}
