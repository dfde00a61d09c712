import type { DatabaseSync } from 'node:sqlite'
import type { Micros } from '../../base/clock.ts'
import type { JsonObject } from '../../base/json.ts'
import type { EntryKind } from '../../audit/entry.ts'
import type { Origin } from '../../audit/origin.ts'
import type { RetentionClass } from '../../audit/retention-class.ts'
import type { KeyRing } from '../packs/keys.ts'
import type { LifeHooks } from './hooks.ts'

/** What everything here works with. One thread at a time uses it. */
export interface Life {
  /** The data folder. */
  readonly dataFolder: string
  /** Of the stream: above `wal/`. */
  readonly folder: string
  readonly origin: Origin
  readonly database: DatabaseSync
  readonly keys: KeyRing
  readonly classes: readonly RetentionClass[]
  /** Appends a record of the log's own class; resolves with its seq once it is durable. */
  readonly append: (kind: EntryKind, members: JsonObject) => Promise<number>
  /** Ends the running segment, so that it can be sealed. */
  readonly roll: () => void
  readonly now: () => Micros
  readonly hooks: LifeHooks
  /** For tests: called before each step; what it throws is a crash there. */
  readonly before?: ((step: LifeStep) => void) | undefined
}

export type LifeStep = 'plan' | 'tombstone' | 'list' | 'delete' | 'hooks' | 'done' | 'forget'
