import type { JsonObject } from '../../base/json.ts'
import type { EntryKind } from '../../audit/entry.ts'
import type { Origin } from '../../audit/origin.ts'
import type { RetentionClass } from '../../audit/retention-class.ts'
import type { MasterKey } from '../../credentials/master-key.ts'

export interface LifeThreadData {
  readonly dataFolder: string
  readonly folder: string
  readonly origin: Origin
  readonly master: MasterKey
  readonly classes: readonly RetentionClass[]
  readonly capBytes: number | undefined
  readonly segmentBytes: number
}

/** To the thread that looks after sealed records. */
export type LifeOrder =
  | { readonly kind: 'appended'; readonly id: number; readonly seq: number }
  | { readonly kind: 'refused'; readonly id: number; readonly why: string }
  /** There is no room for another segment. */
  | { readonly kind: 'full' }
  | { readonly kind: 'close' }

/** From it. */
export type LifeReport =
  | { readonly kind: 'append'; readonly id: number; readonly entry: EntryKind; readonly members: JsonObject }
  | { readonly kind: 'roll' }
  | {
      readonly kind: 'room'
      readonly freeBytes: number
      readonly fullInMs: number | undefined
      readonly alarm: 'week' | 'day' | 'hour' | undefined
      readonly full: boolean
    }
  | { readonly kind: 'trouble'; readonly why: string | undefined }
