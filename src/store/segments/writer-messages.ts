import type { Batch } from './batch.ts'
import type { IssuedReceipt } from './issue-receipts.ts'
import type { WriterOptions } from './writer.ts'

/** How a test breaks the disk. Nothing that a user can configure reaches it. */
export interface Faults {
  /** URL of a module that exports `wrapIo(io, data)`. */
  readonly module: string
  /** Must be able to change threads; a SharedArrayBuffer lets the test change its mind. */
  readonly data: unknown
}

export interface WriterThreadData {
  readonly options: WriterOptions
  /** Where the stream hands in its heads. */
  readonly logOfLogs: WriterOptions
  readonly rhythm: Rhythm
  readonly faults: Faults | undefined
}

export interface Rhythm {
  /** At most one head in so many milliseconds. */
  readonly headMs: number
  /** How often the newest head goes to the log of logs. */
  readonly handInMs: number
}

/** What the writer tells whoever runs it. */
export interface WriterEvents {
  /** Records of the main thread, from this seq on, are durable. */
  readonly onDurable: (firstSeq: number, records: number, more: Durable) => void
  readonly onRoom: (trouble: unknown) => void
  /** No head could be published, and why; with nothing: it could. */
  readonly onHeads: (trouble: unknown) => void
}

export interface Durable {
  readonly bytes: number
  readonly syncMicros: number
  /** Of those whose clients want one; undefined where nobody does. */
  readonly receipts: readonly IssuedReceipt[] | undefined
}

/** To the writer's thread. */
export type WriterOrder =
  | { readonly kind: 'append'; readonly batch: Batch }
  /** Ends the running segment, so that it can be sealed. */
  | { readonly kind: 'roll' }
  | { readonly kind: 'close' }

/** From the writer's thread. */
export type WriterReport =
  | { readonly kind: 'ready'; readonly nextSeq: number }
  | ({ readonly kind: 'durable'; readonly firstSeq: number; readonly records: number } & Durable)
  | { readonly kind: 'room'; readonly trouble: Trouble | undefined }
  /** A head was published: what it covers may not be contradicted any more. */
  | { readonly kind: 'head'; readonly size: number }
  /** Why no head can be published; nothing once it can again. */
  | { readonly kind: 'heads'; readonly trouble: Trouble | undefined }
  | { readonly kind: 'failed'; readonly trouble: Trouble }
  | { readonly kind: 'closed' }

/** An error, as far as it can change threads. */
export interface Trouble {
  /** `ENOSPC`, `EIO`, `segment_damaged`, … */
  readonly code: string
  readonly message: string
}

export function troubleOf(failure: unknown): Trouble {
  const message = failure instanceof Error ? failure.message : String(failure)
  const code = failure instanceof Error && 'code' in failure ? failure.code : undefined
  return { code: typeof code === 'string' ? code : 'bug', message }
}
